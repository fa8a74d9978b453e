#include "agent/net/event_feed.hpp"

namespace agent::net {

std::string to_event(const std::string& name, const std::string& data)
{
    return "event: " + name + "\ndata: " + data + "\n\n";
}

void event_feed::publish(const std::string& name, const std::string& data)
{
    entry one;
    one.number = ++last_number_;
    one.text = to_event(name, data);
    entries_.push_back(std::move(one));
    if (entries_.size() > most_kept)
        entries_.pop_front();
    changed_.all();
}

void event_feed::close()
{
    is_closed_ = true;
    changed_.all();
}

asio::awaitable<void> event_feed::follow(stream_writer& to, std::string first, std::string alive)
{
    constexpr std::chrono::seconds heartbeat{15};
    std::uint64_t seen = last_number_;
    bool is_there = co_await to.write(std::move(first));
    while (is_there) {
        std::string text;
        for (const entry& each : entries_) {
            if (each.number <= seen)
                continue;
            text += each.text;
            seen = each.number;
        }
        if (!text.empty()) {
            is_there = co_await to.write(std::move(text));
            continue;
        }
        if (is_closed_)
            co_return;
        bool is_woken = co_await changed_.until_called(heartbeat);
        if (!is_woken)
            is_there = co_await to.write(alive);
    }
}

}  // namespace agent::net
