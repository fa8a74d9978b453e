#include "agent/net/http_message.hpp"

#include "platform/text.hpp"
#include "platform/timeout.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/status.hpp>

#include <algorithm>
#include <array>
#include <type_traits>

namespace agent::net {
namespace {

namespace http = boost::beast::http;

/// A line break in a value would begin a header of its own.
void append_header(wiped_string& out, std::string_view name, std::string_view value)
{
    out += name;
    out += ": ";
    for (char each : value)
        out += each == '\r' || each == '\n' || each == '\0' ? ' ' : each;
    out += "\r\n";
}

}  // namespace

std::string_view http_message::operator[](std::string_view name) const
{
    auto found = std::ranges::find_if(headers,
        [name](const header& each) { return platform::same_ignoring_case(each.name, name); });
    return found == headers.end() ? std::string_view() : std::string_view(found->value);
}

std::string_view http_request::path() const
{
    return std::string_view(target).substr(0, target.find('?'));
}

wiped_string to_wire(const http_request& request, const std::vector<header>& more)
{
    wiped_string out;
    constexpr std::size_t usual_head = 2048;
    out.reserve(usual_head + request.body.size());
    out += request.method + " " + request.target + " HTTP/1.1\r\n";
    for (const header& each : more)
        append_header(out, each.name, each.value);
    for (const header& each : request.headers)
        append_header(out, each.name, each.value);
    if (!request.body.empty() || request.method != "GET")
        append_header(out, "Content-Length", std::to_string(request.body.size()));
    out += "\r\n";
    out += request.body;
    return out;
}

std::string status_line(unsigned status)
{
    std::string reason(http::obsolete_reason(http::int_to_status(status)));
    return "HTTP/1.1 " + std::to_string(status) + " " + reason + "\r\n";
}

/// Takes octets off the front. What was there stays nowhere: a string keeps its memory, and old
/// text in it.
void drop_front(wiped_string& text, std::size_t count)
{
    wiped_string left(text, count);
    left.swap(text);
}

/// Beast reads; what it reads goes into a message of ours, in memory that is wiped.
template <class Message>
class message_reader<Message>::parser final
    : public http::basic_parser<std::is_same_v<Message, http_request>> {
public:
    explicit parser(message_limits limits) : most_body_(limits.body)
    {
        this->header_limit(limits.head);
        this->body_limit(boost::none);
        this->eager(true);
    }

    bool has_head() const { return this->is_header_done(); }
    bool has_all() const { return this->is_done(); }
    /// True if `rest` cannot be all that is left of the message. Beast before 1.86 asserts that the
    /// last chunk ("0", an empty line) does not come in pieces (boostorg/beast#2861).
    bool waits_for_more(std::string_view rest) const
    {
        constexpr std::size_t last_chunk_size = 5;
        return rest.empty()
               || (this->is_header_done() && this->chunked() && rest.size() < last_chunk_size);
    }
    bool is_interim() const
    {
        constexpr unsigned first_final = 200;
        if constexpr (std::is_same_v<Message, http_response>)
            return message.status < first_final;
        return false;
    }
    bool announces_too_much() const
    {
        auto size = this->content_length();
        return size && *size > most_body_;
    }

    Message message{};

private:
    using string_view = boost::beast::string_view;

    void on_request_impl(
        http::verb, string_view method, string_view target, int, error_code&) override
    {
        if constexpr (std::is_same_v<Message, http_request>) {
            message.method = method;
            message.target = target;
        }
    }
    void on_response_impl(int code, string_view, int, error_code&) override
    {
        if constexpr (std::is_same_v<Message, http_response>)
            message.status = static_cast<unsigned>(code);
    }
    void on_field_impl(http::field, string_view name, string_view value, error_code&) override
    {
        message.add(name, value);
    }
    // Pure since Boost 1.87: what comes behind the chunks says nothing that we need.
    void on_trailer_field_impl(http::field, string_view, string_view, error_code&) {}
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>& size, error_code&) override
    {
        constexpr std::uint64_t most_at_once = 1024 * 1024;  // what a liar can make us take
        if (size)
            message.body.reserve(
                static_cast<std::size_t>(std::min({*size, most_body_, most_at_once})));
    }
    std::size_t on_body_impl(string_view text, error_code& ec) override
    {
        auto size = static_cast<std::size_t>(
            std::min<std::uint64_t>(text.size(), most_body_ - message.body.size()));
        message.body += text.substr(0, size);
        if (size < text.size())
            ec = http::error::body_limit;
        return size;
    }
    void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, string_view text, error_code& ec) override
    {
        return on_body_impl(text, ec);
    }
    void on_finish_impl(error_code&) override {}

    std::uint64_t most_body_;
};

