#include "tests/support/scripted_server.hpp"

#include "tests/support/temporary.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace tests {
namespace {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using boost::system::error_code;

std::size_t body_size(const std::string& head)
{
    auto at = head.find("Content-Length: ");
    return at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
}

template <class Stream>
asio::awaitable<void> wait(Stream& stream, std::chrono::milliseconds time)
{
    asio::steady_timer timer{stream.get_executor(), time};
    co_await timer.async_wait(asio::use_awaitable);
}

}  // namespace

std::string http_answer(
    unsigned status, const std::string& body, const std::string& headers, const std::string& type)
{
    return "HTTP/1.1 " + std::to_string(status) + " Scripted\r\nContent-Type: " + type
           + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers + "\r\n"
           + body;
}

const authority& test_authority()
{
    static const authority made{"the tests' authority"};
    return made;
}

const std::string& test_ca_file()
{
    static const temporary_directory directory;
    static const std::string file = directory.write("ca.pem", test_authority().certificate());
    return file;
}

scripted_server::scripted_server(
    asio::io_context& io, std::deque<scripted> script, server_tls settings)
    : settings_(std::move(settings))
    , tls_(ssl::context::tls_server)
    , acceptor_(io, tcp::endpoint{asio::ip::address_v4::loopback(), 0})
    , script_(std::move(script))
{
    static const authority stranger{"somebody else"};
    const authority& issuer = settings_.is_trusted ? test_authority() : stranger;
    identity shown = issuer.issue(settings_.certificate);
    tls_.use_certificate_chain(asio::buffer(shown.certificate));
    tls_.use_private_key(asio::buffer(shown.key), ssl::context::pem);
    if (settings_.is_old) {
        SSL_CTX_set_cipher_list(tls_.native_handle(), "ALL:@SECLEVEL=0");
        SSL_CTX_set_min_proto_version(tls_.native_handle(), TLS1_VERSION);
        SSL_CTX_set_max_proto_version(tls_.native_handle(), TLS1_1_VERSION);
    }
    if (settings_.asks_for_certificate) {
        tls_.set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
        tls_.add_certificate_authority(asio::buffer(test_authority().certificate()));
    }
    asio::co_spawn(io, accept(), asio::detached);
}

asio::awaitable<void> scripted_server::accept()
{
    while (true) {
        auto socket = co_await acceptor_.async_accept(asio::use_awaitable);
        ++connections_;
        asio::co_spawn(acceptor_.get_executor(), serve(std::move(socket)), asio::detached);
    }
}

asio::awaitable<void> scripted_server::serve(tcp::socket socket)
{
    if (settings_.is_plain) {
        co_await converse(socket);
        co_return;
    }
    error_code ec;
    ssl::stream<tcp::socket> stream{std::move(socket), tls_};
    co_await stream.async_handshake(
        ssl::stream_base::server, asio::redirect_error(asio::use_awaitable, ec));
    if (ec)
        co_return;
    if (X509* client = SSL_get0_peer_certificate(stream.native_handle())) {
        char name[64] = "";
        X509_NAME_get_text_by_NID(X509_get_subject_name(client), NID_commonName, name, sizeof name);
        client_name_ = name;
    }
    co_await converse(stream);
}

template <class Stream>
asio::awaitable<void> scripted_server::converse(Stream& stream)
{
    error_code ec;
    auto awaiting = asio::redirect_error(asio::use_awaitable, ec);
    std::string data;
    while (true) {
        auto buffer = asio::dynamic_buffer(data);
        std::size_t head = co_await asio::async_read_until(stream, buffer, "\r\n\r\n", awaiting);
        if (ec)
            co_return;
        std::size_t whole = head + body_size(data.substr(0, head));
        if (data.size() < whole)
            co_await asio::async_read(
                stream, buffer, asio::transfer_at_least(whole - data.size()), awaiting);
        received_.push_back(data.substr(0, whole));
        data.erase(0, whole);

        scripted line;
        line.answer = http_answer(418, "{}");
        if (!script_.empty()) {
            line = std::move(script_.front());
            script_.pop_front();
        }
        if (line.hang_up)
            co_return;
        if (line.stay_silent)
            co_await wait(stream, std::chrono::hours(1));
        for (std::size_t i = 0; line.drip && !ec && i < line.answer.size(); ++i) {
            co_await asio::async_write(stream, asio::buffer(line.answer.data() + i, 1), awaiting);
            co_await wait(stream, std::chrono::milliseconds(20));
        }
        if (!line.drip)
            co_await asio::async_write(stream, asio::buffer(line.answer), awaiting);
        if (!ec && !line.afterwards.empty())
            co_await asio::async_write(stream, asio::buffer(line.afterwards), awaiting);
        if (ec || line.close_after)
            co_return;
    }
}

}  // namespace tests
