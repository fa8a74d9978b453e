#pragma once

#include "tests/support/pki.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <deque>
#include <string>
#include <vector>

namespace tests {

/// What the server does with one request.
struct scripted {
    std::string answer{};      // all bytes of it; see json() below
    bool hang_up = false;      // close instead of answering
    bool stay_silent = false;  // never answer
    bool drip = false;         // a byte each 20 ms
    std::string afterwards{};  // said unasked behind the answer, in TLS records of its own
    bool close_after = false;  // answer, then close
};

/// A whole HTTP answer with a JSON body (or another, by `type`).
std::string http_answer(unsigned status, const std::string& body, const std::string& headers = "",
    const std::string& type = "application/json");

struct server_tls {
    certificate_request certificate{};
    bool is_trusted = true;  // issued by the authority that clients trust
    bool is_old = false;     // TLS 1.1 at most
    bool is_plain = false;   // no TLS at all
    bool asks_for_certificate = false;
};

/// An HTTPS server on 127.0.0.1 that plays its script, one line a request, on as many
/// connections as it takes. Runs on the test's own io_context: no threads, no fixed ports,
/// no files. A request beyond the script is answered with 418.
class scripted_server {
public:
    scripted_server(boost::asio::io_context& io, std::deque<scripted> script, server_tls tls = {});

    unsigned short port() const { return acceptor_.local_endpoint().port(); }
    /// The requests as they came: head and body.
    const std::vector<std::string>& received() const { return received_; }
    int connections() const { return connections_; }
    /// The certificate of the last client that showed one, by its common name.
    const std::string& client_name() const { return client_name_; }

private:
    using tcp = boost::asio::ip::tcp;

    boost::asio::awaitable<void> accept();
    boost::asio::awaitable<void> serve(tcp::socket socket);
    template <class Stream>
    boost::asio::awaitable<void> converse(Stream& stream);

    server_tls settings_;
    boost::asio::ssl::context tls_;
    tcp::acceptor acceptor_;
    std::deque<scripted> script_;
    std::vector<std::string> received_;
    std::string client_name_;
    int connections_ = 0;
};

/// The authority that the tests' clients trust, and a file with its certificate.
const authority& test_authority();
const std::string& test_ca_file();

}  // namespace tests
