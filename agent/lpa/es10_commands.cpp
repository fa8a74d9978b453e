#include "agent/lpa/es10.hpp"

#include "agent/base/digest.hpp"

#include <utility>

namespace agent::lpa {
namespace {

using platform::view_of;

bytes with_profile(std::uint32_t tag, const bytes& name, bool refresh)
{
    std::uint8_t flag = refresh ? 0xff : 0x00;
    return make_tlv(tag, {make_tlv(0xa0, name), make_tlv(0x81, byte_view(&flag, 1))});
}

bytes by_iccid(const iccid& which)
{
    return make_tlv(0x5a, which.to_bcd());
}

/// Digits as SGP.22 wants those of an IMEI (4.2): swapped, padded with F.
bytes swapped_digits(std::string_view digits)
{
    std::string text(digits);
    if (text.size() % 2 != 0)
        text += 'F';
    for (std::size_t i = 0; i + 1 < text.size(); i += 2)
        std::swap(text[i], text[i + 1]);
    auto out = platform::from_hex(text);
    return out ? std::move(*out) : bytes();
}

/// All of an IMEI; its last octet alone is not swapped: the check digit, then F.
bytes imei_octets(std::string_view imei)
{
    bytes out = swapped_digits(imei);
    if (!out.empty())
        out.back() = static_cast<std::uint8_t>(out.back() << 4 | out.back() >> 4);
    return out;
}

/// The releases of each technology (4.2): any modem of that technology has them. LTE is with an
/// EPC, NR with an EPC and with a 5GC.
bytes releases_of(const device_capabilities& has)
{
    struct release {
        std::uint8_t tag;
        bool device_capabilities::*is_there;
        std::uint8_t major;
    };
    constexpr release all[] = {{0x80, &device_capabilities::gsm, 5},
        {0x81, &device_capabilities::umts, 5}, {0x85, &device_capabilities::lte, 8},
        {0x88, &device_capabilities::nr, 15}, {0x89, &device_capabilities::nr, 15}};
    bytes out;
    for (const release& each : all) {
        const std::uint8_t version[] = {each.major, 0, 0};
        if (has.*each.is_there)
            platform::append(out, make_tlv(each.tag, version));
    }
    return out;
}

/// What this device is (DeviceInfo; 4.2): its TAC, its technologies, its IMEI.
bytes device_info(std::string_view imei, const device_capabilities& has)
{
    bool has_imei = imei.size() == 15;
    bytes tac = swapped_digits(has_imei ? imei.substr(0, 8) : std::string_view("00000000"));
    bytes out = make_tlv(0x80, tac);
    platform::append(out, make_tlv(0xa1, releases_of(has)));
    if (has_imei)
        platform::append(out, make_tlv(0x82, imei_octets(imei)));
    return make_tlv(0xa1, out);
}

}  // namespace

bytes get_eid()
{
    const std::uint8_t tags[] = {0x5a};
    return make_tlv(0xbf3e, make_tlv(0x5c, tags));
}

bytes get_euicc_info1()
{
    return make_tlv(0xbf20, byte_view());
}

bytes get_euicc_info2()
{
    return make_tlv(0xbf22, byte_view());
}

bytes get_euicc_challenge()
{
    return make_tlv(0xbf2e, byte_view());
}

bytes get_configured_addresses()
{
    return make_tlv(0xbf3c, byte_view());
}

bytes get_rules_authorisation_table()
{
    return make_tlv(0xbf43, byte_view());
}

bytes get_profiles(bool with_list)
{
    if (!with_list)
        return make_tlv(0xbf2d, byte_view());
    // ICCID, AID, state, nickname, provider, name, class, policy rules. An icon may be 1 kB.
    const std::uint8_t tags[] = {0x5a, 0x4f, 0x9f, 0x70, 0x90, 0x91, 0x92, 0x95, 0x99};
    return make_tlv(0xbf2d, make_tlv(0x5c, tags));
}

bytes list_notifications()
{
    return make_tlv(0xbf28, byte_view());
}

bytes retrieve_notification(std::uint64_t sequence)
{
    return make_tlv(0xbf2b, make_tlv(0xa0, make_tlv(0x80, integer_octets(sequence))));
}

bytes remove_notification(std::uint64_t sequence)
{
    return make_tlv(0xbf30, make_tlv(0x80, integer_octets(sequence)));
}

bytes enable_profile(const iccid& which, bool refresh)
{
    return with_profile(0xbf31, by_iccid(which), refresh);
}

bytes enable_profile(byte_view isdp_aid, bool refresh)
{
    return with_profile(0xbf31, make_tlv(0x4f, isdp_aid), refresh);
}

bytes disable_profile(const iccid& which, bool refresh)
{
    return with_profile(0xbf32, by_iccid(which), refresh);
}

bytes disable_profile(byte_view isdp_aid, bool refresh)
{
    return with_profile(0xbf32, make_tlv(0x4f, isdp_aid), refresh);
}

bytes delete_profile(const iccid& which)
{
    return make_tlv(0xbf33, by_iccid(which));
}

bytes set_nickname(const iccid& which, std::string_view name)
{
    return make_tlv(0xbf29, {by_iccid(which), make_tlv(0x90, view_of(name))});
}

bytes cancel_session(byte_view transaction_id, cancel_reason reason)
{
    auto code = static_cast<std::uint8_t>(reason);
    return make_tlv(0xbf41, {make_tlv(0x80, transaction_id), make_tlv(0x81, byte_view(&code, 1))});
}

bytes authenticate_server(const server_authentication& server, std::string_view matching_id,
    std::string_view imei, const device_capabilities& has)
{
    bytes context;
    if (!matching_id.empty())
        context = make_tlv(0x80, view_of(matching_id));
    platform::append(context, device_info(imei, has));
    return make_tlv(0xbf38, {server.signed1, server.signature1, server.ci_key, server.certificate,
                                make_tlv(0xa0, context)});
}

bytes prepare_download(const download_offer& offer, byte_view hashed_code)
{
    bytes hash = hashed_code.empty() ? bytes() : make_tlv(0x04, hashed_code);
    return make_tlv(0xbf21, {offer.signed2, offer.signature2, hash, offer.certificate});
}

bytes hash_confirmation_code(std::string_view code, byte_view transaction_id)
{
    bytes joined = sha256(view_of(code));
    platform::append(joined, transaction_id);
    return sha256(joined);
}

}  // namespace agent::lpa
