#include "platform/at/at_control.hpp"

#include "platform/euicc_channel.hpp"
#include "platform/text.hpp"

#include <charconv>

namespace platform::at {
namespace {

constexpr std::chrono::milliseconds usual_limit{10'000};
constexpr std::chrono::milliseconds attach_limit{140'000};
constexpr std::chrono::milliseconds power_limit{60'000};  // CFUN detaches from the network first

std::optional<int> number_in(std::string_view text)
{
    int out = 0;
    auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
    return ec == std::errc() ? std::optional(out) : std::nullopt;
}

/// What stands between the first two quotation marks.
std::string_view quoted_in(std::string_view line)
{
    auto start = line.find('"');
    if (start == line.npos)
        return {};
    line.remove_prefix(start + 1);
    return line.substr(0, line.find('"'));
}

/// True if that can stand between quotation marks (27.007 knows no way to write others).
bool is_quotable(std::string_view text)
{
    return text.find('"') == text.npos && is_printable(text);
}

}  // namespace

std::optional<registration_state> state_in(std::string_view line)
{
    auto comma = line.find(',');
    auto number = number_in(comma == line.npos ? line : line.substr(comma + 1));
    if (!number)
        return std::nullopt;
    switch (*number) {
    case 0: return registration_state::none;
    case 1:
    case 6: return registration_state::home;  // 6 and 7: for SMS only
    case 2: return registration_state::searching;
    case 3: return registration_state::denied;
    case 5:
    case 7: return registration_state::roaming;
    default: return registration_state::unknown;
    }
}

std::string iccid_in(std::string_view line)
{
    std::string out;
    bool is_good = number_in(line) == 144;
    std::string_view digits = is_good ? quoted_in(line) : std::string_view();
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
        out += digits[i + 1];
        out += digits[i];
    }
    while (!out.empty() && lower(out.back()) == 'f')
        out.pop_back();
    bool is_number = out.find_first_not_of("0123456789") == out.npos;
    return is_number ? out : std::string();
}

std::string network_in(std::string_view line)
{
    return printable(quoted_in(line));
}

std::optional<std::string> first_apn_in(std::string_view line)
{
    if (number_in(line) != 1)
        return std::nullopt;
    auto type_end = line.find(',', line.find(',') + 1);
    return type_end == line.npos ? std::string() : std::string(quoted_in(line.substr(type_end)));
}

task<void> at_control::refresh()
{
    // 4 is "flight mode": the card stays powered with some modems, so 0 is what makes it be read
    // anew; but a few know only 4.
    auto off = co_await port_.command("AT+CFUN=0", power_limit);
    if (!off)
        co_return off.error();
    if (!off->is_ok)
        off = co_await port_.command("AT+CFUN=4", power_limit);
    if (!off)
        co_return off.error();
    auto on = co_await port_.command("AT+CFUN=1", power_limit);
    if (!on)
        co_return on.error();
    if (!on->is_ok)
        co_return failure(channel_errc::refused, "AT+CFUN=1: " + on->refusal());
    co_return result<void>();
}

task<std::string> at_control::iccid()
{
    auto answer = co_await port_.command("AT+CRSM=176,12258,0,0,10", usual_limit);
    if (!answer)
        co_return answer.error();
    co_return answer->is_ok ? iccid_in(answer->after("+CRSM:").value_or("")) : std::string();
}

task<std::optional<registration_state>> at_control::ask(std::string name)
{
    wiped_string command("AT+" + name + "?");
    auto answer = co_await port_.command(command, usual_limit);
    if (!answer)
        co_return answer.error();
    std::string prefix = "+" + name + ":";
    auto line = answer->after(prefix);
    co_return answer->is_ok&& line ? state_in(*line) : std::nullopt;
}

task<platform::registration> at_control::registration()
{
    platform::registration out;
    // Packet data first; the first network that has us counts, else the last word.
    for (const char* name : {"CEREG", "C5GREG", "CGREG", "CREG"}) {
        auto state = co_await ask(name);
        if (!state)
            co_return state.error();
        if (*state)
            out.state = **state;
        if (out.is_registered())
            break;
    }
    if (!out.is_registered())
        co_return out;
    auto network = co_await port_.command("AT+COPS?", usual_limit);
    if (!network)
        co_return network.error();
    out.network = network_in(network->after("+COPS:").value_or(""));
    co_return out;
}

task<void> at_control::set(wiped_string command, std::chrono::milliseconds limit)
{
    auto answer = co_await port_.command(command, limit);
    if (!answer)
        co_return answer.error();
    std::string name(command.substr(0, command.find('=')));
    if (!answer->is_ok)
        co_return failure(channel_errc::refused, name + ": " + answer->refusal());
    co_return result<void>();
}

task<bool> at_control::has_apn(std::string apn)
{
    auto contexts = co_await port_.command("AT+CGDCONT?", usual_limit);
    if (!contexts)
        co_return contexts.error();
    bool has_it = false;
    for (const wiped_string& each : contexts->lines) {
        std::string_view line = each;
        constexpr std::string_view prefix = "+CGDCONT:";
        has_it =
            has_it
            || (line.starts_with(prefix) && first_apn_in(trim(line.substr(prefix.size()))) == apn);
    }
    co_return has_it;
}

task<data_connection> at_control::connect_data(data_settings what)
{
    data_connection nothing_told;
    if (!what.connects)
        co_return nothing_told;
    bool is_writable = is_quotable(what.user) && is_quotable(what.password.reveal());
    if (!is_writable)
        co_return failure(channel_errc::refused, "the APN's user or password has a quotation mark");
    bool is_another = false;
    result<void> done;
    if (!what.apn.empty()) {
        auto has_it = co_await has_apn(what.apn);
        if (!has_it)
            co_return has_it.error();
        is_another = !*has_it;
    }
    if (is_another)
        done =
            co_await set(wiped_string("AT+CGDCONT=1,\"IPV4V6\",\"" + what.apn + "\""), usual_limit);
    if (done && !what.user.empty()) {
        wiped_string command("AT+CGAUTH=1,1,\"");  // PAP
        command.append(what.user).append("\",\"").append(what.password.reveal()).append("\"");
        done = co_await set(std::move(command), usual_limit);
    }
    if (!done)
        co_return done.error();
    // The first context is the one it is attached with: it is used from the next attach on.
    if (is_another) {
        auto left = co_await port_.command("AT+CGATT=0", power_limit);
        if (!left)
            co_return left.error();
    }
    auto attached = co_await set("AT+CGATT=1", attach_limit);
    bool matters = is_another || (!attached && attached.error() != channel_errc::refused);
    if (!attached && matters)
        co_return attached.error();
    co_return nothing_told;
}

}  // namespace platform::at
