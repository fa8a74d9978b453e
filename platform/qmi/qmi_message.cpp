#include "platform/qmi/qmi_message.hpp"

#include "platform/euicc_channel.hpp"
#include "platform/little_endian.hpp"

#include <string>
#include <utility>

namespace platform::qmi {
namespace {

constexpr std::uint8_t marker = 0x01;
constexpr std::uint8_t result_type = 0x02;
constexpr std::size_t qmux_header = 6;       // marker, length, flags, service, client
constexpr std::size_t parameter_header = 3;  // type, length

// The errors that say what to do about them (QMI's protocol errors).
constexpr unsigned client_ids_exhausted = 5;
constexpr unsigned pin_blocked = 35;
constexpr unsigned pin_always_blocked = 36;
constexpr unsigned uim_uninitialized = 37;
constexpr unsigned device_not_ready = 52;
constexpr unsigned unknown_command = 71;
constexpr unsigned access_denied = 82;
constexpr unsigned not_supported = 94;
constexpr unsigned no_sim = 102;

}  // namespace

const bytes* message::find(std::uint8_t type) const
{
    for (const parameter& each : parameters)
        if (each.type == type)
            return &each.value;
    return nullptr;
}

parameter octets(std::uint8_t type, std::initializer_list<std::uint8_t> value)
{
    return {type, bytes(value)};
}

parameter counted(std::uint8_t type, byte_view value)
{
    bytes out{static_cast<std::uint8_t>(value.size())};
    append(out, value);
    return {type, std::move(out)};
}

parameter long_counted(std::uint8_t type, byte_view value)
{
    bytes out;
    append_le16(out, static_cast<unsigned>(value.size()));
    append(out, value);
    return {type, std::move(out)};
}

std::optional<byte_view> counted_at(byte_view from, std::size_t offset)
{
    if (offset >= from.size() || from.size() - offset - 1 < from[offset])
        return std::nullopt;
    return from.subspan(offset + 1, from[offset]);
}

bytes to_wire(const message& request)
{
    bytes parameters;
    for (const parameter& each : request.parameters) {
        parameters.push_back(each.type);
        append_le16(parameters, static_cast<unsigned>(each.value.size()));
        append(parameters, each.value);
    }
    bytes body{0x00};  // a request
    if (request.of == service::control)
        body.push_back(static_cast<std::uint8_t>(request.transaction));
    else
        append_le16(body, request.transaction);
    append_le16(body, request.id);
    append_le16(body, static_cast<unsigned>(parameters.size()));
    append(body, parameters);

    bytes frame{marker};
    append_le16(frame, static_cast<unsigned>(body.size() + qmux_header - 1));
    frame.push_back(0x00);  // from the host
    frame.push_back(static_cast<std::uint8_t>(request.of));
    frame.push_back(request.client);
    append(frame, body);
    return frame;
}

std::optional<std::size_t> length_of(byte_view begin)
{
    if (!begin.empty() && begin[0] != marker)
        return std::nullopt;
    return begin.size() < 3 ? 0 : 1 + static_cast<std::size_t>(le16_at(begin, 1));
}

std::optional<message> parse(byte_view frame)
{
    if (frame.size() < qmux_header + 6 || frame[0] != marker)
        return std::nullopt;
    message out;
    out.of = static_cast<service>(frame[4]);
    out.client = frame[5];
    bool is_control = out.of == service::control;
    unsigned flags = frame[qmux_header];
    out.is_response = (flags & (is_control ? 0x01U : 0x02U)) != 0;
    std::size_t at = qmux_header + 1;
    out.transaction = is_control ? frame[at] : static_cast<std::uint16_t>(le16_at(frame, at));
    at += is_control ? 1 : 2;
    out.id = static_cast<std::uint16_t>(le16_at(frame, at));
    std::size_t size = le16_at(frame, at + 2);
    at += 4;
    if (at > frame.size() || size > frame.size() - at)
        return std::nullopt;
    byte_view rest = frame.subspan(at, size);
    while (!rest.empty()) {
        std::size_t length = le16_at(rest, 1);
        bool fits = rest.size() >= parameter_header && length <= rest.size() - parameter_header;
        if (!fits)
            return std::nullopt;
        byte_view value = rest.subspan(parameter_header, length);
        out.parameters.push_back({rest[0], bytes(value.begin(), value.end())});
        rest = rest.subspan(parameter_header + length);
    }
    return out;
}

std::vector<slot_status> slots_in(byte_view listed)
{
    std::vector<slot_status> out;
    constexpr std::size_t fixed = 9;  // two states of 32 bits, and the logical slot
    constexpr std::uint32_t present = 2;
    unsigned count = listed.empty() ? 0 : listed[0];
    for (std::size_t at = 1; out.size() < count;) {
        auto iccid = counted_at(listed, at + fixed);
        if (!iccid)
            break;
        slot_status one;
        one.has_card = le32_at(listed, at) == present;
        one.is_active = le32_at(listed, at + 4) == 1;
        one.iccid = to_hex(*iccid);
        for (std::size_t digit = 0; digit + 1 < one.iccid.size(); digit += 2)
            std::swap(one.iccid[digit], one.iccid[digit + 1]);  // as EF-ICCID has them
        std::erase(one.iccid, 'F');
        out.push_back(std::move(one));
        at += fixed + 1 + iccid->size();
    }
    return out;
}

unsigned error_in(const message& response)
{
    constexpr unsigned malformed = 1;
    const bytes* result = response.find(result_type);
    if (result == nullptr || result->size() < 4)
        return malformed;
    return le16_at(*result, 0) == 0 ? 0 : le16_at(*result, 2);
}

failure failure_for(const char* doing, unsigned error)
{
    std::string words = std::string(doing) + ": QMI error " + std::to_string(error);
    switch (error) {
    case no_sim: return {channel_errc::no_sim, words};
    case uim_uninitialized:
    case device_not_ready: return {channel_errc::sim_busy, words};
    case pin_blocked:
    case pin_always_blocked: return {channel_errc::sim_puk, words};
    case client_ids_exhausted:
        return {channel_errc::busy, words
                                        + ": programs that were killed have used up the modem's "
                                          "client ids; reset the modem"};
    case access_denied:
        return {
            channel_errc::refused, words + ": the modem's firmware keeps programs from the card"};
    case unknown_command:
    case not_supported:
        return {channel_errc::refused, words
                                           + ": the modem's firmware does not know the command; "
                                             "its AT port may"};
    default: return {channel_errc::refused, words};
    }
}

}  // namespace platform::qmi
