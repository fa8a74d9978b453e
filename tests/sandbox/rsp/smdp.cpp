#include "tests/sandbox/rsp/smdp.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace sandbox::rsp {
namespace {

namespace json = boost::json;
using platform::to_hex;
using platform::view_of;

constexpr int most_installations = 5;
constexpr int most_wrong_codes = 3;
constexpr int usual_size = 12'000;
constexpr std::size_t block_size = 1'007;  // so that a protected block has 1,020 octets
constexpr std::size_t metadata_block = 1'008;

/// How a function is refused (SGP.22, 5.2.6).
struct refusal {
    std::string subject;
    std::string reason;
    std::string message = {};
};

std::string base64(byte_view data)
{
    return sandbox::to_base64(data);
}

bytes from_json(const json::object& from, const char* name)
{
    const json::value* text = from.if_contains(name);
    auto decoded = text != nullptr && text->is_string() ? sandbox::from_base64(
                       {text->get_string().data(), text->get_string().size()})
                                                        : std::nullopt;
    if (!decoded)
        throw refusal{"1.6", "2.1", std::string(name) + " is missing or no base64"};
    return std::move(*decoded);
}

tlv only(byte_view data, std::uint32_t tag)
{
    auto found = read_only_tlv(data, tag);
    if (!found)
        throw refusal{"1.6", "2.1", "not the expected object"};
    return *found;
}

tlv needed(const std::optional<tlv>& found)
{
    if (!found)
        throw refusal{"1.6", "2.2", "an object is missing"};
    return *found;
}

bytes joined(std::initializer_list<byte_view> parts)
{
    bytes out;
    for (byte_view part : parts)
        platform::append(out, part);
    return out;
}

/// A profile with a header (PE-Header), something opaque, and an end (PE-End).
bytes profile_package(const bytes& iccid, int size)
{
    const std::uint8_t version[] = {2, 3};
    bytes header = make_tlv(0xa0,
        {make_tlv(0x80, byte_view(version).first(1)), make_tlv(0x81, byte_view(version).last(1)),
            make_tlv(0x82, view_of("sandbox")), make_tlv(0x83, iccid)});
    bytes end = *platform::from_hex("AA05A003810163");
    auto filler = static_cast<std::size_t>(std::max(16, size - 70));
    return joined({header, make_tlv(0xbf35, random_bytes(filler)), end});
}

std::vector<byte_view> cut(byte_view data, std::size_t size)
{
    std::vector<byte_view> out;
    for (std::size_t at = 0; at < data.size(); at += size)
        out.push_back(data.subspan(at, std::min(size, data.size() - at)));
    return out;
}

}  // namespace

smdp::smdp(const test_pki& issuer, std::string address, orders& known, faults& active,
    std::function<void(const std::string&, const std::string&)> installed)
    : issuer_(issuer)
    , address_(std::move(address))
    , orders_(known)
    , faults_(active)
    , installed_(std::move(installed))
{
}

response smdp::operator()(const request& asked)
{
    constexpr std::string_view path = "/gsma/rsp2/es9plus/";
    if (!asked.path.starts_with(path) || asked.method != "POST")
        return {.status = 404, .body = ""};
    bool is_es9 = asked.content_type.starts_with("application/json")
                  && asked.admin_protocol.starts_with("gsma/rsp/v2.");
    if (!is_es9)
        return {.status = 400, .body = ""};
    std::string function = asked.path.substr(path.size());
    ++counts_[function];
    json::object answer;
    json::object status{{"status", "Executed-Success"}};
    try {
        boost::system::error_code ec;
        json::value parsed = json::parse(asked.body, ec);
        if (ec || !parsed.is_object())
            throw refusal{"1.6", "2.1", "no JSON object"};
        const json::object& body = parsed.get_object();
        if (function == "initiateAuthentication")
            answer = initiate_authentication(body);
        else if (function == "authenticateClient")
            answer = authenticate_client(body);
        else if (function == "getBoundProfilePackage")
            answer = get_bound_profile_package(body);
        else if (function == "cancelSession")
            answer = cancel_session(body);
        else if (function == "handleNotification")
            handle_notification(body);
        else
            return {.status = 404, .body = ""};
    } catch (const refusal& why) {
        status = {{"status", "Failed"},
            {"statusCodeData", {{"subjectCode", why.subject}, {"reasonCode", why.reason},
                                   {"message", why.message}}}};
        answer.clear();
    } catch (const std::runtime_error& why) {  // OpenSSL's word on what the card sent
        status = {{"status", "Failed"},
            {"statusCodeData",
                {{"subjectCode", "8.1"}, {"reasonCode", "6.1"}, {"message", why.what()}}}};
        answer.clear();
    }
    bool is_accepted =
        function == "handleNotification" && status.at("status") == "Executed-Success";
    if (is_accepted)
        return {.status = 204, .body = ""};
    answer["header"] = {{"functionExecutionStatus", std::move(status)}};
    return {.body = json::serialize(answer)};
}

