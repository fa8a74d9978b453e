#include "agent/esim/card_session.hpp"

#include "platform/timeout.hpp"

namespace agent::esim {

asio::awaitable<void> close_card(installer& card, platform::logger& log)
{
    constexpr std::chrono::seconds limit{5};
    failure too_late(platform::channel_errc::silent);
    auto closing = platform::with_timeout(card.close(), limit, too_late);
    auto closed = co_await std::move(closing);
    if (!closed)
        log.info("closing the eUICC: " + closed.error().message());
}

}  // namespace agent::esim
