#include "agent/net/http_client.hpp"

#include "agent/base/redact.hpp"
#include "agent/net/connect.hpp"
#include "agent/net/error.hpp"
#include "agent/net/resolve.hpp"
#include "agent/net/timeout.hpp"
#include "platform/text.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <algorithm>
#include <optional>

namespace agent::net {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using clock = std::chrono::steady_clock;

using allocator = platform::wiping_allocator<char>;
using body = http::basic_string_body<char, std::char_traits<char>, allocator>;
using fields = http::basic_fields<allocator>;
using message = http::request<body, fields>;

/// How far an exchange has come, for the words and the class of its failure.
struct progress {
    const char* doing = "looking up the name";
    bool is_sent = false;      // some of the request may have left
    bool is_answered = false;  // something came back
};

/// Runs of 15 digits and more are ICCIDs, IMSIs and the like: the log keeps their end.
std::string without_long_numbers(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = std::min(text.find_first_not_of("0123456789", i), text.size());
        bool is_long = end - i >= 15;
        out += is_long ? "..." : "";
        out += is_long ? text.substr(end - 4, 4) : text.substr(i, end - i);
        if (end < text.size())
            out += text[end];
        i = end + 1;
    }
    return out;
}

message to_beast(const origin& where, const std::string& user_agent, http_request&& request)
{
    message out{http::string_to_verb(request.method), request.target, 11};
    out.set(http::field::host, to_string(where));
    out.set(http::field::user_agent, user_agent);
    for (const header& extra : request.headers)
        out.set(extra.name, std::string_view(extra.value));
    out.body() = std::move(request.body);
    bool has_body = !out.body().empty() || request.method != "GET";
    if (has_body)
        out.content_length(out.body().size());
    return out;
}

http_response from_beast(http::response<body, fields>&& answer)
{
    http_response out;
    out.status = answer.result_int();
    for (const auto& field : answer)
        out.headers.push_back({std::string(field.name_string()), wiped_string(field.value())});
    out.body = std::move(answer.body());
    return out;
}

}  // namespace

std::string_view http_response::operator[](std::string_view name) const
{
    for (const header& field : headers)
        if (platform::same_ignoring_case(field.name, name))
            return field.value;
    return {};
}

namespace {

/// One TLS connection, kept between exchanges.
struct connection {
    connection(tcp::socket socket, asio::ssl::context& tls, origin peer)
        : where(std::move(peer)), stream(std::move(socket), tls)
    {
    }

    /// True if the other side closed it, or said something unasked, while it lay idle.
    bool is_stale()
    {
        char byte = 0;
        ssize_t size =
            ::recv(stream.next_layer().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        return size >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
    }

    /// True if more came than was asked for: the next answer would be another's.
    bool holds_more()
    {
        SSL* tls = stream.native_handle();
        return buffer.size() != 0 || SSL_has_pending(tls) != 0
               || BIO_pending(SSL_get_rbio(tls)) != 0;
    }

    origin where;
    asio::ssl::stream<tcp::socket> stream;
    peer_fault fault;
    clock::time_point last_used{};
    beast::basic_flat_buffer<allocator> buffer;
};

failure transport_failure(const error_code& ec)
{
    if (auto refusal = certificate_refusal(ec))
        return *refusal;
    if (ec == http::error::body_limit || ec == http::error::header_limit)
        return {errc::malformed_answer, "the answer is larger than any this API gives"};
    if (ec.category() == make_error_code(http::error::bad_version).category()
        && ec != http::error::end_of_stream && ec != http::error::partial_message)
        return {errc::malformed_answer, "this is not HTTP: " + ec.message()};
    if (ec == http::error::end_of_stream || ec == http::error::partial_message
        || ec == asio::error::eof || ec == asio::ssl::error::stream_truncated)
        return {errc::unreachable, "the connection was cut in the middle of the answer"};
    return {errc::unreachable, ec.message()};
}

/// Asks `via` for a tunnel to `where` (RFC 9110, section 9.3.6).
task<tcp::socket> tunnel(tcp::socket socket, origin where, const proxy& via)
{
    error_code ec;
    auto awaiting = asio::redirect_error(asio::use_awaitable, ec);
    std::string target = to_string(where, 0);
    http::request<http::empty_body, fields> ask{http::verb::connect, target, 11};
    ask.set(http::field::host, target);
    if (!via.authorization.empty())
        ask.set(http::field::proxy_authorization, via.authorization.reveal());
    co_await http::async_write(socket, ask, awaiting);

    beast::flat_buffer buffer;
    http::response_parser<http::empty_body> parser;
    parser.skip(true);
    if (!ec)
        co_await http::async_read_header(socket, buffer, parser, awaiting);
    std::string name = "the proxy " + to_string(via.where, 0);
    if (ec)
        co_return failure(errc::unreachable, name + " broke off: " + ec.message());
    unsigned status = parser.get().result_int();
    std::string words = name + " answered HTTP " + std::to_string(status);
    if (status == 407)
        co_return failure(errc::proxy_refused, words);
    if (status < 200 || status > 299)
        co_return failure(errc::unreachable, words + " to CONNECT " + target);
    co_return std::move(socket);
}

}  // namespace

struct http_client::core {
    core(http_settings chosen, platform::logger& lines) : settings(std::move(chosen)), log(lines) {}

