#include "agent/net/http_message.hpp"

#include "tests/support/run.hpp"

#include "tests/support/catch.hpp"
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

#include <deque>

using namespace agent;
using namespace agent::net;

namespace {

/// Gives its pieces one by one, then the end.
class scripted_stream final : public byte_stream {
public:
    scripted_stream(std::deque<std::string> pieces, error_code end)
        : pieces_(std::move(pieces)), end_(end)
    {
    }

    asio::awaitable<error_code> begin() override { co_return error_code(); }
    asio::awaitable<std::size_t> read(std::span<char> into, error_code& ec) override
    {
        if (pieces_.empty()) {
            ec = end_;
            co_return 0;
        }
        std::string piece = pieces_.front().substr(0, into.size());
        pieces_.front().erase(0, piece.size());
        if (pieces_.front().empty())
            pieces_.pop_front();
        std::copy(piece.begin(), piece.end(), into.begin());
        co_return piece.size();
    }
    asio::awaitable<error_code> write_all(std::string_view text) override
    {
        written += text;
        co_return error_code();
    }
    void close() override {}
    stream_socket& socket() override { throw std::logic_error("there is none"); }

    std::string written{};

private:
    std::deque<std::string> pieces_;
    error_code end_;
};

template <class Message>
struct outcome {
    Message message{};
    error_code ec{};
    std::string rest{};
    bool keeps_alive = false;
};

template <class Message>
task<outcome<Message>> read_from(scripted_stream& from, message_limits limits)
{
    message_reader<Message> reader(limits);
    wiped_string rest;
    outcome<Message> out;
    out.ec = co_await reader.read(from, rest);
    out.rest = rest;
    out.keeps_alive = !out.ec && reader.keeps_alive();
    out.message = reader.message();
    co_return out;
}

template <class Message>
outcome<Message> read(std::deque<std::string> pieces, message_limits limits = {},
    error_code end = boost::asio::error::eof)
{
    asio::io_context io;
    scripted_stream from(std::move(pieces), end);
    return *tests::run(io, read_from<Message>(from, limits));
}

std::deque<std::string> octet_by_octet(const std::string& text)
{
    std::deque<std::string> out;
    for (char each : text)
        out.emplace_back(1, each);
    return out;
}

const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                            "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";

}  // namespace

TEST_CASE("a message is the same in whatever pieces it comes", "[http_message]")
{
    const std::string text = "HTTP/1.1 404 Not Found\r\nX-A: 1\r\nContent-Length: 4\r\n\r\nbody";
    for (const auto& pieces : {std::deque<std::string>{text}, octet_by_octet(text)}) {
        auto got = read<http_response>(pieces);
        CHECK(!got.ec);
        CHECK(got.message.status == 404);
        CHECK(got.message["x-a"] == "1");
        CHECK(got.message.body == "body");
        CHECK(got.keeps_alive);
    }
    for (const auto& pieces : {std::deque<std::string>{chunked}, octet_by_octet(chunked)})
        CHECK(read<http_response>(pieces).message.body == "abcde");
    // Beast before 1.86 takes for granted that the last chunk does not come in pieces (beast#2861).
    const std::string empty = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    for (const auto& pieces : {std::deque<std::string>{empty}, octet_by_octet(empty)}) {
        auto got = read<http_response>(pieces);
        CHECK(!got.ec);
        CHECK(got.message.body.empty());
        CHECK(got.keeps_alive);
    }
}

TEST_CASE("a request gives its method, target, headers and body", "[http_message]")
{
    auto got = read<http_request>(
        {"POST /v1/x?y=1 HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\n\r\n{}GET"});
    CHECK(!got.ec);
    CHECK(got.message.method == "POST");
    CHECK(got.message.target == "/v1/x?y=1");
    CHECK(got.message.path() == "/v1/x");
    CHECK(got.message["HOST"] == "here");
    CHECK(got.message.body == "{}");
    CHECK(got.rest == "GET");  // the next one's
}

TEST_CASE("interim answers are passed over, trailers too", "[http_message]")
{
    auto got = read<http_response>({"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    "1\r\na\r\n0\r\nX-Sum: 1\r\n\r\n"});
    CHECK(!got.ec);
    CHECK(got.message.status == 200);
    CHECK(got.message["link"].empty());
    CHECK(got.message.body == "a");
}

TEST_CASE("an answer without a length goes to the end of the connection", "[http_message]")
{
    const std::string text = "HTTP/1.1 200 OK\r\n\r\nall of it";
    auto got = read<http_response>({text});
    CHECK(!got.ec);
    CHECK(got.message.body == "all of it");
    CHECK_FALSE(got.keeps_alive);
    // Without TLS's own end it may have been cut by anybody.
    auto cut = read<http_response>({text}, {}, boost::asio::ssl::error::stream_truncated);
    CHECK(fault_of(cut.ec) == message_fault::cut_off);
}

TEST_CASE("what is wrong with a message is told apart", "[http_message]")
{
    message_limits small;
    small.head = 64;
    small.body = 4;
    auto fault = [&small](const std::string& text) {
        return fault_of(read<http_response>({text}, small).ec);
    };
    CHECK(fault("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n12345")
          == message_fault::too_large_body);
    CHECK(fault(chunked) == message_fault::too_large_body);
    CHECK(fault("HTTP/1.1 200 OK\r\nX: " + std::string(64, 'x') + "\r\n\r\n")
          == message_fault::too_large_head);
    CHECK(fault("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n12") == message_fault::cut_off);
    CHECK(fault("HTTP/1.1 2") == message_fault::cut_off);
    CHECK(fault("220 mail.example ESMTP\r\n") == message_fault::not_http);
    CHECK(fault_of(boost::asio::error::connection_reset) == message_fault::none);
    auto request = read<http_request>({"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n"}, small);
    CHECK(fault_of(request.ec) == message_fault::too_large_body);
}

TEST_CASE("what is too large gives its head and as much as is allowed", "[http_message]")
{
    message_limits small;
    small.body = 4;
    auto got =
        read<http_response>({"HTTP/1.1 202 OK\r\nContent-Length: 9\r\n\r\n123456789"}, small);
    CHECK(got.message.status == 202);
    CHECK(got.message.body == "1234");
}

TEST_CASE("a request on the wire has no header that was not meant", "[http_message]")
{
    http_request request;
    request.target = "/x";
    request.add("Authorization", "Bearer A\r\nX-Evil: 1");
    std::vector<header> more;
    more.emplace_back("Host", "here");
    std::string text{to_wire(request, more)};
    CHECK(text == "GET /x HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer A  X-Evil: 1\r\n\r\n");
    request.method = "POST";
    CHECK(std::string(to_wire(request, {})).find("Content-Length: 0\r\n") != std::string::npos);
}
