#include "agent/net/byte_stream.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace agent::net {
namespace {

template <class Stream>
class stream_over : public byte_stream {
public:
    template <class... Arguments>
    explicit stream_over(Arguments&&... arguments) : stream_(std::forward<Arguments>(arguments)...)
    {
    }

    asio::awaitable<std::size_t> read(std::span<char> into, error_code& ec) override
    {
        // A server that writes head and body apart (Nagle) sends the second once the first is
        // acknowledged, which Linux puts off by 40 ms unless it is asked for each time (tcp(7)).
        // On a Unix socket this fails, and does no harm.
        constexpr int at_once = 1;
        ::setsockopt(socket().native_handle(), IPPROTO_TCP, TCP_QUICKACK, &at_once, sizeof at_once);
        return stream_.async_read_some(
            asio::buffer(into.data(), into.size()), asio::redirect_error(asio::use_awaitable, ec));
    }
    asio::awaitable<error_code> write_all(std::string_view text) override
    {
        error_code ec;
        co_await asio::async_write(
            stream_, asio::buffer(text), asio::redirect_error(asio::use_awaitable, ec));
        co_return ec;
    }
    void close() override
    {
        error_code ignored;
        socket().close(ignored);
    }

protected:
    Stream& stream() { return stream_; }

private:
    Stream stream_;
};

class plain_stream final : public stream_over<stream_socket> {
public:
    using stream_over::stream_over;

    asio::awaitable<error_code> begin() override { co_return error_code(); }
    stream_socket& socket() override { return stream(); }
};

class tls_stream final : public stream_over<asio::ssl::stream<stream_socket>> {
public:
    tls_stream(stream_socket socket, asio::ssl::context& context,
        asio::ssl::stream_base::handshake_type side)
        : stream_over(std::move(socket), context), side_(side)
    {
    }

    asio::awaitable<error_code> begin() override
    {
        error_code ec;
        co_await stream().async_handshake(side_, asio::redirect_error(asio::use_awaitable, ec));
        co_return ec;
    }
    stream_socket& socket() override { return stream().next_layer(); }
    SSL* tls() override { return stream().native_handle(); }

private:
    asio::ssl::stream_base::handshake_type side_;
};

}  // namespace

std::shared_ptr<byte_stream> make_plain_stream(stream_socket socket)
{
    return std::make_shared<plain_stream>(std::move(socket));
}

std::shared_ptr<byte_stream> make_tls_stream(
    stream_socket socket, asio::ssl::context& context, asio::ssl::stream_base::handshake_type side)
{
    return std::make_shared<tls_stream>(std::move(socket), context, side);
}

}  // namespace agent::net
