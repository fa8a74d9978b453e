#pragma once

#include "agent/net/http_server.hpp"
#include "platform/wake.hpp"

#include <cstdint>
#include <deque>
#include <string>

namespace agent::net {

/// What happens, for those who follow: server-sent events (HTML Living Standard, 9.2).
class event_feed {
public:
    /// Tells all followers; `data` is one line of JSON.
    void publish(const std::string& name, const std::string& data);
    /// Sends what is published from now on, until the other side is gone, or close(). Begins with
    /// `first`, and sends `alive` when there was nothing else for a while: or nobody would notice
    /// that the other side is gone.
    asio::awaitable<void> follow(
        stream_writer& to, std::string first, std::string alive = ": still here\n\n");
    /// Nothing follows any more.
    void close();

private:
    struct entry {
        std::uint64_t number = 0;
        std::string text{};
    };

    static constexpr std::size_t most_kept = 64;  // for a follower who reads slowly

    std::deque<entry> entries_;
    std::uint64_t last_number_ = 0;
    bool is_closed_ = false;
    platform::wake changed_;
};

/// One event as it is sent.
std::string to_event(const std::string& name, const std::string& data);

}  // namespace agent::net
