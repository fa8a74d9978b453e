#include "tests/sandbox/server.hpp"

#include "tests/sandbox/coding.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <iterator>

namespace sandbox {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

request to_request(const http::request<http::string_body>& in)
{
    request out;
    out.method = std::string(in.method_string());
    std::string_view target{in.target().data(), in.target().size()};
    out.target = target;
    auto mark = std::min(target.find('?'), target.size());
    out.path = percent_decode(target.substr(0, mark));
    std::string_view query = target.substr(std::min(mark + 1, target.size()));
    while (!query.empty()) {
        auto end = std::min(query.find('&'), query.size());
        std::string_view pair = query.substr(0, end);
        auto equals = std::min(pair.find('='), pair.size());
        out.query[percent_decode(pair.substr(0, equals))] =
            percent_decode(pair.substr(std::min(equals + 1, pair.size())));
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    out.authorization = std::string(in[http::field::authorization]);
    out.idempotency_key = std::string(in["idempotency-key"]);
    out.content_type = std::string(in[http::field::content_type]);
    for (const char* name : {"webhook-id", "webhook-timestamp", "webhook-signature"})
        if (in.find(name) != in.end())
            out.webhook[name] = std::string(in[name]);
    out.admin_protocol = std::string(in["x-admin-protocol"]);
    out.body = in.body();
    return out;
}

/// The answer of a fault that has one of its own; the others spoil the real one.
std::optional<response> answer_of(fault_kind kind)
{
    switch (kind) {
    case fault_kind::empty: return response{.body = ""};
    case fault_kind::html:
        return response{
            .body = "<!DOCTYPE html><html><title>Hotel Wi-Fi</title>Please log in.</html>",
            .content_type = "text/html"};
    case fault_kind::not_json: return response{.body = "{\"header\": oops"};
    case fault_kind::internal:
        return response{.status = 500, .body = "oops", .content_type = "text/plain"};
    case fault_kind::wrong_json: return response{.body = R"({"unexpected":[1,2,3]})"};
    case fault_kind::once_401:
        return response{.status = 401, .body = R"({"message":"Token is no longer valid"})"};
    case fault_kind::too_many:
        return response{.status = 429,
            .body = R"({"title":"Too many requests","status":429})",
            .content_type = "application/problem+json",
            .headers = {{"Retry-After", "1"}}};
    case fault_kind::busy:
        return response{.status = 503, .body = "overloaded", .content_type = "text/plain"};
    case fault_kind::gone:
        return response{.status = 410, .body = R"({"title":"Gone","status":410})"};
    case fault_kind::bad_request:
        return response{.status = 400, .body = R"({"title":"Bad request","status":400})"};
    case fault_kind::redirect:
        return response{.status = 302,
            .body = "",
            .content_type = "text/html",
            .headers = {{"Location", "http://portal.hotel.example/login?next=x"}}};
    default: return std::nullopt;
    }
}

/// Puts behind every word what no terminal should get. What the API's callers compare stays.
void make_hostile(boost::json::value& in, std::string_view name)
{
    constexpr std::string_view kept[] = {"uid", "customerUid", "iccid", "imsi", "activationCode",
        "token", "accessToken", "access_token", "tokenType"};
    if (auto* object = in.if_object())
        for (auto& each : *object)
            make_hostile(each.value(), {each.key().data(), each.key().size()});
    if (auto* array = in.if_array())
        for (auto& each : *array)
            make_hostile(each, name);
    auto* text = in.if_string();
    bool is_word =
        text != nullptr && !text->empty() && (text->front() < '0' || text->front() > '9');
    if (is_word && std::ranges::find(kept, name) == std::end(kept))
        text->append(steering);
}

std::string made_hostile(const std::string& body)
{
    error_code ec;
    auto document = boost::json::parse(body, ec);
    if (ec)
        return body;
    make_hostile(document, "");
    return boost::json::serialize(document);
}

std::string head_of(const response& answer, bool keeps_alive, bool is_endless)
{
    std::string out = "HTTP/1.1 " + std::to_string(answer.status) + " "
                      + std::string(http::obsolete_reason(http::int_to_status(answer.status)))
                      + "\r\nContent-Type: " + answer.content_type + "\r\n";
    for (const auto& [name, value] : answer.headers)
        out += name + ": " + value + "\r\n";
    out += is_endless ? "Transfer-Encoding: chunked\r\n"
                      : "Content-Length: " + std::to_string(answer.body.size()) + "\r\n";
    out += keeps_alive ? "\r\n" : "Connection: close\r\n\r\n";
    return out;
}

template <class Stream>
asio::awaitable<void> wait(Stream& stream, std::chrono::milliseconds time)
{
    asio::steady_timer timer{stream.get_executor(), time};
    co_await timer.async_wait(asio::use_awaitable);
}

/// Sends the answer as the fault wants it. False if the connection must not be used again.
template <class Stream>
asio::awaitable<bool> send(
    Stream& stream, response answer, std::optional<fault_kind> fault, bool keeps_alive, bool apart)
{
    error_code ec;
    auto awaiting = asio::redirect_error(asio::use_awaitable, ec);
    bool is_endless = fault == fault_kind::huge;
    std::string text = head_of(answer, keeps_alive, is_endless);
    if (is_endless) {
        std::string chunk = "10000\r\n" + std::string(0x10000, ' ') + "\r\n";
        co_await asio::async_write(stream, asio::buffer(text), awaiting);
        for (int i = 0; i < 16'384 && !ec; ++i)
            co_await asio::async_write(stream, asio::buffer(chunk), awaiting);
        co_return false;
    }
    if (fault == fault_kind::slow)
        co_await wait(stream, std::chrono::minutes(1));
    if (fault == fault_kind::cut) {
        text += answer.body;
        text.resize(text.size() - std::max(answer.body.size() / 2, std::size_t{4}));
        co_await asio::async_write(stream, asio::buffer(text), awaiting);
        co_return false;
    }
    if (apart) {
        co_await asio::async_write(stream, asio::buffer(text), awaiting);
        text.clear();
    }
    text += answer.body;
    for (std::size_t i = 0; fault == fault_kind::drip && i < text.size() && !ec; ++i) {
        co_await asio::async_write(stream, asio::buffer(text.data() + i, 1), awaiting);
        co_await wait(stream, std::chrono::milliseconds(100));
    }
    if (fault != fault_kind::drip)
        co_await asio::async_write(stream, asio::buffer(text), awaiting);
    co_return !ec && keeps_alive;
}

template <class Stream>
asio::awaitable<void> converse(Stream& stream, const handler& routes, faults* active,
    std::chrono::milliseconds delay, bool apart)
{
    error_code ec;
    boost::beast::flat_buffer buffer;
    bool goes_on = true;
    while (goes_on) {
        http::request_parser<http::string_body> parser;
        co_await http::async_read(
            stream, buffer, parser, asio::redirect_error(asio::use_awaitable, ec));
        if (ec)
            co_return;
        request asked = to_request(parser.get());
        auto fault = active != nullptr ? active->take(asked.target) : std::nullopt;
        bool dies = fault == fault_kind::die || fault == fault_kind::die_after;
        if (fault == fault_kind::die)
            active->kill_device();
        if (fault == fault_kind::drop || fault == fault_kind::die)
            co_return;
        auto instead = fault ? answer_of(*fault) : std::nullopt;
        response answer = instead ? *instead : routes(asked);
        if (fault == fault_kind::hostile)
            answer.body = made_hostile(answer.body);
        if (dies)
            active->kill_device();
        if (dies || fault == fault_kind::drop_after)
            co_return;
        if (delay.count() > 0)
            co_await wait(stream, delay);
        goes_on = co_await send(stream, std::move(answer), fault, parser.get().keep_alive(), apart);
    }
}

}  // namespace

server::server(asio::io_context& io, unsigned short port, asio::ssl::context* tls, handler routes,
    faults* active)
    : acceptor_(io, tcp::endpoint{asio::ip::address_v4::loopback(), port})
    , tls_(tls)
    , routes_(std::move(routes))
    , faults_(active)
{
    asio::co_spawn(io, accept(), asio::detached);
}

unsigned short server::port() const
{
    return acceptor_.local_endpoint().port();
}

asio::awaitable<void> server::accept()
{
    error_code ec;
    while (acceptor_.is_open()) {
        auto socket =
            co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, ec));
        if (ec)
            continue;
        socket.set_option(tcp::no_delay(!writes_apart_));
        auto executor = acceptor_.get_executor();
        if (tls_ != nullptr)
            asio::co_spawn(executor, serve_tls(std::move(socket)), asio::detached);
        else
            asio::co_spawn(executor, serve_plain(std::move(socket)), asio::detached);
    }
}

asio::awaitable<void> server::serve_tls(tcp::socket socket)
{
    error_code ec;
    auto awaiting = asio::redirect_error(asio::use_awaitable, ec);
    asio::ssl::stream<tcp::socket> stream{std::move(socket), *tls_};
    co_await stream.async_handshake(asio::ssl::stream_base::server, awaiting);
    if (ec)
        co_return;
    ++handshakes_;
    co_await converse(stream, routes_, faults_, delay_, writes_apart_);
    stream.next_layer().shutdown(tcp::socket::shutdown_both, ec);
}

asio::awaitable<void> server::serve_plain(tcp::socket socket)
{
    co_await converse(socket, routes_, faults_, delay_, writes_apart_);
}

}  // namespace sandbox