bool smdp::strikes(fault_kind kind, const char* function)
{
    return faults_.strike(kind, std::string("/es9plus/") + function);
}

json::object smdp::counts() const
{
    json::object out;
    for (const auto& [name, count] : counts_)
        out[name] = count;
    return out;
}

json::object smdp::initiate_authentication(const json::object& asked)
{
    const char* const name = "initiateAuthentication";
    const json::value* address = asked.if_contains("smdpAddress");
    bool is_here = address != nullptr && address->is_string() && address->get_string() == address_;
    if (!is_here)
        throw refusal{"8.8.1", "3.8", "Invalid SM-DP+ Address"};
    tlv info = only(from_json(asked, "euiccInfo1"), 0xbf20);
    bytes kept = from_json(asked, "euiccInfo1");
    info = only(kept, 0xbf20);
    bytes own_key = issuer_.ci().subject_key_id();
    auto lists = [&](std::uint32_t tag) {
        auto keys = read_tlvs(needed(child(info, tag)).value);
        return keys && std::ranges::any_of(*keys, [&](const tlv& each) {
            return std::ranges::equal(each.value, own_key);
        });
    };
    if (!lists(0xa9))
        throw refusal{"8.8.4", "3.7", "no certificate for this eUICC"};
    if (!lists(0xaa))
        throw refusal{"8.8.2", "3.1", "the eUICC cannot sign for this CI"};

    session made;
    made.transaction_id = random_bytes(16);
    made.challenge = random_bytes(16);
    bytes challenge = from_json(asked, "euiccChallenge");
    if (strikes(fault_kind::wrong_challenge, name))
        challenge.back() ^= 1U;
    std::string said = strikes(fault_kind::wrong_address, name) ? "elsewhere.example" : address_;
    bytes signed1 =
        make_tlv(0x30, {make_tlv(0x80, made.transaction_id), make_tlv(0x81, challenge),
                           make_tlv(0x83, view_of(said)), make_tlv(0x84, made.challenge)});
    certificate auth = issuer_.auth();
    bytes signature = sign(auth.key(), signed1);
    if (strikes(fault_kind::bad_signature1, name))
        signature.back() ^= 1U;
    if (strikes(fault_kind::unknown_ci, name))
        own_key.back() ^= 1U;
    std::string id = to_hex(made.transaction_id);
    sessions_[id] = std::move(made);
    std::string named = strikes(fault_kind::wrong_transaction, name) ? std::string(32, '0') : id;
    return {{"transactionId", named}, {"serverSigned1", base64(signed1)},
        {"serverSignature1", base64(signature)},
        {"euiccCiPKIdToBeUsed", base64(make_tlv(0x04, own_key))},
        {"serverCertificate", base64(auth.der())}};
}

smdp::session& smdp::session_of(const json::object& asked)
{
    const json::value* id = asked.if_contains("transactionId");
    auto found = id != nullptr && id->is_string() ? sessions_.find(std::string(id->get_string()))
                                                  : sessions_.end();
    if (found == sessions_.end())
        throw refusal{"8.10.1", "3.9", "Unknown transactionID"};
    return found->second;
}

