#include "platform/mbim/mbim_port.hpp"

#include "platform/euicc_channel.hpp"
#include "platform/little_endian.hpp"
#include "platform/timeout.hpp"

#include <charconv>

namespace platform::mbim {
namespace {

constexpr std::uint32_t proxy_configuration = 1;

constexpr std::chrono::milliseconds proxy_limit{10'000};
constexpr std::chrono::milliseconds first_limit{3'000};
constexpr std::chrono::milliseconds open_limit{30'000};  // some modems start up for it

constexpr std::string_view mark = "mbim channel ";

}  // namespace

void mbim_port::note_channel(int channel)
{
    port_.lock().note(channel == 0 ? "" : std::string(mark) + std::to_string(channel));
}

int mbim_port::channel_left_behind()
{
    std::string_view note = port_.lock().left_behind();
    if (!note.starts_with(mark))
        return 0;
    constexpr int most = 19;
    note.remove_prefix(mark.size());
    int channel = 0;
    auto [rest, ec] = std::from_chars(note.data(), note.data() + note.size(), channel);
    bool is_channel =
        ec == std::errc() && rest == note.data() + note.size() && channel > 0 && channel <= most;
    return is_channel ? channel : 0;
}

task<void> mbim_port::open()
{
    auto opened = co_await port_.open();
    if (!opened)
        co_return opened.error();
    is_our_session_ = false;
    auto reached = co_await reach_device();
    result<void> begun = reached;
    if (reached)
        begun = co_await begin_session();
    if (!begun)
        close();
    co_return begun;
}

/// A proxy wants to be told which device is meant, before anything else.
task<void> mbim_port::reach_device()
{
    if (!port_.is_shared())
        co_return result<void>();
    constexpr std::uint32_t fixed = 12;
    constexpr std::uint32_t seconds = 10;  // that the proxy may take to open it
    bytes path = utf16_of(port_.device());
    command asked;
    asked.of = proxy_control;
    asked.id = proxy_configuration;
    asked.is_set = true;
    append_le32(asked.information, fixed);
    append_le32(asked.information, static_cast<std::uint32_t>(path.size()));
    append_le32(asked.information, seconds);
    path.resize((path.size() + 3) / 4 * 4);
    append(asked.information, path);
    auto told = co_await send(std::move(asked), proxy_limit);
    if (!told)
        co_return told.error();
    if (told->status != status::success)
        co_return failure(channel_errc::no_device,
            "mbim-proxy cannot open " + port_.device() + " (MBIM status "
                + std::to_string(static_cast<std::uint32_t>(told->status)) + ")");
    co_return result<void>();
}

task<void> mbim_port::begin_session()
{
    if (!port_.is_shared()) {
        command asked;
        asked.of = basic_connect;
        asked.id = device_capabilities;
        auto told = co_await send(std::move(asked), first_limit);
        if (told)
            co_return result<void>();
        bool is_closed =
            told.error() == channel_errc::refused || told.error() == channel_errc::silent;
        if (!is_closed)
            co_return told.error();
    }
    bytes request = open_message(++transaction_);
    auto opened = co_await ask(std::move(request), message_type::open_done, open_limit);
    if (!opened)
        co_return opened.error();
    mbim::status told = status_in(opened->rest);
    if (told != status::success)
        co_return failure_for("opening the modem's session", told);
    is_our_session_ = true;
    co_return result<void>();
}

task<answer> mbim_port::send(command what, std::chrono::milliseconds limit)
{
    bytes request = command_message(++transaction_, what);
    auto told = co_await ask(std::move(request), message_type::command_done, limit);
    if (!told)
        co_return told.error();
    auto out = answer_in(told->rest, what);
    if (!out)
        co_return failure(channel_errc::malformed_answer, "modem " + port_.device());
    co_return std::move(*out);
}

task<bytes> mbim_port::demand(const char* doing, command what, std::chrono::milliseconds limit)
{
    auto told = co_await send(std::move(what), limit);
    if (!told)
        co_return told.error();
    if (told->status != status::success)
        co_return failure_for(doing, told->status);
    co_return std::move(told->information);
}

task<message> mbim_port::ask(bytes request, message_type wanted, std::chrono::milliseconds limit)
{
    failure too_late(channel_errc::silent, "modem " + port_.device());
    auto limited = with_timeout(
        converse(std::move(request), wanted, transaction_), limit, std::move(too_late));
    auto told = co_await std::move(limited);
    bool is_gone = !told && told.error() == channel_errc::card_gone;
    if (is_gone)
        port_.close();
    co_return told;
}

/// Passes over indications, and over the answers to what nobody waited for; puts fragments
/// together (MBIM 1.0, 9.3.4).
task<message> mbim_port::converse(bytes request, message_type wanted, std::uint32_t transaction)
{
    auto written = co_await port_.write(std::move(request));
    if (!written)
        co_return written.error();
    message whole;
    std::uint32_t next = 0;
    while (true) {
        auto came = co_await port_.read();
        if (!came)
            co_return came.error();
        auto heard = parse(*came);
        bool is_ours = heard && heard->transaction == transaction;
        if (!is_ours)
            continue;
        if (heard->type == message_type::function_error)
            co_return failure(channel_errc::refused, "modem " + port_.device() + ": MBIM error "
                                                         + std::to_string(le32_at(heard->rest, 0)));
        if (heard->type != wanted)
            continue;
        if (heard->fragment != next)
            co_return failure(channel_errc::malformed_answer, "modem " + port_.device());
        ++next;
        append(whole.rest, heard->rest);
        whole.type = heard->type;
        if (next == heard->fragments)
            co_return whole;
    }
}

void mbim_port::close()
{
    if (is_our_session_)
        port_.say_last(close_message(++transaction_));
    is_our_session_ = false;
    port_.close();
}

}  // namespace platform::mbim
