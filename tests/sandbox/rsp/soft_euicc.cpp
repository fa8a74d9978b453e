#include "tests/sandbox/rsp/soft_euicc.hpp"

#include "platform/storage.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace sandbox::rsp {
namespace {

namespace json = boost::json;
using platform::from_hex;
using platform::to_hex;
using platform::view_of;

constexpr std::uint64_t least_profile = 1;  // even an empty profile takes a place

json::object empty_state()
{
    return {{"profiles", json::array()}, {"notifications", json::array()}, {"sequence", 0},
        {"nextAid", 0x11}};
}

std::string text(const json::object& from, const char* name)
{
    return std::string(from.at(name).as_string());
}

bytes octets(const json::object& from, const char* name)
{
    return *from_hex(text(from, name));
}

tlv needed(const std::optional<tlv>& found)
{
    if (!found)
        throw refused{0x6a80};
    return *found;
}

bytes code_answer(std::uint32_t tag, unsigned code)
{
    const std::uint8_t value[] = {static_cast<std::uint8_t>(code)};
    return make_tlv(tag, make_tlv(0x80, value));
}

bytes optional_text(std::uint32_t tag, const json::object& from, const char* name)
{
    std::string value = text(from, name);
    return value.empty() ? bytes() : make_tlv(tag, view_of(value));
}

}  // namespace

soft_euicc::soft_euicc(
    const std::vector<test_pki>& issuers, soft_euicc_settings settings, faults& active)
    : settings_(std::move(settings)), faults_(active), state_(empty_state())
{
    for (const test_pki& each : issuers)
        issuers_.push_back({each.ci(), each.eum(), each.euicc(settings_.number)});
    if (auto kept = platform::read_file(settings_.state_file))
        state_ = json::parse(*kept).as_object();
    save();
}

void soft_euicc::save() const
{
    platform::write_file(settings_.state_file, json::serialize(state_)).value();
}

void soft_euicc::erase()
{
    reset();
    state_ = empty_state();
    save();
}

void soft_euicc::reset()
{
    session_.reset();
    loading_.reset();
}

bytes soft_euicc::command(byte_view data)
{
    bool begins_package = data.size() > 2 && data[0] == 0xbf && data[1] == 0x36;
    bool is_command = !data.empty() && data[0] == 0xbf && !begins_package;
    if (begins_package || (loading_ && !is_command && !data.empty()))
        return load(data);
    auto first = read_tlv(data);
    loading_.reset();  // any other command ends it
    if (!first || first->whole.size() != data.size())
        throw refused{0x6a80};
    switch (first->tag) {
    case 0xbf3e: return eid(*first);
    case 0xbf20: return info1();
    case 0xbf22: return info2();
    case 0xbf3c: return addresses();
    case 0xbf43: return rules();
    case 0xbf2d: return profiles();
    case 0xbf31: return set_enabled(*first, true);
    case 0xbf32: return set_enabled(*first, false);
    case 0xbf33: return remove(*first);
    case 0xbf29: return rename(*first);
    case 0xbf28: return notifications();
    case 0xbf2b: return retrieve(*first);
    case 0xbf30: return forget(*first);
    case 0xbf2e: return new_challenge();
    case 0xbf38: return authenticate(*first);
    case 0xbf21: return prepare(*first);
    case 0xbf41: return cancel(*first);
    default: throw refused{0x6a80};
    }
}

bytes soft_euicc::eid(const tlv&) const
{
    return make_tlv(0xbf3e, make_tlv(0x5a, *from_hex(test_pki::eid(settings_.number))));
}

bytes soft_euicc::key_ids() const
{
    bytes ids;
    for (const issuer& each : issuers_)
        platform::append(ids, make_tlv(0x04, each.ci.subject_key_id()));
    bytes out = make_tlv(0xa9, ids);
    platform::append(out, make_tlv(0xaa, ids));
    return out;
}

bytes soft_euicc::info1() const
{
    return make_tlv(0xbf20, {*from_hex("8203020300"), key_ids()});
}

std::uint64_t soft_euicc::free_memory() const
{
    std::uint64_t used = 0;
    for (const json::value& each : state_.at("profiles").as_array())
        used += each.at("size").to_number<std::uint64_t>() + least_profile;
    return used < settings_.memory ? settings_.memory - used : 0;
}

