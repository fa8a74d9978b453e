// The soft eUICC's side of a download: mutual authentication, and the package.
#include "tests/sandbox/rsp/soft_euicc.hpp"

#include <boost/json/value.hpp>

#include <algorithm>

namespace sandbox::rsp {
namespace {

namespace json = boost::json;
using platform::to_hex;

bytes copy(byte_view from)
{
    return {from.begin(), from.end()};
}

tlv needed(const std::optional<tlv>& found)
{
    if (!found)
        throw refused{0x6a80};
    return *found;
}

bytes octet(unsigned value)
{
    return bytes(1, static_cast<std::uint8_t>(value));
}

/// BF38 or BF21 with an error: the transaction and a code.
bytes session_error(std::uint32_t tag, byte_view transaction, unsigned code)
{
    return make_tlv(
        tag, make_tlv(0xa1, {make_tlv(0x80, transaction), make_tlv(0x02, octet(code))}));
}

}  // namespace

bytes soft_euicc::new_challenge()
{
    session_.emplace();
    session_->challenge = random_bytes(16);
    return make_tlv(0xbf2e, make_tlv(0x80, session_->challenge));
}

bytes soft_euicc::authenticate(const tlv& asked)
{
    auto parts = read_tlvs(asked.value);
    if (!parts || parts->size() != 5)
        throw refused{0x6a80};
    const tlv& signed1 = (*parts)[0];
    byte_view transaction = needed(child(signed1, 0x80)).value;
    auto error = [&](unsigned code) {
        session_.reset();
        return session_error(0xbf38, transaction, code);
    };
    if (!session_ || session_->challenge.empty())
        return error(4);
    auto known = std::ranges::find_if(issuers_, [&](const issuer& each) {
        return std::ranges::equal(each.ci.subject_key_id(), (*parts)[2].value);
    });
    if (known == issuers_.end())
        return error(7);
    std::optional<certificate> server;
    try {
        server.emplace((*parts)[3].whole);
    } catch (const std::runtime_error&) {
        return error(1);
    }
    if (!server->is_issued_by(known->ci) || !server->has_policy(role_auth))
        return error(1);
    if (!verify(server->public_key(), (*parts)[1].value, signed1.whole))
        return error(2);
    if (!std::ranges::equal(needed(child(signed1, 0x81)).value, session_->challenge))
        return error(6);

    session next;
    next.transaction_id = copy(transaction);
    next.server_address = copy(needed(child(signed1, 0x83)).value);
    next.chosen = &*known;
    next.smdp_oid = server->registered_id();
    bytes own = make_tlv(0x30, {make_tlv(0x80, transaction), make_tlv(0x83, next.server_address),
                                   needed(child(signed1, 0x84)).whole, info2(), (*parts)[4].whole});
    next.signature1 = sign(known->own.key(), own);
    if (faults_.strike(fault_kind::bad_card_signature, "/card/BF38"))
        next.signature1.back() ^= 1U;
    bytes answer = make_tlv(
        0xbf38, make_tlv(0xa0, {own, next.signature1, known->own.der(), known->eum.der()}));
    session_ = std::move(next);
    return answer;
}

bytes soft_euicc::prepare(const tlv& asked)
{
    auto parts = read_tlvs(asked.value);
    if (!parts || parts->size() < 3)
        throw refused{0x6a80};
    const tlv& signed2 = (*parts)[0];
    byte_view transaction = needed(child(signed2, 0x80)).value;
    auto error = [&](unsigned code) { return session_error(0xbf21, transaction, code); };
    if (!session_ || session_->signature1.empty())
        return error(4);
    if (!std::ranges::equal(transaction, session_->transaction_id))
        return error(5);
    std::optional<certificate> server;
    try {
        server.emplace(parts->back().whole);
    } catch (const std::runtime_error&) {
        return error(1);
    }
    bool is_right = server->is_issued_by(session_->chosen->ci) && server->has_policy(role_binding)
                    && server->registered_id() == session_->smdp_oid;
    if (!is_right)
        return error(1);
    bytes covered = copy(signed2.whole);
    platform::append(covered, session_->signature1);
    if (!verify(server->public_key(), (*parts)[1].value, covered))
        return error(2);
    bool has_hash = parts->size() == 4 && (*parts)[2].tag == 0x04;
    bool needs_hash = needed(child(signed2, 0x01)).value[0] != 0;
    if (has_hash != needs_hash)
        return error(127);

    session_->one_time.emplace(session_->chosen->own.key());
    session_->one_time_point = make_tlv(0x5f49, session_->one_time->public_point());
    session_->binding = std::move(server);
    bytes hash = has_hash ? copy((*parts)[2].whole) : bytes();
    bytes own = make_tlv(0x30, {make_tlv(0x80, transaction), session_->one_time_point, hash});
    bytes own_covered = own;
    platform::append(own_covered, (*parts)[1].whole);
    return make_tlv(0xbf21, make_tlv(0xa0, {own, sign(session_->chosen->own.key(), own_covered)}));
}

bytes soft_euicc::cancel(const tlv& asked)
{
    byte_view transaction = needed(child(asked, 0x80)).value;
    bool is_ours = session_ && !session_->transaction_id.empty()
                   && std::ranges::equal(transaction, session_->transaction_id);
    if (!is_ours)
        return make_tlv(0xbf41, make_tlv(0x81, octet(5)));
    bytes own = make_tlv(0x30, {make_tlv(0x80, transaction), make_tlv(0x81, session_->smdp_oid),
                                   make_tlv(0x82, needed(child(asked, 0x81)).value)});
    bytes answer = make_tlv(0xbf41, make_tlv(0xa0, {own, sign(session_->chosen->own.key(), own)}));
    session_.reset();
    return answer;
}

bytes soft_euicc::load(byte_view data)
{
    try {
        return load_step(data);
    } catch (const failed& why) {
        bytes outcome =
            make_tlv(0xa1, {make_tlv(0x80, octet(static_cast<unsigned>(why.command))),
                               make_tlv(0x81, octet(static_cast<unsigned>(why.reason)))});
        return installation_result(outcome);
    }
}

void soft_euicc::begin_loading(byte_view data)
{
    if (!session_ || !session_->one_time)
        throw refused{0x6985};
    // BF36 and its length, then the whole of BF23: the rest of BF36 comes later.
    std::size_t head = 2;
    head += data[head] < 0x80 ? 1U : 1U + (data[head] & 0x7fU);
    if (head >= data.size())
        throw refused{0x6a80};
    auto channel = read_only_tlv(data.subspan(head), 0xbf23);
    if (!channel)
        throw refused{0x6a80};
    loading_.emplace();
    tlv operation = needed(child(*channel, 0x82));
    tlv transaction = needed(child(*channel, 0x80));
    tlv keys = needed(child(*channel, 0xa6));
    tlv point = needed(child(*channel, 0x5f49));
    tlv signature = needed(child(*channel, 0x5f37));
    if (!std::ranges::equal(operation.value, octet(1)))
        throw failed{0, 5};
    if (!std::ranges::equal(transaction.value, session_->transaction_id))
        throw failed{0, 3};
    bool is_aes = std::ranges::equal(needed(child(keys, 0x80)).value, octet(0x88))
                  && std::ranges::equal(needed(child(keys, 0x81)).value, octet(0x10));
    if (!is_aes)
        throw failed{0, 4};
    bytes covered;
    for (byte_view part : {operation.whole, transaction.whole, keys.whole, point.whole,
             byte_view(session_->one_time_point)})
        platform::append(covered, part);
    if (!verify(session_->binding->public_key(), signature.value, covered))
        throw failed{0, 2};
    bytes secret = session_->one_time->agree(point.value);
    loading_->keys = bsp::derive(secret, needed(child(keys, 0x84)).value,
        *platform::from_hex(test_pki::eid(settings_.number)));
}

bytes soft_euicc::load_step(byte_view data)
{
    if (data.size() > 2 && data[0] == 0xbf && data[1] == 0x36) {
        begin_loading(data);
        return {};
    }
    loading& now = *loading_;
    if (!now.keys)
        throw failed{0, 1};
    auto open = [&now](const tlv& block, bool is_encrypted, int command) {
        auto plain = now.keys->open(block, is_encrypted);
        if (!plain)
            throw failed{command, 8};
        return std::move(*plain);
    };
    bool is_head = data[0] == 0xa1 || data[0] == 0xa3;
    if (is_head) {
        std::size_t octets = data.size() > 1 && data[1] >= 0x80 ? data[1] & 0x7fU : 0;
        std::size_t length = octets == 0 ? data[1] : 0;
        for (std::size_t i = 0; i < octets; ++i)
            length = length << 8 | data[2 + i];
        now.sequence = data[0];
        now.left = length;
        return {};
    }
    auto block = read_tlv(data);
    if (!block || block->whole.size() != data.size())
        throw failed{5, 7};
    switch (block->tag) {
    case 0xa0:
    case 0xa2: {
        auto inner = read_tlvs(block->value);
        if (!inner || inner->size() != 1)
            throw failed{1, 7};
        bytes plain = open(inner->front(), true, block->tag == 0xa0 ? 1 : 4);
        auto request = read_tlv(plain);
        if (!request || request->tag != (block->tag == 0xa0 ? 0xbf24U : 0xbf26U))
            throw failed{1, 1};
        if (block->tag == 0xa2)
            now.keys.emplace(copy(needed(child(*request, 0x80)).value),
                copy(needed(child(*request, 0x81)).value),
                copy(needed(child(*request, 0x82)).value));
        return {};
    }
    case 0x88: platform::append(now.metadata, open(*block, false, 2)); break;
    case 0x86:
        platform::append(now.profile, open(*block, true, 5));
        if (now.profile.size() > 2'000 && faults_.strike(fault_kind::no_memory, "/card/86"))
            throw failed{5, 10};
        if (now.profile.size() > free_memory())
            throw failed{5, 10};
        break;
    default: throw failed{5, 1};
    }
    now.left -= std::min(now.left, block->whole.size());
    if (now.left > 0)
        return {};
    if (now.sequence == 0xa1) {
        take_metadata();
        return {};
    }
    return install();
}

void soft_euicc::take_metadata()
{
    auto metadata = read_only_tlv(loading_->metadata, 0xbf25);
    if (!metadata)
        throw failed{2, 1};
    loading_->iccid = to_hex(needed(child(*metadata, 0x5a)).value);
    for (const json::value& each : state_.at("profiles").as_array())
        if (each.at("iccid").as_string() == loading_->iccid)
            throw failed{2, 9};
}

bytes soft_euicc::install()
{
    // The profile's header (PE-Header) must name the ICCID, and the last element be PE-End.
    auto elements = read_tlvs(loading_->profile);
    bool is_whole = elements && elements->size() > 1 && elements->front().tag == 0xa0
                    && elements->back().tag == 0xaa;
    if (!is_whole)
        throw failed{5, 12};
    auto named = child(elements->front(), 0x83);
    if (!named || to_hex(named->value) != loading_->iccid)
        throw failed{5, 13};
    auto metadata = read_only_tlv(loading_->metadata, 0xbf25);
    auto text = [&](std::uint32_t tag) {
        auto found = child(*metadata, tag);
        return found ? std::string(platform::text_of(found->value)) : std::string();
    };
    json::array notify_whom;
    if (auto list = child(*metadata, 0xb6)) {
        auto entries = read_tlvs(list->value);
        for (const tlv& each : *entries) {
            std::uint8_t bits = needed(child(each, 0x80)).value[1];
            for (int operation = 0; operation < 4; ++operation)
                if ((bits & 0x80U >> operation) != 0)
                    notify_whom.push_back({{"operation", operation},
                        {"address", platform::text_of(needed(child(each, 0x81)).value)}});
        }
    }
    auto number = state_.at("nextAid").to_number<unsigned>();
    state_["nextAid"] = number + 1;
    bytes aid = *platform::from_hex("A0000005591010FFFFFFFF890000");
    aid.push_back(static_cast<std::uint8_t>(number & 0xffU));
    aid.push_back(0);
    auto kind = child(*metadata, 0x95);
    auto rules = child(*metadata, 0x99);
    json::object made{{"iccid", loading_->iccid}, {"aid", to_hex(aid)}, {"enabled", false},
        {"nickname", ""}, {"provider", text(0x91)}, {"name", text(0x92)},
        {"class", kind ? kind->value[0] : 2}, {"rules", rules ? to_hex(rules->value) : ""},
        {"size", loading_->profile.size()}, {"notify", std::move(notify_whom)},
        {"issuer", session_->chosen - issuers_.data()}};
    state_.at("profiles").as_array().push_back(made);
    bytes outcome =
        make_tlv(0xa0, {make_tlv(0x4f, aid), *platform::from_hex("04093007A0053003800100")});
    return installation_result(outcome);
}

/// The signed result (BF37), which is also the install notification.
bytes soft_euicc::installation_result(const bytes& outcome)
{
    const issuer& by = *session_->chosen;
    bytes about = next_notification(loading_->iccid, 0, session_->server_address);
    bytes data = make_tlv(0xbf27, {make_tlv(0x80, session_->transaction_id), about,
                                      make_tlv(0x06, session_->smdp_oid), make_tlv(0xa2, outcome)});
    bytes whole = make_tlv(0xbf37, {data, sign(by.own.key(), data)});
    state_.at("notifications")
        .as_array()
        .push_back({{"sequence", state_.at("sequence")}, {"about", to_hex(about)},
            {"content", to_hex(whole)}});
    reset();
    save();
    return whole;
}

}  // namespace sandbox::rsp
