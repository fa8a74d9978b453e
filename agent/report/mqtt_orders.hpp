#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace agent::report {

/// The orders that come to one topic: when to subscribe to it, and what has come. Pure: no clock of
/// its own.
class mqtt_orders {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// An empty topic: none are taken.
    explicit mqtt_orders(std::string topic) : topic_(std::move(topic)) {}

    const std::string& topic() const { return topic_; }

    /// When to subscribe once more; nothing as long as that is not needed.
    std::optional<time_point> due() const { return due_; }
    /// The broker was asked.
    void asked() { due_.reset(); }
    /// The broker has refused: it is asked again, ever more rarely. A cluster that has just lost a
    /// node lets clients in before it lets them subscribe. True the first time.
    bool refused(time_point now);

    /// Keeps a message, if it is to that very topic. More than an order may have is cut to one
    /// octet more, so that whoever reads it sees that it is too long.
    void keep(std::string_view topic, std::string_view text);
    /// What was kept, once.
    std::vector<std::string> take() { return std::exchange(kept_, {}); }

private:
    std::string topic_;
    std::optional<time_point> due_{};
    int refusals_ = 0;
    std::vector<std::string> kept_{};
};

}  // namespace agent::report