bytes soft_euicc::info2() const
{
    bytes size(4);
    std::uint64_t left = free_memory();
    for (int i = 0; i < 4; ++i)
        size[static_cast<std::size_t>(3 - i)] = static_cast<std::uint8_t>(left >> (8 * i) & 0xffU);
    const std::uint8_t count[] = {
        static_cast<std::uint8_t>(state_.at("profiles").as_array().size())};
    bytes resources =
        make_tlv(0x84, {make_tlv(0x81, count), make_tlv(0x82, size), *from_hex("83022000")});
    return make_tlv(0xbf22,
        {*from_hex("8103020301"), *from_hex("8203020300"), *from_hex("8303010203"), resources,
            *from_hex("8504047F36C0"), *from_hex("8603090200"), *from_hex("8703020300"),
            *from_hex("88020490"), key_ids(), *from_hex("8B0102"), *from_hex("99020600"),
            *from_hex("0403010000"), make_tlv(0x0c, view_of(said("SANDBOX-0001")))});
}

std::string soft_euicc::said(std::string word) const
{
    return faults_.strike(fault_kind::hostile, "/card") ? word.append(steering) : word;
}

bytes soft_euicc::addresses() const
{
    return make_tlv(0xbf3c, make_tlv(0x81, view_of(said("lpa.ds.gsma.com"))));
}

bytes soft_euicc::rules() const
{
    // PPR1 for 001-01 with consent; PPR2 for everybody with consent (2.9.2).
    return make_tlv(0xbf43, make_tlv(0xa0, *from_hex("3011"
                                                     "80020640"
                                                     "A107"
                                                     "30058003"
                                                     "00F110"
                                                     "82020780"
                                                     "3011"
                                                     "80020520"
                                                     "A107"
                                                     "30058003"
                                                     "EEEEEE"
                                                     "82020780")));
}

std::string soft_euicc::enabled_iccid() const
{
    for (const json::value& each : state_.at("profiles").as_array())
        if (each.as_object().at("enabled").as_bool())
            return text(each.as_object(), "iccid");
    return {};
}

bytes soft_euicc::profiles() const
{
    bytes all;
    for (const json::value& each : state_.at("profiles").as_array()) {
        const json::object& one = each.as_object();
        const std::uint8_t state[] = {
            one.at("enabled").as_bool() ? std::uint8_t{1} : std::uint8_t{0}};
        const std::uint8_t kind[] = {one.at("class").to_number<std::uint8_t>()};
        bytes rule_bits = octets(one, "rules");
        bytes nickname = optional_text(0x90, one, "nickname");
        bytes shown_rules = rule_bits.empty() ? bytes() : make_tlv(0x99, rule_bits);
        platform::append(
            all, make_tlv(0xe3, {make_tlv(0x5a, octets(one, "iccid")),
                                    make_tlv(0x4f, octets(one, "aid")), make_tlv(0x9f70, state),
                                    nickname, make_tlv(0x91, view_of(said(text(one, "provider")))),
                                    make_tlv(0x92, view_of(said(text(one, "name")))),
                                    make_tlv(0x95, kind), shown_rules}));
    }
    return make_tlv(0xbf2d, make_tlv(0xa0, all));
}

json::object* soft_euicc::find(const tlv& identifier)
{
    tlv within = identifier;
    if (auto inner = child(identifier, 0xa0))
        within = *inner;
    auto iccid = child(within, 0x5a);
    auto aid = child(within, 0x4f);
    for (json::value& each : state_.at("profiles").as_array()) {
        json::object& one = each.as_object();
        bool is_it = (iccid && text(one, "iccid") == to_hex(iccid->value))
                     || (aid && text(one, "aid") == to_hex(aid->value));
        if (is_it)
            return &one;
    }
    return nullptr;
}

bytes soft_euicc::set_enabled(const tlv& asked, bool enable)
{
    std::uint32_t tag = enable ? 0xbf31 : 0xbf32;
    json::object* one = find(asked);
    if (one == nullptr)
        return code_answer(tag, 1);
    if (one->at("enabled").as_bool() == enable)
        return code_answer(tag, 2);
    if (faults_.strike(fault_kind::cat_busy, "/card/" + to_hex(asked.whole.first(2))))
        return code_answer(tag, 5);
    auto may_be_disabled = [](const json::object& profile) {
        bytes rules = octets(profile, "rules");
        return rules.size() < 2 || (rules[1] & 0x40U) == 0;
    };
    for (json::value& each : state_.at("profiles").as_array()) {
        json::object& other = each.as_object();
        bool ends = other.at("enabled").as_bool() && (enable || &other == one);
        if (!ends)
            continue;
        if (!may_be_disabled(other))
            return code_answer(tag, 3);
        other["enabled"] = false;
        notify(other, 2);
    }
    if (enable) {
        (*one)["enabled"] = true;
        notify(*one, 1);
    }
    save();
    auto refresh = child(asked, 0x81);
    wants_reset_ = refresh && refresh->value.size() == 1 && refresh->value[0] != 0;
    return code_answer(tag, 0);
}

