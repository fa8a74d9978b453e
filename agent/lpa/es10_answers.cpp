#include "agent/lpa/es10.hpp"

#include "agent/lpa/codes.hpp"
#include "agent/lpa/error.hpp"

#include <algorithm>

namespace agent::lpa {
namespace {

using platform::text_of;

failure malformed_card_answer(const char* what)
{
    return {errc::malformed_tlv, std::string("the card's answer: ") + what};
}

std::string text_in(const std::optional<tlv>& from)
{
    return from ? std::string(text_of(from->value)) : std::string();
}

bytes octets(byte_view from)
{
    return {from.begin(), from.end()};
}

/// "2.3.0" for 020300.
std::string version(const std::optional<tlv>& from)
{
    std::string out;
    if (!from)
        return out;
    for (std::uint8_t part : from->value)
        out += (out.empty() ? "" : ".") + std::to_string(part);
    return out;
}

std::vector<bytes> key_ids(const std::optional<tlv>& list)
{
    std::vector<bytes> out;
    if (!list)
        return out;
    auto ids = read_tlvs(list->value);
    if (!ids)
        return out;
    for (const tlv& id : *ids)
        out.push_back(octets(id.value));
    return out;
}

/// The bit with this number of a BIT STRING (X.690, 8.6).
bool bit(const std::optional<tlv>& from, unsigned number)
{
    std::size_t octet = 1 + number / 8;
    return from && octet < from->value.size() && (from->value[octet] >> (7 - number % 8) & 1U) != 0;
}

policy_rules rules_in(const std::optional<tlv>& ids)
{
    return {.forbids_disable = bit(ids, 1), .forbids_delete = bit(ids, 2)};
}

profile_class class_in(const std::optional<tlv>& from, profile_class otherwise)
{
    auto number = from ? unsigned_in(*from) : std::nullopt;
    if (!number)
        return otherwise;
    return *number < 3 ? static_cast<profile_class>(*number) : profile_class::unknown;
}

operation operation_in(const std::optional<tlv>& bits)
{
    if (bit(bits, 0))
        return operation::install;
    if (bit(bits, 1))
        return operation::enable;
    if (bit(bits, 2))
        return operation::disable;
    return bit(bits, 3) ? operation::remove : operation::other;
}

std::optional<notification> notification_in(const tlv& metadata)
{
    auto sequence = child(metadata, 0x80);
    auto number = sequence ? plain_unsigned_in(*sequence) : std::nullopt;
    if (!number)
        return std::nullopt;
    auto iccid = child(metadata, 0x5a);
    return notification{.sequence = *number,
        .what = operation_in(child(metadata, 0x81)),
        .address = text_in(child(metadata, 0x0c)),
        .iccid = iccid ? agent::iccid::from_bcd(iccid->value) : agent::iccid()};
}

result<void> check_answer(
    byte_view answer, std::uint32_t tag, std::uint32_t error_tag, failure (*meaning)(int))
{
    auto whole = read_only_tlv(answer, tag);
    if (!whole)
        return whole.error();
    if (child(*whole, 0xa0))
        return {};
    std::optional<tlv> code = child(*whole, error_tag);
    if (code && code->is_constructed())
        code = child(*code, 0x02);
    auto number = code ? unsigned_in(*code) : std::nullopt;
    if (!number)
        return malformed_card_answer("neither a result nor an error");
    return meaning(static_cast<int>(*number));
}

/// MCC and MNC with "E" for any digit (2.9.2.2).
bool matches_operator(byte_view pattern, byte_view mcc_mnc)
{
    std::string wanted = platform::to_hex(pattern);
    std::string given = platform::to_hex(mcc_mnc);
    if (wanted == "EEEEEE")
        return true;
    return wanted.size() == given.size()
           && std::ranges::equal(
               wanted, given, [](char one, char two) { return one == 'E' || one == two; });
}

bool names_operator(const authorisation_rule& row, const operator_id& owner)
{
    return std::ranges::any_of(row.operators, [&](const operator_id& allowed) {
        return matches_operator(allowed.mcc_mnc, owner.mcc_mnc)
               && (allowed.gid1.empty() || allowed.gid1 == owner.gid1)
               && (allowed.gid2.empty() || allowed.gid2 == owner.gid2);
    });
}

operator_id operator_in(const tlv& from)
{
    auto value = [&from](std::uint32_t tag) {
        auto found = child(from, tag);
        return found ? octets(found->value) : bytes();
    };
    return {.mcc_mnc = value(0x80), .gid1 = value(0x81), .gid2 = value(0x82)};
}

}  // namespace

result<std::string> read_eid(byte_view answer)
{
    auto whole = read_only_tlv(answer, 0xbf3e);
    if (!whole)
        return whole.error();
    auto eid = child(*whole, 0x5a);
    if (!eid || eid->value.size() != 16)
        return malformed_card_answer("no EID of 32 digits");
    return platform::to_hex(eid->value);
}

result<euicc_info> read_euicc_info(byte_view answer)
{
    auto whole = read_tlv(answer);
    if (!whole)
        return whole.error();
    bool is_info = whole->tag == 0xbf20 || whole->tag == 0xbf22;
    if (!is_info || whole->whole.size() != answer.size())
        return malformed_card_answer("no eUICC information");
    euicc_info out;
    out.whole = octets(answer);
    out.svn = version(child(*whole, 0x82));
    out.verification_keys = key_ids(child(*whole, 0xa9));
    out.signing_keys = key_ids(child(*whole, 0xaa));
    out.profile_version = version(child(*whole, 0x81));
    out.firmware = version(child(*whole, 0x83));
    out.accreditation = text_in(child(*whole, 0x0c));
    // ExtCardResourceInfo (ETSI TS 102 226, 8.2.1.7.2): 82 is the free non-volatile memory.
    auto resources = child(*whole, 0x84);
    auto memory = resources ? child(*resources, 0x82) : std::nullopt;
    if (memory && !memory->value.empty() && memory->value.size() <= 8) {
        std::uint64_t size = 0;
        for (std::uint8_t octet : memory->value)
            size = size << 8 | octet;
        out.free_memory = size;
    }
    return out;
}

result<bytes> read_challenge(byte_view answer)
{
    auto whole = read_only_tlv(answer, 0xbf2e);
    if (!whole)
        return whole.error();
    auto challenge = child(*whole, 0x80);
    if (!challenge || challenge->value.size() != 16)
        return malformed_card_answer("no challenge of 16 octets");
    return octets(challenge->value);
}

result<configured_addresses> read_configured_addresses(byte_view answer)
{
    auto whole = read_only_tlv(answer, 0xbf3c);
    if (!whole)
        return whole.error();
    return configured_addresses{
        .default_smdp = text_in(child(*whole, 0x80)), .root_smds = text_in(child(*whole, 0x81))};
}

result<std::vector<authorisation_rule>> read_rules_authorisation_table(byte_view answer)
{
    auto whole = read_only_tlv(answer, 0xbf43);
    if (!whole)
        return whole.error();
    std::vector<authorisation_rule> out;
    auto table = child(*whole, 0xa0);
    auto rows = read_tlvs(table ? table->value : byte_view());
    if (!rows)
        return rows.error();
    for (const tlv& row : *rows) {
        authorisation_rule rule;
        rule.rules = rules_in(child(row, 0x80));
        rule.needs_consent = bit(child(row, 0x82), 0);
        auto allowed = child(row, 0xa1);
        auto operators = read_tlvs(allowed ? allowed->value : byte_view());
        if (!operators)
            return operators.error();
        for (const tlv& each : *operators)
            if (child(each, 0x80))
                rule.operators.push_back(operator_in(each));
        out.push_back(std::move(rule));
    }
    return out;
}

result<std::vector<profile>> read_profiles(byte_view answer)
{
    auto whole = read_only_tlv(answer, 0xbf2d);
    if (!whole)
        return whole.error();
    auto list = child(*whole, 0xa0);
    if (!list && !whole->value.empty())
        return failure(errc::card_problem, "the card does not list its profiles");
    auto entries = read_tlvs(list ? list->value : byte_view());
    if (!entries)
        return entries.error();
    std::vector<profile> out;
    for (const tlv& entry : *entries) {
        profile one;
        if (auto iccid = child(entry, 0x5a))
            one.iccid = agent::iccid::from_bcd(iccid->value);
        one.is_odd = entry.tag != 0xe3 || one.iccid.empty();
        if (auto aid = child(entry, 0x4f))
            one.isdp_aid = octets(aid->value);
        auto state = child(entry, 0x9f70);
        bool is_enabled = state && unsigned_in(*state) == std::uint64_t{1};
        one.state = is_enabled ? profile_state::enabled : profile_state::disabled;
        one.nickname = text_in(child(entry, 0x90));
        one.service_provider = text_in(child(entry, 0x91));
        one.name = text_in(child(entry, 0x92));
        one.kind = class_in(child(entry, 0x95), profile_class::unknown);
        one.rules = rules_in(child(entry, 0x99));
        out.push_back(std::move(one));
    }
    return out;
}

result<std::vector<notification>> read_notifications(byte_view answer)
{
    auto whole = read_only_tlv(answer, 0xbf28);
    if (!whole)
        return whole.error();
    auto list = child(*whole, 0xa0);
    if (!list && !whole->value.empty())
        return failure(errc::card_problem, "the card does not list its notifications");
    auto entries = read_tlvs(list ? list->value : byte_view());
    if (!entries)
        return entries.error();
    std::vector<notification> out;
    for (const tlv& entry : *entries) {
        auto one = entry.tag == 0xbf2f ? notification_in(entry) : std::nullopt;
        notification odd;
        odd.is_odd = true;
        out.push_back(one ? std::move(*one) : odd);
    }
    std::ranges::sort(out, {}, &notification::sequence);
    return out;
}

result<pending_notification> read_pending_notification(byte_view answer)
{
    auto whole = read_only_tlv(answer, 0xbf2b);
    if (!whole)
        return whole.error();
    auto list = child(*whole, 0xa0);
    if (!list || list->value.empty())
        return failure(errc::no_such_notification);
    auto first = read_tlv(list->value);
    if (!first)
        return first.error();
    auto about = first->tag == 0xbf37 ? descend(*first, {0xbf27, 0xbf2f}) : child(*first, 0xbf2f);
    auto read = about ? notification_in(*about) : std::nullopt;
    if (!read)
        return malformed_card_answer("a notification without its metadata");
    return pending_notification{.about = std::move(*read), .whole = octets(first->whole)};
}

result<profile_metadata> read_metadata(byte_view data)
{
    auto whole = read_only_tlv(data, 0xbf25);
    if (!whole)
        return whole.error();
    auto iccid = child(*whole, 0x5a);
    if (!iccid || iccid->value.size() != 10)
        return failure(errc::malformed_es9, "profile metadata without an ICCID");
    profile_metadata out;
    out.iccid = agent::iccid::from_bcd(iccid->value);
    out.service_provider = text_in(child(*whole, 0x91));
    out.name = text_in(child(*whole, 0x92));
    out.kind = class_in(child(*whole, 0x95), profile_class::operational);
    out.rules = rules_in(child(*whole, 0x99));
    if (auto owner = child(*whole, 0xb7))
        out.owner = operator_in(*owner);
    return out;
}

std::optional<installation_result> read_installation_result(byte_view answer)
{
    auto whole = read_only_tlv(answer, 0xbf37);
    if (!whole)
        return std::nullopt;
    auto data = child(*whole, 0xbf27);
    auto about = data ? child(*data, 0xbf2f) : std::nullopt;
    auto transaction = data ? child(*data, 0x80) : std::nullopt;
    auto outcome = data ? child(*data, 0xa2) : std::nullopt;
    auto read = about ? notification_in(*about) : std::nullopt;
    if (!read || !transaction || !outcome)
        return std::nullopt;
    installation_result out;
    out.transaction_id = octets(transaction->value);
    out.about = std::move(*read);
    out.whole = octets(whole->whole);
    out.is_installed = child(*outcome, 0xa0).has_value();
    if (auto aid = descend(*outcome, {0xa0, 0x4f}))
        out.isdp_aid = octets(aid->value);
    auto error = child(*outcome, 0xa1);
    auto number = [&](std::uint32_t tag) {
        auto code = error ? child(*error, tag) : std::nullopt;
        return code ? static_cast<int>(unsigned_in(*code).value_or(127)) : 127;
    };
    if (!out.is_installed) {
        out.command = number(0x80);
        out.reason = number(0x81);
    }
    return out;
}

result<int> read_result_code(byte_view answer, std::uint32_t tag)
{
    auto whole = read_only_tlv(answer, tag);
    if (!whole)
        return whole.error();
    auto code = child(*whole, 0x80);
    auto number = code ? unsigned_in(*code) : std::nullopt;
    if (!number || *number > 127)
        return malformed_card_answer("no result code");
    return static_cast<int>(*number);
}

result<signed_session> read_server_signed1(byte_view data)
{
    auto whole = read_only_tlv(data, 0x30);
    if (!whole)
        return failure(errc::malformed_es9, "serverSigned1");
    auto transaction = child(*whole, 0x80);
    auto challenge = child(*whole, 0x81);
    auto address = child(*whole, 0x83);
    bool is_complete = transaction && challenge && address && !transaction->value.empty()
                       && transaction->value.size() <= 16;
    if (!is_complete)
        return failure(errc::malformed_es9, "serverSigned1 is incomplete");
    return signed_session{.transaction_id = octets(transaction->value),
        .euicc_challenge = octets(challenge->value),
        .server_address = text_in(address)};
}

result<signed_offer> read_smdp_signed2(byte_view data)
{
    auto whole = read_only_tlv(data, 0x30);
    if (!whole)
        return failure(errc::malformed_es9, "smdpSigned2");
    auto transaction = child(*whole, 0x80);
    auto flag = child(*whole, 0x01);
    if (!transaction || !flag || flag->value.size() != 1)
        return failure(errc::malformed_es9, "smdpSigned2 is incomplete");
    return signed_offer{.transaction_id = octets(transaction->value),
        .needs_confirmation_code = flag->value[0] != 0};
}

result<void> check_authenticate_answer(byte_view answer)
{
    return check_answer(answer, 0xbf38, 0xa1, authenticate_failure);
}

result<void> check_prepare_answer(byte_view answer)
{
    return check_answer(answer, 0xbf21, 0xa1, prepare_failure);
}

result<void> check_cancel_answer(byte_view answer)
{
    return check_answer(answer, 0xbf41, 0x81, cancel_failure);
}

bool is_same_offer(const profile_metadata& one, const profile_metadata& two)
{
    return one.iccid == two.iccid && one.service_provider == two.service_provider
           && one.name == two.name && one.kind == two.kind && one.rules == two.rules
           && one.owner == two.owner;
}

bool are_rules_allowed(const std::vector<authorisation_rule>& table, const policy_rules& wanted,
    const operator_id& owner, bool& needs_consent)
{
    bool is_allowed = true;
    for (auto rule : {&policy_rules::forbids_disable, &policy_rules::forbids_delete}) {
        if (!(wanted.*rule))
            continue;
        auto found = std::ranges::find_if(table, [&](const authorisation_rule& row) {
            return row.rules.*rule && names_operator(row, owner);
        });
        is_allowed = is_allowed && found != table.end();
        needs_consent = needs_consent || (found != table.end() && found->needs_consent);
    }
    return is_allowed;
}

}  // namespace agent::lpa
