#include "platform/at/at_channel.hpp"

#include "platform/timeout.hpp"

#include <charconv>
#include <utility>
#include <vector>

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

wiped_string close_line(const std::string& session)
{
    return wiped_string("AT+CCHC=" + session);
}

/// The channel that a session most likely is; 0 for a handle that says nothing about that.
int channel_of(const std::string& session)
{
    constexpr int most = 19;
    int number = 0;
    const char* end = session.data() + session.size();
    auto [rest, ec] = std::from_chars(session.data(), end, number);
    bool is_channel = ec == std::errc() && rest == end && number > 0 && number <= most;
    return is_channel ? number : 0;
}

/// A card that finds another class byte than it should have, or none of this application's
/// commands, which is what the basic channel says.
bool is_about_class(const bytes& answer)
{
    constexpr unsigned no_channel = 0x6881;
    constexpr unsigned unknown_command = 0x6d00;
    constexpr unsigned wrong_class = 0x6e00;
    if (answer.size() < 2)
        return false;
    unsigned status = static_cast<unsigned>(answer[answer.size() - 2] << 8) | answer.back();
    constexpr unsigned not_allowed = 0x69;  // as some say it where nothing is selected
    return status == no_channel || status == unknown_command || status == wrong_class
           || status >> 8 == not_allowed;
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

task<void> at_channel::acquire()
{
    auto opened = co_await port_.open();
    if (!opened)
        co_return opened.error();
    std::string left = port_.left_behind();
    if (left.empty())
        co_return result<void>();
    say("closing the card's channel that this program left open when it was killed");
    // Others may write where locks lie: nothing but a handle and a channel's number is taken.
    constexpr std::string_view ccho_mark = "ccho ";
    constexpr std::size_t longest = 32;
    std::string session = left.starts_with(ccho_mark) ? left.substr(ccho_mark.size()) : "";
    bool is_session = !session.empty() && session.size() <= longest
                      && session.find_first_not_of("0123456789ABCDEFabcdef") == session.npos;
    if (is_session) {
        auto closed = co_await port_.command(close_line(session), usual_apdu_limit);
        if (!closed)
            co_return closed.error();
    } else {
        auto closed = co_await csim_.close_left_behind(left);
        bool is_failure = !closed && closed.error() != channel_errc::refused;  // else it is gone
        if (is_failure)
            co_return closed.error();
    }
    port_.note("");
    co_return result<void>();
}

/// Waits for a SIM that the modem still reads.
task<std::string> at_channel::ccho(std::string aid, bool with_quotes)
{
    std::string quote = with_quotes ? "\"" : "";
    wiped_string line("AT+CCHO=" + quote + aid + quote);
    auto until = std::chrono::steady_clock::now() + sim_patience;
    while (true) {
        auto answer = co_await port_.command(line, usual_apdu_limit);
        if (!answer)
            co_return answer.error();
        if (answer->is_ok) {
            std::string session = session_in(*answer);
            if (!session.empty())
                co_return session;
            // Some say it behind the OK: the next answer brings it along.
            auto late = co_await port_.command("AT", usual_apdu_limit);
            if (!late)
                co_return late.error();
            session = session_in(*late);
            if (session.empty())
                co_return malformed("AT+CCHO");
            co_return session;
        }
        auto trouble = answer->sim_trouble();
        std::string words = "AT+CCHO: " + answer->refusal();
        bool may_pass =
            trouble == channel_errc::sim_busy && std::chrono::steady_clock::now() < until;
        if (!may_pass)
            co_return failure(trouble.value_or(channel_errc::refused), words);
        co_await pause(sim_pause_);
    }
}

/// Some modems want the name without the quotation marks that belong there.
task<std::string> at_channel::ccho_either_way(std::string aid)
{
    auto session = co_await ccho(aid, with_quotes_);
    bool may_be_quotes = !has_quotes_ && !session && session.error() == channel_errc::refused;
    if (may_be_quotes) {
        auto bare = co_await ccho(aid, !with_quotes_);
        bool is_it = bare || bare.error() != channel_errc::refused;
        if (is_it) {
            with_quotes_ = !with_quotes_;
            session = std::move(bare);
        }
    }
    has_quotes_ = has_quotes_ || session;
    co_return session;
}

/// By AT+CSIM, after AT+CCHO was refused: the modem does not say whether it has no such command or
/// the card no such application.
task<void> at_channel::open_plainly(bytes aid, failure why)
{
    failure missing(channel_errc::no_application, why.detail());
    if (!csim_works_)
        co_return missing;
    auto opened = co_await csim_.open(std::move(aid));
    if (opened) {
        way_ = way::csim;
        port_.note("csim " + std::to_string(csim_.channel()));
        co_return result<void>();
    }
    bool is_modems = opened.error() == channel_errc::refused;
    csim_works_ = !is_modems;
    bool is_missing = is_modems || opened.error() == channel_errc::no_application;
    co_return is_missing ? missing : opened.error();
}

task<void> at_channel::open(bytes aid)
{
    aid_ = aid;
    auto session = co_await ccho_either_way(to_hex(aid));
    if (session) {
        // What was found out holds for another session, but for its number.
        bool names_channel = has_class_ && class_channel_ != 0;
        if (names_channel && channel_of(*session) != 0)
            class_channel_ = channel_of(*session);
        else if (names_channel)
            has_class_ = false;
        session_ = *session;
        way_ = way::ccho;
        port_.note("ccho " + session_);
        co_return result<void>();
    }
    if (session.error() != channel_errc::refused)
        co_return session.error();
    auto opened = co_await open_plainly(std::move(aid), session.error());
    co_return opened;
}

task<bool> at_channel::announce_terminal()
{
    bool was_announced = std::exchange(is_announced_, true);
    if (was_announced || !csim_works_)
        co_return false;
    auto answer = co_await csim_.send_plainly(terminal_capability());
    if (!answer && answer.error() != channel_errc::refused)
        co_return answer.error();
    csim_works_ = answer.has_value();
    co_return csim_works_;
}

task<bytes> at_channel::cgla(bytes apdu, int channel, std::chrono::milliseconds limit)
{
    if (channel != 0)
        apdu[0] = class_for(apdu[0], channel);
    std::string start = "AT+CGLA=" + session_ + ",";
    auto answer = co_await port_.command(with_apdu(start, apdu), limit);
    if (!answer)
        co_return answer.error();
    if (!answer->is_ok)
        co_return failure(
            answer->sim_trouble().value_or(channel_errc::refused), "AT+CGLA: " + answer->refusal());
    auto data = apdu_in(*answer, "+CGLA:");
    if (!data)
        co_return malformed("AT+CGLA");
    co_return std::move(*data);
}

/// Finds out what this modem wants: most pass the class byte on as it is, so it must name the
/// channel; some put the channel in themselves, and refuse it; and some refuse AT+CGLA.
task<bytes> at_channel::first_transmit(bytes apdu, std::chrono::milliseconds limit)
{
    int likely = channel_of(session_);
    std::vector<int> channels{likely, 0};
    if (likely == 0)
        channels = {0, 1, 2, 3};
    result<bytes> answer = failure(channel_errc::refused);
    for (int channel : channels) {
        answer = co_await cgla(apdu, channel, limit);
        bool is_other_worth =
            answer ? is_about_class(*answer) : answer.error() == channel_errc::refused;
        if (is_other_worth)
            continue;
        has_class_ = answer.has_value();
        class_channel_ = channel;
        co_return answer;
    }
    constexpr std::size_t short_enough = 64;  // else the length may be what it refuses
    bool may_be_command = !answer && apdu.size() <= short_enough && csim_works_;
    if (!may_be_command)
        co_return answer;
    auto closed = co_await close();
    if (!closed)
        co_return closed.error();
    auto opened = co_await open_plainly(aid_, answer.error());
    if (!opened)
        co_return answer;
    answer = co_await csim_.transmit(std::move(apdu), limit);
    co_return answer;
}

task<bytes> at_channel::transmit(bytes apdu, std::chrono::milliseconds limit)
{
    result<bytes> answer = failure(channel_errc::card_gone, "no channel is open");
    if (way_ == way::csim)
        answer = co_await csim_.transmit(std::move(apdu), limit);
    else if (way_ == way::ccho && has_class_)
        answer = co_await cgla(std::move(apdu), class_channel_, limit);
    else if (way_ == way::ccho)
        answer = co_await first_transmit(std::move(apdu), limit);
    co_return answer;
}

task<void> at_channel::close()
{
    way was = std::exchange(way_, way::none);
    result<void> closed;
    if (was == way::csim) {
        closed = co_await csim_.close();
    } else if (was == way::ccho) {
        auto answer = co_await port_.command(close_line(session_), usual_apdu_limit);
        if (!answer)
            closed = answer.error();
    }
    if (closed && was != way::none)
        port_.note("");
    co_return closed;
}

void at_channel::release()
{
    way_ = way::none;
    is_announced_ = false;
    port_.close();
}

task<std::string> at_channel::imei()
{
    co_return port_.imei();
}

}  // namespace platform::at