void smdp::check_card(session& now, const tlv& answer)
{
    auto parts = read_tlvs(answer.value);
    if (!parts || parts->size() != 4)
        throw refusal{"1.6", "2.1"};
    const tlv& signed1 = (*parts)[0];
    certificate card{(*parts)[2].whole};
    certificate eum{(*parts)[3].whole};
    if (!eum.is_issued_by(issuer_.ci()) || !eum.has_policy(role_eum))
        throw refusal{"8.1.2", "6.1", "EUM certificate"};
    if (!card.is_issued_by(eum) || !card.has_policy(role_euicc))
        throw refusal{"8.1.3", "6.1", "eUICC certificate"};
    bool holds = verify(card.public_key(), (*parts)[1].value, signed1.whole)
                 && std::ranges::equal(needed(child(signed1, 0x80)).value, now.transaction_id)
                 && std::ranges::equal(needed(child(signed1, 0x84)).value, now.challenge)
                 && platform::text_of(needed(child(signed1, 0x83)).value) == address_;
    if (!holds)
        throw refusal{"8.1", "6.1", "eUICC signature"};
    now.eid = card.subject_serial_number();
    now.card_signature1.assign((*parts)[1].whole.begin(), (*parts)[1].whole.end());
    now.card.emplace(std::move(card));
    if (auto id = descend(signed1, {0xa0, 0x80}))
        now.matching_id = platform::text_of(id->value);
    // EUICCInfo2 tells how much room there is.
    auto memory = descend(signed1, {0xbf22, 0x84, 0x82});
    std::uint64_t free = 0;
    for (std::uint8_t octet : memory ? memory->value : byte_view())
        free = free << 8 | octet;
    auto wanted = orders_.find(now.matching_id);
    int size = wanted && wanted->number("size") > 0 ? wanted->number("size") : usual_size;
    if (free < static_cast<std::uint64_t>(size))
        throw refusal{"8.1", "4.8", "Insufficient Memory"};
}

order smdp::check_order(const session& now)
{
    auto wanted = orders_.find(now.matching_id);
    if (!wanted)
        throw refusal{"8.2.6", "3.8", "Unknown MatchingID"};
    if (!wanted->text("subjectCode").empty())
        throw refusal{wanted->text("subjectCode"), wanted->text("reasonCode"), "as set"};
    std::string state = wanted->text("state");
    bool is_open = state == "released" || state == "downloaded";
    if (!is_open)
        throw refusal{"8.2.6", "3.8", "MatchingID was used"};
    std::string eid = wanted->text("eid");
    if (!eid.empty() && eid != now.eid)
        throw refusal{"8.1.1", "3.8", "EID does not match"};
    if (wanted->number("installations") >= most_installations)
        throw refusal{"8.8.5", "6.4", "installed five times already"};
    return *wanted;
}

bytes smdp::metadata_of(const order& wanted) const
{
    bytes notify;
    for (const char* operation : {"0410", "0520", "0640"})
        platform::append(notify, make_tlv(0x30, {make_tlv(0x80, *platform::from_hex(operation)),
                                                    make_tlv(0x81, view_of(address_))}));
    std::string name = wanted.text("profileName");
    std::string rules = wanted.text("policyRules");  // "0640" is PPR1, "0520" PPR2
    std::string owner = wanted.text("mccMnc");
    bytes rule_part = rules.empty() ? bytes() : make_tlv(0x99, *platform::from_hex(rules));
    bytes owner_part =
        owner.empty() ? bytes() : make_tlv(0xb7, make_tlv(0x80, *platform::from_hex(owner)));
    const std::uint8_t kind[] = {2};
    return make_tlv(
        0xbf25, {make_tlv(0x5a, iccid_octets(wanted.iccid)), make_tlv(0x91, view_of("Gigastore")),
                    make_tlv(0x92, view_of(name.empty() ? "Worldwide" : name)),
                    make_tlv(0x95, kind), make_tlv(0xb6, notify), owner_part, rule_part});
}

json::object smdp::authenticate_client(const json::object& asked)
{
    const char* const name = "authenticateClient";
    session& now = session_of(asked);
    bytes given = from_json(asked, "authenticateServerResponse");
    tlv answer = only(given, 0xbf38);
    auto ok = child(answer, 0xa0);
    if (!ok) {
        sessions_.erase(to_hex(now.transaction_id));
        throw refusal{"8.1", "6.1", "the eUICC refused: " + to_hex(answer.value)};
    }
    std::string id = to_hex(now.transaction_id);
    try {
        check_card(now, *ok);
        now.metadata = metadata_of(check_order(now));
    } catch (const refusal&) {
        sessions_.erase(id);
        throw;
    }
    auto wanted = orders_.find(now.matching_id);
    const std::uint8_t flag[] = {
        wanted->text("confirmationCode").empty() ? std::uint8_t{0x00} : std::uint8_t{0xff}};
    bytes signed2 = make_tlv(0x30, {make_tlv(0x80, now.transaction_id), make_tlv(0x01, flag)});
    certificate binding = issuer_.binding();
    now.own_signature2 = sign(binding.key(), joined({signed2, now.card_signature1}));
    bytes shown = now.own_signature2;
    if (strikes(fault_kind::bad_signature2, name))
        shown.back() ^= 1U;
    return {{"transactionId", id}, {"profileMetadata", base64(now.metadata)},
        {"smdpSigned2", base64(signed2)}, {"smdpSignature2", base64(shown)},
        {"smdpCertificate", base64(binding.der())}};
}

