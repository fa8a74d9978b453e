#pragma once

#include "platform/bytes.hpp"
#include "platform/failure.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

namespace platform::qmi {

// QMI as octets: a QMUX frame, its service's message, and that message's TLVs (wire format as
// libqmi and uqmi have it, seen with Debian's qmicli).

/// What a modem serves: control (CTL), device management (DMS), network access (NAS), SIM (UIM).
enum class service : std::uint8_t { control = 0, device = 2, network = 3, sim = 0x0b };

// Of UIM.
constexpr std::uint16_t close_channel = 0x003f;
constexpr std::uint16_t get_slot_status = 0x0047;

struct parameter {
    std::uint8_t type = 0;
    bytes value{};
};

struct message {
    service of = service::control;
    std::uint8_t client = 0;
    std::uint16_t transaction = 0;
    std::uint16_t id = 0;
    bool is_response = false;  // as opposed to an indication
    std::vector<parameter> parameters{};

    /// The value of that type; null if there is none.
    const bytes* find(std::uint8_t type) const;
};

/// A parameter of these octets.
parameter octets(std::uint8_t type, std::initializer_list<std::uint8_t> value);
/// A parameter of a length (one octet, or two) and that many octets.
parameter counted(std::uint8_t type, byte_view value);
parameter long_counted(std::uint8_t type, byte_view value);
/// What follows a length of one octet at `offset`; nothing if it is not all there.
std::optional<byte_view> counted_at(byte_view from, std::size_t offset);

/// A request as it is sent.
bytes to_wire(const message& request);
/// The length of the frame that these octets begin; see wdm_port.
std::optional<std::size_t> length_of(byte_view begin);
/// A whole frame that came; nothing if it makes no sense.
std::optional<message> parse(byte_view frame);

/// A physical SIM slot, as UIM's Get Slot Status lists it.
struct slot_status {
    bool has_card = false;
    bool is_active = false;  // bound to a logical slot
    std::string iccid{};     // its digits as the card has them; empty if none is known
};

/// The slots in the parameter 0x10 of Get Slot Status, as far as they are whole.
std::vector<slot_status> slots_in(byte_view listed);

/// The QMI error that a response bears; 0 if it succeeded.
unsigned error_in(const message& response);
/// That error as a channel_errc: what the caller can do, and its number in the words.
failure failure_for(const char* doing, unsigned error);

}  // namespace platform::qmi
