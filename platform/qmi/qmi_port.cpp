#include "platform/qmi/qmi_port.hpp"

#include "platform/euicc_channel.hpp"
#include "platform/timeout.hpp"

#include <charconv>

namespace asio = boost::asio;

namespace platform::qmi {
namespace {

// CTL's messages.
constexpr std::uint16_t allocate_client = 0x0022;
constexpr std::uint16_t release_client = 0x0023;
constexpr std::uint16_t proxy_open = 0xff00;

constexpr std::chrono::milliseconds control_limit{5'000};

constexpr std::string_view mark = "qmi ";
constexpr std::string_view channel_mark = " channel ";

/// The number up to `end`, of 0 to 255; -1 for anything else. Takes it and `end` off the text.
int take_number(std::string_view& text, char end)
{
    auto stop = std::min(text.find(end), text.size());
    int out = -1;
    auto [rest, ec] = std::from_chars(text.data(), text.data() + stop, out);
    bool is_number = ec == std::errc() && rest == text.data() + stop && out >= 0 && out <= 0xff;
    text.remove_prefix(std::min(stop + 1, text.size()));
    return is_number ? out : -1;
}

}  // namespace

left_behind left_behind_in(const std::string& note)
{
    left_behind out;
    std::string_view rest = note;
    if (!rest.starts_with(mark))
        return out;
    rest.remove_prefix(mark.size());
    auto channel = rest.find(channel_mark);
    if (channel != rest.npos) {
        std::string_view number = rest.substr(channel + channel_mark.size());
        out.channel = std::max(take_number(number, '\n'), 0);
        rest = rest.substr(0, channel);
    }
    while (!rest.empty()) {
        int of = take_number(rest, ':');
        int id = take_number(rest, ',');
        bool is_client = of > 0 && id > 0;
        if (is_client)
            out.clients.emplace_back(static_cast<std::uint8_t>(of), static_cast<std::uint8_t>(id));
    }
    return out;
}

void qmi_port::write_note()
{
    std::string note;
    for (const client& each : clients_)
        note += (note.empty() ? std::string(mark) : ",")
                + std::to_string(static_cast<unsigned>(each.of)) + ":" + std::to_string(each.id);
    if (channel_ != 0)
        note += std::string(channel_mark) + std::to_string(channel_);
    port_.lock().note(note);
}

void qmi_port::note_channel(int channel)
{
    channel_ = channel;
    write_note();
}

message qmi_port::make_release(const client& of) const
{
    message out;
    out.id = release_client;
    out.parameters.push_back(octets(0x01, {static_cast<std::uint8_t>(of.of), of.id}));
    return out;
}

task<bool> qmi_port::open()
{
    auto opened = co_await port_.open();
    if (!opened)
        co_return opened.error();
    clients_.clear();
    channel_ = 0;
    auto reached = co_await reach_device();
    result<bool> cleared = false;
    if (reached)
        cleared = co_await clear_left_behind();
    else
        cleared = reached.error();
    if (!cleared)
        close();
    co_return cleared;
}

/// A proxy wants to be told which device is meant, before anything else.
task<void> qmi_port::reach_device()
{
    if (!port_.is_shared())
        co_return result<void>();
    message asked;
    asked.id = proxy_open;
    asked.parameters.push_back({0x01, bytes()});
    append(asked.parameters.back().value, view_of(port_.device()));
    auto answer = co_await ask(std::move(asked), control_limit);
    if (!answer)
        co_return answer.error();
    unsigned error = error_in(*answer);
    if (error != 0)
        co_return failure(channel_errc::no_device, "qmi-proxy cannot open " + port_.device()
                                                       + " (QMI error " + std::to_string(error)
                                                       + ")");
    co_return result<void>();
}

task<bool> qmi_port::clear_left_behind()
{
    left_behind left = left_behind_in(port_.lock().left_behind());
    for (auto [of, id] : left.clients) {
        client known{static_cast<service>(of), id};
        bool has_channel = known.of == service::sim && left.channel != 0;
        if (has_channel) {
            message closing;
            closing.of = known.of;
            closing.client = known.id;
            closing.id = close_channel;
            closing.parameters.push_back(octets(0x01, {1}));
            closing.parameters.push_back(octets(0x11, {static_cast<std::uint8_t>(left.channel)}));
            auto closed = co_await ask(std::move(closing), usual_apdu_limit);
            if (!closed)
                co_return closed.error();
        }
        auto released = co_await ask(make_release(known), control_limit);
        if (!released)
            co_return released.error();
    }
    port_.lock().note("");
    co_return !left.clients.empty();
}

task<std::uint8_t> qmi_port::client_for(service of)
{
    for (const client& each : clients_)
        if (each.of == of)
            co_return each.id;
    message asked;
    asked.id = allocate_client;
    asked.parameters.push_back(octets(0x01, {static_cast<std::uint8_t>(of)}));
    auto answer = co_await ask(std::move(asked), control_limit);
    if (!answer)
        co_return answer.error();
    if (unsigned error = error_in(*answer); error != 0)
        co_return failure_for("asking for a client id", error);
    const bytes* given = answer->find(0x01);
    bool is_ours =
        given != nullptr && given->size() == 2 && (*given)[0] == static_cast<std::uint8_t>(of);
    if (!is_ours)
        co_return failure(channel_errc::malformed_answer, "a client id from " + port_.device());
    clients_.push_back({of, (*given)[1]});
    write_note();
    co_return (*given)[1];
}

task<message> qmi_port::request(
    service of, std::uint16_t id, std::vector<parameter> with, std::chrono::milliseconds limit)
{
    auto known = co_await client_for(of);
    if (!known)
        co_return known.error();
    message asked;
    asked.of = of;
    asked.client = *known;
    asked.id = id;
    asked.parameters = std::move(with);
    auto answer = co_await ask(std::move(asked), limit);
    co_return answer;
}

task<message> qmi_port::demand(const char* doing, service of, std::uint16_t id,
    std::vector<parameter> with, std::chrono::milliseconds limit)
{
    auto answer = co_await request(of, id, std::move(with), limit);
    if (!answer)
        co_return answer.error();
    if (unsigned error = error_in(*answer); error != 0)
        co_return failure_for(doing, error);
    co_return answer;
}

task<message> qmi_port::ask(message asked, std::chrono::milliseconds limit)
{
    // A control message has one octet for it, and nought is for indications.
    constexpr std::uint16_t last = 0xff;
    transaction_ =
        transaction_ >= last ? std::uint16_t{1} : static_cast<std::uint16_t>(transaction_ + 1);
    asked.transaction = transaction_;
    failure too_late(channel_errc::silent, "modem " + port_.device());
    auto limited = with_timeout(converse(std::move(asked)), limit, std::move(too_late));
    auto answer = co_await std::move(limited);
    bool is_gone = !answer && answer.error() == channel_errc::card_gone;
    if (is_gone) {
        clients_.clear();
        port_.close();
    }
    co_return answer;
}

/// Passes over indications, and over the answers to what nobody waited for.
task<message> qmi_port::converse(message asked)
{
    auto written = co_await port_.write(to_wire(asked));
    if (!written)
        co_return written.error();
    while (true) {
        auto frame = co_await port_.read();
        if (!frame)
            co_return frame.error();
        auto heard = parse(*frame);
        bool is_answer = heard && heard->is_response && heard->of == asked.of
                         && heard->client == asked.client && heard->id == asked.id
                         && heard->transaction == asked.transaction;
        if (is_answer)
            co_return std::move(*heard);
    }
}

asio::awaitable<void> qmi_port::release_clients()
{
    while (!clients_.empty()) {
        auto released = co_await ask(make_release(clients_.back()), control_limit);
        if (!released)
            co_return;
        clients_.pop_back();
        write_note();
    }
}

void qmi_port::close()
{
    for (const client& each : clients_)
        port_.say_last(to_wire(make_release(each)));
    clients_.clear();
    channel_ = 0;
    port_.close();
}

}  // namespace platform::qmi