template <class Message>
message_reader<Message>::message_reader(message_limits limits)
    : limits_(limits), parser_(std::make_unique<parser>(limits))
{
}

template <class Message>
message_reader<Message>::~message_reader() = default;

template <class Message>
bool message_reader<Message>::has_begun() const
{
    return parser_->got_some();
}

template <class Message>
bool message_reader<Message>::keeps_alive() const
{
    return parser_->keep_alive();
}

template <class Message>
Message& message_reader<Message>::message()
{
    return parser_->message;
}

template <class Message>
asio::awaitable<error_code> message_reader<Message>::read_head(
    byte_stream& from, wiped_string& rest)
{
    error_code ec = co_await read_until(from, rest, &parser::has_head);
    while (!ec && parser_->is_interim()) {
        parser_ = std::make_unique<parser>(limits_);
        ec = co_await read_until(from, rest, &parser::has_head);
    }
    co_return ec;
}

template <class Message>
asio::awaitable<error_code> message_reader<Message>::read(byte_stream& from, wiped_string& rest)
{
    error_code ec = co_await read_head(from, rest);
    // An answer may count whatever follows its head; a request that is too large does not.
    if (!ec && std::is_same_v<Message, http_request> && parser_->announces_too_much())
        ec = http::error::body_limit;
    if (!ec)
        ec = co_await read_until(from, rest, &parser::has_all);
    co_return ec;
}

template <class Message>
asio::awaitable<error_code> message_reader<Message>::read_until(
    byte_stream& from, wiped_string& rest, bool (parser::*is_enough)() const)
{
    constexpr std::size_t block_size = 4096;
    std::array<char, block_size> block{};
    error_code ec;
    while (true) {
        bool has_enough = ((*parser_).*is_enough)();
        if (has_enough)
            co_return error_code();
        if (!parser_->waits_for_more(rest)) {
            std::size_t used = parser_->put(asio::const_buffer(rest.data(), rest.size()), ec);
            drop_front(rest, used);
            if (ec && ec != http::error::need_more)
                co_return ec;
            if (used > 0)
                continue;
        }
        std::span<char> into{block};
        ec = {};
        std::size_t size = co_await from.read(into, ec);
        if (ec == asio::error::eof && !rest.empty())
            co_return http::error::partial_message;
        if (ec == asio::error::eof && parser_->got_some()) {
            parser_->put_eof(ec);
            co_return ec;
        }
        if (ec)
            co_return ec;
        rest.append(block.data(), size);
        platform::wipe(block.data(), size);
    }
}

template class message_reader<http_request>;
template class message_reader<http_response>;

message_fault fault_of(const error_code& ec)
{
    if (ec == http::error::body_limit)
        return message_fault::too_large_body;
    if (ec == http::error::header_limit)
        return message_fault::too_large_head;
    bool is_cut = ec == http::error::end_of_stream || ec == http::error::partial_message
                  || ec == asio::error::eof || ec == asio::ssl::error::stream_truncated;
    if (is_cut)
        return message_fault::cut_off;
    bool is_beasts = ec.category() == make_error_code(http::error::bad_version).category();
    return is_beasts ? message_fault::not_http : message_fault::none;
}

asio::awaitable<error_code> write_in_time(byte_stream& to, wiped_string text)
{
    constexpr std::chrono::seconds limit{10};
    std::optional<error_code> ec;
    auto writing = platform::keep(to.write_all(text), ec);
    bool is_in_time = co_await platform::end_in_time(std::move(writing), limit);
    co_return is_in_time ? *ec : make_error_code(boost::system::errc::timed_out);
}

}  // namespace agent::net
