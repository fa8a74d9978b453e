#include "agent/net/byte_stream.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <new>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

namespace agent::net {
namespace {

int descriptor_of(BIO* bio)
{
    return static_cast<stream_socket*>(BIO_get_data(bio))->native_handle();
}

bool is_for_later(ssize_t done)
{
    return done < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
}

// OpenSSL's own BIO for sockets would let SIGPIPE end the process.
int send_octets(BIO* bio, const char* data, int size)
{
    BIO_clear_retry_flags(bio);
    ssize_t done = ::send(descriptor_of(bio), data, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    if (is_for_later(done))
        BIO_set_retry_write(bio);
    return static_cast<int>(done);
}

int receive_octets(BIO* bio, char* into, int size)
{
    BIO_clear_retry_flags(bio);
    ssize_t done = ::recv(descriptor_of(bio), into, static_cast<std::size_t>(size), 0);
    if (is_for_later(done))
        BIO_set_retry_read(bio);
    return static_cast<int>(done);
}

long control(BIO*, int command, long, void*)
{
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

int create(BIO* bio)
{
    BIO_set_init(bio, 1);
    return 1;
}

/// A BIO that sends and receives on a socket, and keeps nothing.
const BIO_METHOD* socket_method()
{
    static BIO_METHOD* method = [] {
        BIO_METHOD* out = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
        BIO_meth_set_write(out, send_octets);
        BIO_meth_set_read(out, receive_octets);
        BIO_meth_set_ctrl(out, control);
        BIO_meth_set_create(out, create);
        return out;
    }();
    return method;
}

error_code error_of(int state)
{
    auto why = ERR_get_error();
    bool is_cut =
        state == SSL_ERROR_SYSCALL || ERR_GET_REASON(why) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
    if (state == SSL_ERROR_ZERO_RETURN)
        return asio::error::eof;
    if (state == SSL_ERROR_SYSCALL && errno != 0)
        return {errno, boost::system::system_category()};
    if (is_cut)
        return asio::ssl::error::stream_truncated;
    return {static_cast<int>(why), asio::error::get_ssl_category()};
}

/// OpenSSL reads and writes the socket itself, and the loop says when: a connection that rests
/// holds no buffer. (Asio's ssl::stream holds four, of 17 kB each.)
class tls_stream final : public byte_stream {
public:
    tls_stream(stream_socket socket, SSL_CTX* context, tls_side side)
        : socket_(std::move(socket)), tls_(SSL_new(context))
    {
        BIO* bio = BIO_new(socket_method());
        if (!tls_ || bio == nullptr)
            throw std::bad_alloc();
        BIO_set_data(bio, &socket_);
        SSL_set_bio(tls_.get(), bio, bio);
        SSL_set_mode(tls_.get(), SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
        side == tls_side::client ? SSL_set_connect_state(tls_.get())
                                 : SSL_set_accept_state(tls_.get());
        error_code ignored;  // the first call tells
        socket_.native_non_blocking(true, ignored);
    }

    asio::awaitable<error_code> begin() override
    {
        error_code ec;
        co_await carry_out(SSL_do_handshake, ec);
        co_return ec;
    }
    asio::awaitable<std::size_t> read(std::span<char> into, error_code& ec) override
    {
        acknowledge_at_once();
        // First the loop has its turn, or who sends without end would keep it.
        ec = error_code();
        if (SSL_has_pending(tls_.get()) == 0)
            co_await ready(stream_socket::wait_read, ec);
        auto take = [into](SSL* tls) { return SSL_read(tls, into.data(), size_of(into.size())); };
        int taken = co_await carry_out(take, ec);
        co_return static_cast<std::size_t>(taken);
    }
    asio::awaitable<error_code> write_all(std::string_view text) override
    {
        error_code ec;
        while (!text.empty() && !ec) {
            auto give = [text](
                            SSL* tls) { return SSL_write(tls, text.data(), size_of(text.size())); };
            int given = co_await carry_out(give, ec);
            text.remove_prefix(static_cast<std::size_t>(given));
        }
        co_return ec;
    }
    stream_socket& socket() override { return socket_; }
    SSL* tls() override { return tls_.get(); }

private:
    static int size_of(std::size_t octets)
    {
        return static_cast<int>(std::min<std::size_t>(octets, 1U << 30U));
    }

    /// Calls until it is done; 0 and an error if that is not to be.
    asio::awaitable<int> carry_out(std::function<int(SSL*)> call, error_code& ec)
    {
        while (!ec) {
            ERR_clear_error();
            errno = 0;
            int done = call(tls_.get());
            if (done > 0)
                co_return done;
            int state = SSL_get_error(tls_.get(), done);
            if (state == SSL_ERROR_WANT_READ)
                co_await ready(stream_socket::wait_read, ec);
            else if (state == SSL_ERROR_WANT_WRITE)
                co_await ready(stream_socket::wait_write, ec);
            else
                ec = error_of(state);
        }
        co_return 0;
    }
    asio::awaitable<void> ready(stream_socket::wait_type what, error_code& ec)
    {
        co_await socket_.async_wait(what, asio::redirect_error(asio::use_awaitable, ec));
    }

    struct ended {
        void operator()(SSL* tls) const { SSL_free(tls); }
    };

    stream_socket socket_;
    std::unique_ptr<SSL, ended> tls_;
};

}  // namespace

std::shared_ptr<byte_stream> make_tls_stream(
    stream_socket socket, asio::ssl::context& context, tls_side side)
{
    return std::make_shared<tls_stream>(std::move(socket), context.native_handle(), side);
}

}  // namespace agent::net
