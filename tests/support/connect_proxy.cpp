#include "tests/support/connect_proxy.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <memory>

namespace tests {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using shared_socket = std::shared_ptr<tcp::socket>;

asio::awaitable<void> relay(shared_socket from, shared_socket to)
{
    boost::system::error_code ec;
    auto awaiting = asio::redirect_error(asio::use_awaitable, ec);
    char block[4096];
    while (!ec) {
        std::size_t size = co_await from->async_read_some(asio::buffer(block), awaiting);
        if (!ec)
            co_await asio::async_write(*to, asio::buffer(block, size), awaiting);
    }
    to->shutdown(tcp::socket::shutdown_send, ec);
}

}  // namespace

connect_proxy::connect_proxy(asio::io_context& io, unsigned short target)
    : acceptor_(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)), target_(target)
{
    asio::co_spawn(io, accept(), asio::detached);
}

asio::awaitable<void> connect_proxy::accept()
{
    while (true) {
        auto client = co_await acceptor_.async_accept(asio::use_awaitable);
        asio::co_spawn(acceptor_.get_executor(), serve(std::move(client)), asio::detached);
    }
}

asio::awaitable<void> connect_proxy::serve(tcp::socket client)
{
    boost::system::error_code ec;
    auto awaiting = asio::redirect_error(asio::use_awaitable, ec);
    asked_.clear();
    auto buffer = asio::dynamic_buffer(asked_);
    co_await asio::async_read_until(client, buffer, "\r\n\r\n", awaiting);
    auto executor = client.get_executor();
    auto near = std::make_shared<tcp::socket>(std::move(client));
    auto far = std::make_shared<tcp::socket>(executor);
    tcp::endpoint target(asio::ip::address_v4::loopback(), target_);
    co_await far->async_connect(target, awaiting);
    const std::string answer = "HTTP/1.1 200 Connection established\r\n\r\n";
    co_await asio::async_write(*near, asio::buffer(answer), awaiting);
    asio::co_spawn(executor, relay(near, far), asio::detached);
    co_await relay(far, near);
}

}  // namespace tests
