#include "agent/net/byte_stream.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace agent::net {
namespace {

class plain_stream final : public byte_stream {
public:
    explicit plain_stream(stream_socket socket) : socket_(std::move(socket)) {}

    asio::awaitable<error_code> begin() override { co_return error_code(); }
    asio::awaitable<std::size_t> read(std::span<char> into, error_code& ec) override
    {
        acknowledge_at_once();
        return socket_.async_read_some(
            asio::buffer(into.data(), into.size()), asio::redirect_error(asio::use_awaitable, ec));
    }
    asio::awaitable<error_code> write_all(std::string_view text) override
    {
        error_code ec;
        co_await asio::async_write(
            socket_, asio::buffer(text), asio::redirect_error(asio::use_awaitable, ec));
        co_return ec;
    }
    stream_socket& socket() override { return socket_; }

private:
    stream_socket socket_;
};

}  // namespace

void byte_stream::close()
{
    error_code ignored;
    socket().close(ignored);
}

void byte_stream::acknowledge_at_once()
{
    constexpr int at_once = 1;
    ::setsockopt(socket().native_handle(), IPPROTO_TCP, TCP_QUICKACK, &at_once, sizeof at_once);
}

std::shared_ptr<byte_stream> make_plain_stream(stream_socket socket)
{
    return std::make_shared<plain_stream>(std::move(socket));
}

}  // namespace agent::net
