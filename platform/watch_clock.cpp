#include "platform/watch_clock.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cerrno>
#include <cstdint>
#include <limits>
#include <sys/timerfd.h>
#include <unistd.h>

namespace asio = boost::asio;

namespace platform {

using std::chrono::steady_clock;
using std::chrono::system_clock;

std::chrono::milliseconds set_by(
    system_clock::time_point before, system_clock::time_point now, steady_clock::duration passed)
{
    auto shown = std::chrono::duration_cast<std::chrono::milliseconds>(now - before);
    return std::chrono::abs(shown - std::chrono::duration_cast<std::chrono::milliseconds>(passed));
}

asio::awaitable<void> watch_clock(std::function<void()> changed)
{
    int descriptor = ::timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
    if (descriptor < 0)
        co_return;  // what waits for the clock finds out when it tries again
    asio::posix::stream_descriptor timer(co_await asio::this_coro::executor, descriptor);
    itimerspec never{};
    never.it_value.tv_sec = std::numeric_limits<std::int32_t>::max();  // 2038, if that is 32 bits
    if constexpr (sizeof never.it_value.tv_sec > 4)
        never.it_value.tv_sec = std::numeric_limits<std::int64_t>::max() / 1'000'000'000;
    auto before = system_clock::now();
    auto then = steady_clock::now();
    boost::system::error_code ec;
    while (!ec) {
        ::timerfd_settime(descriptor, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, nullptr);
        co_await timer.async_wait(
            asio::posix::descriptor_base::wait_read, asio::redirect_error(asio::use_awaitable, ec));
        std::uint64_t count = 0;
        bool was_set = !ec && ::read(descriptor, &count, sizeof count) < 0 && errno == ECANCELED;
        if (!was_set)
            continue;
        constexpr std::chrono::minutes worth_telling{1};
        auto now = system_clock::now();
        auto today = steady_clock::now();
        if (set_by(before, now, today - then) > worth_telling)
            changed();
        before = now;
        then = today;
    }
}

}  // namespace platform