bytes soft_euicc::remove(const tlv& asked)
{
    json::object* one = find(asked);
    if (one == nullptr)
        return code_answer(0xbf33, 1);
    if (one->at("enabled").as_bool())
        return code_answer(0xbf33, 2);
    bytes rules = octets(*one, "rules");
    if (rules.size() > 1 && (rules[1] & 0x20U) != 0)
        return code_answer(0xbf33, 3);
    notify(*one, 3);
    json::array& all = state_.at("profiles").as_array();
    auto is_it = [one](const json::value& each) { return &each.as_object() == one; };
    all.erase(std::find_if(all.begin(), all.end(), is_it));
    save();
    return code_answer(0xbf33, 0);
}

bytes soft_euicc::rename(const tlv& asked)
{
    json::object* one = find(asked);
    if (one == nullptr)
        return code_answer(0xbf29, 1);
    (*one)["nickname"] = platform::text_of(needed(child(asked, 0x90)).value);
    save();
    return code_answer(0xbf29, 0);
}

bytes soft_euicc::notifications() const
{
    bytes all;
    for (const json::value& each : state_.at("notifications").as_array())
        platform::append(all, octets(each.as_object(), "about"));
    return make_tlv(0xbf28, make_tlv(0xa0, all));
}

bytes soft_euicc::retrieve(const tlv& asked) const
{
    tlv number = needed(descend(asked, {0xa0, 0x80}));
    bytes found;
    for (const json::value& each : state_.at("notifications").as_array())
        if (each.at("sequence").to_number<std::uint64_t>() == unsigned_in(number))
            platform::append(found, octets(each.as_object(), "content"));
    return make_tlv(0xbf2b, make_tlv(0xa0, found));
}

bytes soft_euicc::forget(const tlv& asked)
{
    tlv number = needed(child(asked, 0x80));
    json::array& all = state_.at("notifications").as_array();
    auto is_it = [&number](const json::value& each) {
        return each.at("sequence").to_number<std::uint64_t>() == unsigned_in(number);
    };
    auto found = std::find_if(all.begin(), all.end(), is_it);
    if (found == all.end())
        return code_answer(0xbf30, 1);
    all.erase(found);
    save();
    return code_answer(0xbf30, 0);
}

/// The metadata (BF2F) of the next notification; `operation` is 0 install to 3 delete.
bytes soft_euicc::next_notification(const std::string& iccid, int operation, byte_view address)
{
    auto sequence = state_.at("sequence").to_number<std::uint64_t>() + 1;
    state_["sequence"] = sequence;
    const std::uint8_t bits[] = {
        static_cast<std::uint8_t>(7 - operation), static_cast<std::uint8_t>(0x80 >> operation)};
    bytes owner = iccid.empty() ? bytes() : make_tlv(0x5a, *from_hex(iccid));
    return make_tlv(0xbf2f, {make_tlv(0x80, integer_octets(sequence)), make_tlv(0x81, bits),
                                make_tlv(0x0c, address), owner});
}

void soft_euicc::notify(const json::object& profile, int operation)
{
    for (const json::value& each : profile.at("notify").as_array()) {
        if (each.at("operation").to_number<int>() != operation)
            continue;
        std::string address(each.at("address").as_string());
        bytes about = next_notification(text(profile, "iccid"), operation, view_of(said(address)));
        const issuer& by = issuers_[profile.at("issuer").to_number<std::size_t>()];
        bytes content =
            make_tlv(0x30, {about, sign(by.own.key(), about), by.own.der(), by.eum.der()});
        state_.at("notifications")
            .as_array()
            .push_back({{"sequence", state_.at("sequence")}, {"about", to_hex(about)},
                {"content", to_hex(content)}});
    }
}

}  // namespace sandbox::rsp