json::object smdp::get_bound_profile_package(const json::object& asked)
{
    session& now = session_of(asked);
    std::string id = to_hex(now.transaction_id);
    if (!now.card)
        throw refusal{"8.10.1", "3.9", "not authenticated"};
    bytes given = from_json(asked, "prepareDownloadResponse");
    tlv answer = only(given, 0xbf21);
    auto ok = child(answer, 0xa0);
    if (!ok)
        throw refusal{"8.1", "6.1", "the eUICC refused: " + to_hex(answer.value)};
    auto parts = read_tlvs(ok->value);
    if (!parts || parts->size() != 2)
        throw refusal{"1.6", "2.1"};
    const tlv& signed2 = (*parts)[0];
    bool holds = verify(now.card->public_key(), (*parts)[1].value,
                     joined({signed2.whole, now.own_signature2}))
                 && std::ranges::equal(needed(child(signed2, 0x80)).value, now.transaction_id);
    if (!holds)
        throw refusal{"8.1", "6.1", "euiccSignature2"};
    order wanted = check_order(now);
    if (std::string code = wanted.text("confirmationCode"); !code.empty()) {
        auto hash = child(signed2, 0x04);
        bytes right = sha256(joined({sha256(view_of(code)), now.transaction_id}));
        if (!hash || !std::ranges::equal(hash->value, right)) {
            int wrong = wanted.number("wrongCodes") + 1;
            (*wanted.kept)["wrongCodes"] = wrong;
            bool is_over = wrong >= most_wrong_codes;
            if (is_over)
                (*wanted.kept)["state"] = "error";
            orders_.save();
            sessions_.erase(id);
            throw refusal{"8.2.7", is_over ? "6.4" : "3.8", "confirmation code"};
        }
    }
    bytes package = bind(now, wanted, needed(child(signed2, 0x5f49)).value);
    (*wanted.kept)["state"] = "downloaded";
    (*wanted.kept)["eid"] = now.eid;
    orders_.save();
    now.is_bound = true;
    results_[id] = now.matching_id;
    cards_.insert_or_assign(id, std::move(*now.card));
    now.card.emplace(cards_.at(id).der());
    return {{"transactionId", id}, {"boundProfilePackage", base64(package)}};
}

/// The package for one card and session (SGP.22, 2.5): SCP03t under session keys, then under
/// random keys of its own for the profile.
bytes smdp::bind(const session& now, const order& wanted, byte_view card_point)
{
    const char* const name = "getBoundProfilePackage";
    certificate binding = issuer_.binding();
    key_pair one_time{binding.key()};
    const std::uint8_t one[] = {1};
    const std::uint8_t aes[] = {0x88};
    const std::uint8_t length[] = {0x10};
    bytes host = *platform::from_hex("534D4450");
    bytes operation = make_tlv(0x82, one);
    bytes transaction = make_tlv(0x80, now.transaction_id);
    bytes keys =
        make_tlv(0xa6, {make_tlv(0x80, aes), make_tlv(0x81, length), make_tlv(0x84, host)});
    bytes point = make_tlv(0x5f49, one_time.public_point());
    bytes signature = sign(
        binding.key(), joined({operation, transaction, keys, point, make_tlv(0x5f49, card_point)}));
    if (strikes(fault_kind::bad_signature3, name))
        signature.back() ^= 1U;
    bytes channel = make_tlv(0xbf23, {operation, transaction, keys, point, signature});

    bsp session_keys = bsp::derive(one_time.agree(card_point), host, *platform::from_hex(now.eid));
    bytes configure =
        make_tlv(0xa0, session_keys.protect(0x87, make_tlv(0xbf24, byte_view()), true));
    bytes metadata;
    for (byte_view part : cut(now.metadata, metadata_block))
        platform::append(metadata, session_keys.protect(0x88, part, false));
    bytes chaining = random_bytes(16);
    bytes encryption = random_bytes(16);
    bytes mac = random_bytes(16);
    bytes replacement = make_tlv(
        0xbf26, {make_tlv(0x80, chaining), make_tlv(0x81, encryption), make_tlv(0x82, mac)});
    bytes replace = make_tlv(0xa2, session_keys.protect(0x87, replacement, true));

    int size = wanted.number("size") > 0 ? wanted.number("size") : usual_size;
    std::string iccid = wanted.iccid;
    if (strikes(fault_kind::other_iccid, name))
        iccid[10] = iccid[10] == '0' ? '1' : '0';
    bytes profile = profile_package(iccid_octets(iccid), size);
    bsp profile_keys{chaining, encryption, mac};
    std::vector<bytes> blocks;
    for (byte_view part : cut(profile, block_size))
        blocks.push_back(profile_keys.protect(0x86, part, true));
    if (strikes(fault_kind::bad_mac, name))
        blocks[blocks.size() / 2].back() ^= 1U;
    if (strikes(fault_kind::truncated_package, name))
        blocks.pop_back();
    bytes all;
    for (const bytes& block : blocks)
        platform::append(all, block);
    return make_tlv(
        0xbf36, {channel, configure, make_tlv(0xa1, metadata), replace, make_tlv(0xa3, all)});
}