    result<asio::ssl::context*> tls_context();
    std::unique_ptr<connection> take_idle(const origin& where);
    task<tcp::socket> reach(origin where, std::shared_ptr<progress> state);
    task<std::unique_ptr<connection>> open(origin where, std::shared_ptr<progress> state);
    task<http_response> ask(
        std::unique_ptr<connection> on, message request, std::shared_ptr<progress> state);
    task<http_response> attempt(
        origin where, message request, bool is_repeatable, std::shared_ptr<progress> state);

    http_settings settings;
    platform::logger& log;
    platform::clock_reading time = platform::read_clock();
    std::optional<asio::ssl::context> tls;
    clock::time_point tls_made{};
    std::vector<std::unique_ptr<connection>> idle;
};

result<asio::ssl::context*> http_client::core::tls_context()
{
    // Made anew once the clock was set, and now and then, since files with certificates change.
    constexpr std::chrono::hours longest_use{1};
    auto now = platform::read_clock();
    bool is_old =
        tls && (now.is_plausible() != time.is_plausible() || clock::now() - tls_made > longest_use);
    if (is_old) {
        idle.clear();
        tls.reset();
    }
    if (!tls) {
        time = now;
        tls_made = clock::now();
        if (!time.is_plausible())
            log.warning("the system clock is before the time this program was built; "
                        "certificates are checked at the build time");
        auto made = make_tls_context(settings.tls, time);
        if (!made)
            return made.error();
        tls.emplace(std::move(*made));
    }
    return &*tls;
}

std::unique_ptr<connection> http_client::core::take_idle(const origin& where)
{
    // What lay idle longer may be forgotten by a NAT between, which nobody is told.
    constexpr std::chrono::seconds longest_rest{30};
    auto oldest = clock::now() - longest_rest;
    std::erase_if(
        idle, [oldest](auto& kept) { return kept->last_used < oldest || kept->is_stale(); });
    auto found = std::ranges::find(idle, where, [](auto& kept) { return kept->where; });
    if (found == idle.end())
        return nullptr;
    auto taken = std::move(*found);
    idle.erase(found);
    return taken;
}

task<tcp::socket> http_client::core::reach(origin where, std::shared_ptr<progress> state)
{
    const auto& proxies = settings.proxies;
    bool is_direct = !proxies.through || is_exempt(proxies, where.host);
    origin hop = where;
    if (!is_direct)
        hop = proxies.through->where;
    auto addresses = co_await resolve(hop);
    std::string name = is_direct ? "" : "the proxy ";
    if (!addresses)
        co_return addresses.error().after(name);
    state->doing = "connecting";
    auto connecting = connect(std::move(*addresses));
    auto socket = co_await with_timeout(std::move(connecting), settings.connect_limit);
    if (!socket)
        co_return socket.error().saying(
            name + to_string(hop) + ": "
            + (socket.error() == errc::timeout ? "no connection in time"
                                               : socket.error().detail()));
    error_code ignored;
    (*socket)->set_option(tcp::no_delay(true), ignored);
    if (is_direct)
        co_return std::move(**socket);
    state->doing = "waiting for the proxy";
    co_return co_await tunnel(std::move(**socket), where, *proxies.through);
}

task<std::unique_ptr<connection>> http_client::core::open(
    origin where, std::shared_ptr<progress> state)
{
    auto context = tls_context();
    if (!context)
        co_return context.error();
    auto socket = co_await reach(where, state);
    if (!socket)
        co_return socket.error();
    state->doing = "in the TLS handshake";
    auto opened = std::make_unique<connection>(std::move(*socket), **context, where);
    auto expected = expect_peer(opened->stream.native_handle(), where.host, opened->fault);
    if (!expected)
        co_return expected.error();
    error_code ec;
    co_await opened->stream.async_handshake(
        asio::ssl::stream_base::client, asio::redirect_error(asio::use_awaitable, ec));
    if (ec)
        co_return handshake_failure(ec, where.host, opened->fault, time);
    co_return std::move(opened);
}

task<http_response> http_client::core::ask(
    std::unique_ptr<connection> on, message request, std::shared_ptr<progress> state)
{
    error_code ec;
    auto awaiting = asio::redirect_error(asio::use_awaitable, ec);
    state->doing = "waiting for the answer";
    state->is_sent = true;
    co_await http::async_write(on->stream, request, awaiting);
    if (ec)
        co_return transport_failure(ec);

    std::optional<http::response_parser<body, allocator>> parser;
    do {  // an interim answer (1xx) comes before the real one
        parser.emplace();
        parser->body_limit(settings.max_body);
        parser->header_limit(32 * 1024);
        co_await http::async_read_header(on->stream, on->buffer, *parser, awaiting);
        if (ec)
            co_return transport_failure(ec);
    } while (parser->get().result_int() < 200);
    state->is_answered = true;
    co_await http::async_read(on->stream, on->buffer, *parser, awaiting);
    if (ec)
        co_return transport_failure(ec);
    bool may_stay = parser->get().keep_alive() && !on->holds_more();
    http_response answer = from_beast(parser->release());
    if (may_stay) {
        on->last_used = clock::now();
        idle.push_back(std::move(on));
    }
    co_return std::move(answer);
}

task<http_response> http_client::core::attempt(
    origin where, message request, bool is_repeatable, std::shared_ptr<progress> state)
{
    // What must not be repeated gets a fresh connection: one less way to lose its answer.
    auto kept = is_repeatable ? take_idle(where) : nullptr;
    if (kept) {
        message copy = request;
        auto answer = co_await ask(std::move(kept), std::move(copy), state);
        bool is_lost_race = !answer && !state->is_answered;
        if (!is_lost_race)
            co_return std::move(answer);  // else the server closed it just as we wrote
    }
    state->is_sent = false;
    auto opened = co_await open(where, state);
    if (!opened)
        co_return opened.error();
    co_return co_await ask(std::move(*opened), std::move(request), state);
}

http_client::http_client(http_settings settings, platform::logger& log)
    : core_(std::make_unique<core>(std::move(settings), log))
{
}

http_client::~http_client() = default;

task<http_response> http_client::exchange(origin where, http_request request)
{
    auto state = std::make_shared<progress>();
    auto started = clock::now();
    bool is_repeatable = request.is_repeatable;
    std::string what = request.method + " https://" + to_string(where) + request.target;
    message prepared = to_beast(where, core_->settings.user_agent, std::move(request));
    auto attempt = core_->attempt(where, std::move(prepared), is_repeatable, state);
    auto answer = co_await with_timeout(std::move(attempt), core_->settings.exchange_limit);

    using std::chrono::milliseconds, std::chrono::duration_cast;
    auto passed = duration_cast<milliseconds>(clock::now() - started).count();
    std::string line = redact(without_long_numbers(what)) + ": ";
    if (answer) {
        line += "HTTP " + std::to_string(answer->status) + ", "
                + std::to_string(answer->body.size()) + " bytes, " + std::to_string(passed) + " ms";
        core_->log.debug(line);
        co_return std::move(answer);
    }
    failure why = answer.error();
    if (why == errc::timeout && why.detail().empty()) {
        auto limit = core_->settings.exchange_limit.count();
        why = failure(errc::timeout,
            to_string(where) + ": given up after " + std::to_string(limit) + " ms " + state->doing);
    }
    core_->log.debug(line + why.message());
    if (state->is_sent && !is_repeatable)
        co_return failure(errc::outcome_unknown, why.message());
    co_return why;
}

}  // namespace agent::net
