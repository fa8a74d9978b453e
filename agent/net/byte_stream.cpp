#include "agent/net/byte_stream.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace agent::net {
namespace {

template <class Stream>
asio::awaitable<std::size_t> read_from(Stream& from, std::span<char> into, error_code& ec)
{
    return from.async_read_some(
        asio::buffer(into.data(), into.size()), asio::redirect_error(asio::use_awaitable, ec));
}

template <class Stream>
asio::awaitable<error_code> write_to(Stream& to, std::string_view text)
{
    error_code ec;
    co_await asio::async_write(
        to, asio::buffer(text), asio::redirect_error(asio::use_awaitable, ec));
    co_return ec;
}

class plain_stream final : public byte_stream {
public:
    explicit plain_stream(stream_socket socket) : socket_(std::move(socket)) {}

    asio::awaitable<error_code> begin() override { co_return error_code(); }
    asio::awaitable<std::size_t> read(std::span<char> into, error_code& ec) override
    {
        return read_from(socket_, into, ec);
    }
    asio::awaitable<error_code> write_all(std::string_view text) override
    {
        return write_to(socket_, text);
    }
    void close() override
    {
        error_code ignored;
        socket_.close(ignored);
    }
    stream_socket& socket() override { return socket_; }

private:
    stream_socket socket_;
};

class tls_stream final : public byte_stream {
public:
    tls_stream(stream_socket socket, asio::ssl::context& context)
        : stream_(std::move(socket), context)
    {
    }

    asio::awaitable<error_code> begin() override
    {
        error_code ec;
        co_await stream_.async_handshake(
            asio::ssl::stream_base::server, asio::redirect_error(asio::use_awaitable, ec));
        co_return ec;
    }
    asio::awaitable<std::size_t> read(std::span<char> into, error_code& ec) override
    {
        return read_from(stream_, into, ec);
    }
    asio::awaitable<error_code> write_all(std::string_view text) override
    {
        return write_to(stream_, text);
    }
    void close() override
    {
        error_code ignored;
        socket().close(ignored);
    }
    stream_socket& socket() override { return stream_.next_layer(); }

private:
    asio::ssl::stream<stream_socket> stream_;
};

}  // namespace

std::shared_ptr<byte_stream> make_plain_stream(stream_socket socket)
{
    return std::make_shared<plain_stream>(std::move(socket));
}

std::shared_ptr<byte_stream> make_tls_stream(stream_socket socket, asio::ssl::context& context)
{
    return std::make_shared<tls_stream>(std::move(socket), context);
}

}  // namespace agent::net