json::object smdp::cancel_session(const json::object& asked)
{
    session& now = session_of(asked);
    bytes given = from_json(asked, "cancelSessionResponse");
    tlv answer = only(given, 0xbf41);
    auto ok = child(answer, 0xa0);
    auto parts = ok ? read_tlvs(ok->value) : std::optional(std::vector<tlv>());
    bool is_signed = ok && parts && parts->size() == 2 && now.card
                     && verify(now.card->public_key(), (*parts)[1].value, (*parts)[0].whole);
    if (!is_signed)
        throw refusal{"8.1", "6.1", "cancelSessionResponse"};
    auto reason = unsigned_in(needed(child((*parts)[0], 0x82)));
    // "Postponed" and "timeout" leave the order open (3.1.3.3).
    bool stays_open = reason == 1U || reason == 2U;
    if (auto wanted = orders_.find(now.matching_id)) {
        (*wanted->kept)["cancelReason"] = reason.value_or(127);
        if (!stays_open)
            (*wanted->kept)["state"] = "error";
        orders_.save();
    }
    sessions_.erase(to_hex(now.transaction_id));
    return {};
}

void smdp::take_result(const tlv& result)
{
    tlv data = needed(child(result, 0xbf27));
    std::string id = to_hex(needed(child(data, 0x80)).value);
    auto card = cards_.find(id);
    if (card == cards_.end())
        throw refusal{"8.10.1", "3.9", "Unknown transactionID"};
    if (!verify(card->second.public_key(), needed(child(result, 0x5f37)).value, data.whole))
        throw refusal{"8.1", "6.1", "euiccSignPIR"};
    sessions_.erase(id);
    auto wanted = orders_.find(results_[id]);
    bool is_installed = descend(data, {0xa2, 0xa0}).has_value();
    bool is_news = wanted && wanted->text("lastResult") != id;
    if (!is_news)
        return;
    (*wanted->kept)["lastResult"] = id;
    if (is_installed) {
        (*wanted->kept)["state"] = "installed";
        (*wanted->kept)["installations"] = wanted->number("installations") + 1;
        installed_(wanted->iccid, "INSTALLED");
    }
    orders_.save();
}

void smdp::handle_notification(const json::object& asked)
{
    bytes pending = from_json(asked, "pendingNotification");
    auto whole = read_tlv(pending);
    if (!whole)
        throw refusal{"1.6", "2.1"};
    if (whole->tag == 0xbf37)
        return take_result(*whole);
    auto parts = read_tlvs(whole->value);
    if (!parts || parts->size() != 4)
        throw refusal{"1.6", "2.1"};
    certificate card{(*parts)[2].whole};
    certificate eum{(*parts)[3].whole};
    bool holds = eum.is_issued_by(issuer_.ci()) && card.is_issued_by(eum)
                 && verify(card.public_key(), (*parts)[1].value, (*parts)[0].whole);
    if (!holds)
        throw refusal{"8.1", "6.1", "notification signature"};
    std::string iccid = iccid_digits(needed(child((*parts)[0], 0x5a)).value);
    bool is_delete = (needed(child((*parts)[0], 0x81)).value[1] & 0x10U) != 0;
    auto wanted = orders_.find_iccid(iccid);
    if (!is_delete || !wanted)
        return;
    (*wanted->kept)["state"] = "released";
    (*wanted->kept)["eid"] = "";
    orders_.save();
    installed_(iccid, "RELEASED");
}

}  // namespace sandbox::rsp
