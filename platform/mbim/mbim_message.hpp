#pragma once

#include "platform/bytes.hpp"
#include "platform/failure.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace platform::mbim {

// MBIM as octets (USB-IF, MBIM 1.0, 9.1 to 9.4; Microsoft, "MB low level UICC access").

using uuid = std::array<std::uint8_t, 16>;

/// The services that are used: the modem itself, its card as APDUs, and mbim-proxy's own.
extern const uuid basic_connect;
extern const uuid uicc_access;
extern const uuid proxy_control;

/// MBIM_CID_DEVICE_CAPS of basic_connect.
constexpr std::uint32_t device_capabilities = 1;

enum class message_type : std::uint32_t {
    open = 1,
    close = 2,
    command = 3,
    open_done = 0x80000001,
    close_done = 0x80000002,
    command_done = 0x80000003,
    function_error = 0x80000004,
    indication = 0x80000007,
};

/// MBIM_STATUS_CODES, as far as they say what to do.
enum class status : std::uint32_t {
    success = 0,
    busy = 1,
    sim_not_inserted = 3,
    bad_sim = 4,
    pin_required = 5,
    no_device_support = 9,
    not_initialized = 14,
    invalid_parameters = 21,
    no_logical_channels = 0x87430001,
    select_failed = 0x87430002,
    invalid_logical_channel = 0x87430003,
};

struct command {
    uuid of{};
    std::uint32_t id = 0;
    bool is_set = false;  // as opposed to a query
    bytes information{};
};

/// What came, as far as it matters here.
struct message {
    message_type type = message_type::indication;
    std::uint32_t transaction = 0;
    std::uint32_t fragments = 1;
    std::uint32_t fragment = 0;  // which one this is, from 0
    bytes rest{};                // behind the headers; of a whole message: see answer
};

/// What a COMMAND_DONE says.
struct answer {
    mbim::status status = mbim::status::success;
    bytes information{};
};

bytes open_message(std::uint32_t transaction);
bytes close_message(std::uint32_t transaction);
/// A command in one fragment: all of ours are short.
bytes command_message(std::uint32_t transaction, const command& what);

/// The length of the message that these octets begin; see wdm_port.
std::optional<std::size_t> length_of(byte_view begin);
/// A whole message, or a fragment of one; nothing if it makes no sense.
std::optional<message> parse(byte_view whole);
/// The answer in a whole COMMAND_DONE's `rest`; nothing if it is another command's, or makes no
/// sense.
std::optional<answer> answer_in(byte_view rest, const command& to);
/// The status in OPEN_DONE's `rest`.
mbim::status status_in(byte_view rest);

/// A field of size and offset at `at`, each of 32 bits ("size first" as the UICC's have it, or
/// offset first as all others); empty if it is not all there.
byte_view sized_field(byte_view from, std::size_t at);
byte_view offset_field(byte_view from, std::size_t at);
/// UTF-16LE as ASCII; other characters become '?'.
std::string text_in(byte_view utf16);
/// ASCII as UTF-16LE.
bytes utf16_of(const std::string& text);

/// A status as a channel_errc: what the caller can do, and its number in the words.
failure failure_for(const char* doing, mbim::status status);

}  // namespace platform::mbim
