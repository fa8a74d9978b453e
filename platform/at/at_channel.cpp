#include "platform/at/at_channel.hpp"

namespace platform::at {
namespace {

failure malformed(const std::string& command)
{
    return {channel_errc::malformed_answer, "the modem's answer to " + command};
}

/// `AT+CGLA=1,10,"80E2910000"`: the data must be quoted, some modems insist.
wiped_string with_apdu(const std::string& command, const bytes& apdu)
{
    wiped_string out(command + std::to_string(apdu.size() * 2) + ",\"");
    out.reserve(out.size() + 2 * apdu.size() + 1);
    append_hex(out, apdu);
    out += '"';
    return out;
}

wiped_string close_line(int session)
{
    return wiped_string("AT+CCHC=" + std::to_string(session));
}

}  // namespace

task<void> csim_channel::acquire()
{
    co_return result<void>();
}

task<std::string> csim_channel::imei()
{
    co_return port_.imei();
}

task<bytes> csim_channel::exchange(bytes apdu, std::chrono::milliseconds limit)
{
    auto answer = co_await port_.command(with_apdu("AT+CSIM=", apdu), limit);
    if (!answer)
        co_return answer.error();
    if (!answer->is_ok)
        co_return failure(channel_errc::refused, "AT+CSIM: " + answer->refusal());
    auto data = apdu_in(*answer, "+CSIM:");
    if (!data)
        co_return malformed("AT+CSIM");
    co_return std::move(*data);
}

task<int> at_channel::ccho(std::string aid)
{
    wiped_string line("AT+CCHO=\"" + aid + "\"");
    auto answer = co_await port_.command(line, usual_apdu_limit);
    if (!answer)
        co_return answer.error();
    if (!answer->is_ok)
        co_return failure(channel_errc::refused, "AT+CCHO: " + answer->refusal());
    auto session = session_in(*answer);
    if (!session)
        co_return malformed("AT+CCHO");
    co_return *session;
}

/// Closes what an earlier run that was cut off may have left open.
task<void> at_channel::close_stale()
{
    has_closed_stale_ = true;
    for (int session = 1; session <= 3; ++session) {
        auto closed = co_await port_.command(close_line(session), usual_apdu_limit);
        if (!closed)
            co_return closed.error();
    }
    co_return result<void>();
}

task<void> at_channel::open(bytes aid)
{
    std::string name = to_hex(aid);
    auto session = co_await ccho(name);
    bool tries_again = !session && session.error() == channel_errc::refused && !has_closed_stale_;
    if (tries_again) {
        auto closed = co_await close_stale();
        if (!closed)
            co_return closed.error();
        session = co_await ccho(name);
    }
    if (session) {
        session_ = *session;
        way_ = way::ccho;
        co_return result<void>();
    }
    if (session.error() != channel_errc::refused)
        co_return session.error();
    // The modem does not say whether it has no such command or the card no such application.
    failure missing(channel_errc::no_application, session.error().detail());
    if (!csim_works_)
        co_return missing;
    auto opened = co_await csim_.open(std::move(aid));
    if (opened) {
        way_ = way::csim;
        co_return result<void>();
    }
    bool is_lost =
        opened.error() == channel_errc::silent || opened.error() == channel_errc::card_gone;
    if (is_lost)
        co_return opened.error();
    csim_works_ = opened.error() == channel_errc::no_application;
    co_return missing;
}

task<bytes> at_channel::transmit(bytes apdu, std::chrono::milliseconds limit)
{
    if (way_ == way::csim) {
        auto through = co_await csim_.transmit(std::move(apdu), limit);
        co_return through;
    }
    // The modem knows the channel; most pass the class byte on as it is, so it must be right.
    if (session_ > 0 && session_ < 20)
        apdu[0] = class_for(apdu[0], session_);
    std::string start = "AT+CGLA=" + std::to_string(session_) + ",";
    auto answer = co_await port_.command(with_apdu(start, apdu), limit);
    if (!answer)
        co_return answer.error();
    if (!answer->is_ok)
        co_return failure(channel_errc::refused, "AT+CGLA: " + answer->refusal());
    auto data = apdu_in(*answer, "+CGLA:");
    if (!data)
        co_return malformed("AT+CGLA");
    co_return std::move(*data);
}

task<void> at_channel::close()
{
    way was = way_;
    way_ = way::none;
    if (was == way::csim) {
        auto closed = co_await csim_.close();
        co_return closed;
    }
    if (was == way::none)
        co_return result<void>();
    auto answer = co_await port_.command(close_line(session_), usual_apdu_limit);
    if (!answer)
        co_return answer.error();
    co_return result<void>();
}

void at_channel::release()
{
    way_ = way::none;
    has_closed_stale_ = false;
    port_.close();
}

task<std::string> at_channel::imei()
{
    co_return port_.imei();
}

}  // namespace platform::at
