#include "platform/task_group.hpp"

#include "platform/wake.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <vector>

namespace asio = boost::asio;

namespace platform {
namespace {

bool is_cancellation(const std::exception_ptr& exception)
{
    try {
        std::rethrow_exception(exception);
    } catch (const boost::system::system_error& error) {
        return error.code() == asio::error::operation_aborted;
    } catch (...) {
        return false;
    }
}

}  // namespace

void task_group::spawn(asio::awaitable<void> work)
{
    auto entry = running_.emplace(running_.end());
    auto finish = [this, entry](std::exception_ptr exception) {
        running_.erase(entry);
        if (exception && !is_cancellation(exception))
            on_failure_(exception);
        if (running_.empty())
            on_end_();
    };
    asio::co_spawn(executor_, std::move(work), asio::bind_cancellation_slot(entry->slot(), finish));
}

void task_group::cancel()
{
    // Ending one may begin or end others.
    std::vector<asio::cancellation_signal*> all;
    all.reserve(running_.size());
    for (auto& each : running_)
        all.push_back(&each);
    for (auto* each : all) {
        bool is_running = false;
        for (auto& other : running_)
            is_running = is_running || &other == each;
        if (is_running)
            each->emit(asio::cancellation_type::terminal);
    }
}

asio::awaitable<void> task_group::ended()
{
    cancel();
    constexpr std::chrono::milliseconds again{200};
    wake last;
    on_end_ = [&last] { last.all(); };
    while (!running_.empty()) {
        bool has_ended = co_await last.until_called(again);
        // One that was tidying up did not hear it the first time.
        if (!has_ended)
            cancel();
    }
    on_end_ = [] {};
}

}  // namespace platform
