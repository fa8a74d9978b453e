#pragma once

#include "agent/net/retry.hpp"
#include "agent/report/destination.hpp"
#include "agent/report/outbox.hpp"
#include "platform/clock.hpp"
#include "platform/log.hpp"
#include "platform/wake.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace agent::report {

/// Where a destination stands, for `status`.
struct courier_status {
    std::string name{};
    std::size_t waiting = 0;
    std::optional<platform::timestamp> last_accepted{};
    std::string trouble{};  // the last try's; empty if it was accepted
    bool is_off = false;
    std::uint64_t delivered = 0;  // since the start
};

/// Brings the outbox's reports to one destination, in their order, again and again until it
/// takes them (DESIGN, promise 2).
class courier {
public:
    courier(std::string key, std::unique_ptr<destination> to, outbox& from, net::backoff retries,
        platform::logger& log);

    /// Delivers until it is cancelled.
    asio::awaitable<void> run();
    /// Delivers what waits, once; false if something could not be delivered now.
    asio::awaitable<bool> deliver_all();
    /// Does not wait for the end of a back-off.
    void hurry() { hurry_.all(); }

    destination& to() { return *to_; }
    courier_status status() const;
    /// Called after each change of status().
    void on_change(std::function<void()> call) { on_change_ = std::move(call); }

private:
    /// By value: what waits may change meanwhile.
    asio::awaitable<verdict> try_one(waiting_report one);
    std::chrono::milliseconds delay_for(const verdict& last);
    /// False if it has to be tried again all the same.
    bool note(const waiting_report& one, const verdict& what);

    std::string key_;
    std::unique_ptr<destination> to_;
    outbox& from_;
    net::backoff retries_;
    platform::logger& log_;
    platform::wake hurry_;
    courier_status status_;
    int failures_ = 0;
    std::function<void()> on_change_ = [] {};
};

/// The back-off of reports, and of a broker's connection: 2 s to 15 min.
net::backoff report_backoff();

}  // namespace agent::report
