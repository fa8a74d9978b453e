#include "tests/support/framed_peer.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <unistd.h>

namespace asio = boost::asio;
using platform::bytes, platform::byte_view, platform::error_code;

namespace tests {

framed_peer::framed_peer(asio::io_context& io, platform::frame_length length, responder answer)
    : acceptor_(io), length_(length), answer_(std::move(answer))
{
    static int count = 0;
    name_ = "esim-agent-test-" + std::to_string(::getpid()) + "-" + std::to_string(++count);
    acceptor_.open();
    acceptor_.bind(std::string(1, '\0') + name_);
    acceptor_.listen();
    asio::co_spawn(io, accept(), asio::detached);
}

asio::awaitable<void> framed_peer::accept()
{
    error_code ec;
    while (!ec) {
        auto client =
            co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, ec));
        if (!ec)
            asio::co_spawn(acceptor_.get_executor(), serve(std::move(client)), asio::detached);
    }
}

asio::awaitable<void> framed_peer::serve(asio::local::stream_protocol::socket client)
{
    error_code ec;
    bytes inbox;
    std::array<std::uint8_t, 4096> block{};
    while (!hangs_up_) {
        std::size_t length = length_(inbox).value();
        if (length == 0 || inbox.size() < length) {
            std::size_t got = co_await client.async_read_some(
                asio::buffer(block), asio::redirect_error(asio::use_awaitable, ec));
            if (ec)
                co_return;
            platform::append(inbox, byte_view(block).first(got));
            continue;
        }
        auto end = inbox.begin() + static_cast<std::ptrdiff_t>(length);
        received_.emplace_back(inbox.begin(), end);
        inbox.erase(inbox.begin(), end);
        bytes said = answer_(received_.back());
        if (!said.empty())
            co_await asio::async_write(
                client, asio::buffer(said), asio::redirect_error(asio::use_awaitable, ec));
    }
}

}  // namespace tests
