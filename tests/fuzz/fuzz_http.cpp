// Any bytes as an HTTP request and as an answer, and its parts as the kiosk and the local API take
// them: the path, the form, the Host header, the token.
#include "agent/kiosk/guard.hpp"
#include "agent/net/form.hpp"
#include "agent/net/http_message.hpp"
#include "agent/net/router.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace agent::net;

/// What is there comes in pieces of seven octets; then the other side is gone.
class canned_stream final : public byte_stream {
public:
    canned_stream(boost::asio::io_context& loop, std::string_view text) : socket_(loop), text_(text)
    {
    }

    boost::asio::awaitable<boost::system::error_code> begin() override
    {
        co_return boost::system::error_code();
    }
    boost::asio::awaitable<std::size_t> read(
        std::span<char> into, boost::system::error_code& ec) override
    {
        std::size_t count = std::min({into.size(), text_.size(), std::size_t{7}});
        if (count == 0)
            ec = boost::asio::error::eof;
        std::ranges::copy(text_.substr(0, count), into.begin());
        text_.remove_prefix(count);
        co_return count;
    }
    boost::asio::awaitable<boost::system::error_code> write_all(std::string_view) override
    {
        co_return boost::system::error_code();
    }
    void close() override {}
    stream_socket& socket() override { return socket_; }

private:
    stream_socket socket_;
    std::string_view text_;
};

template <class Message>
boost::asio::awaitable<void> read_all(canned_stream& from, message_reader<Message>& reader)
{
    agent::net::wiped_string rest;
    auto ec = co_await reader.read(from, rest);
    if (!ec && reader.message().body.size() > 4096)
        std::abort();  // more than the limit
}

template <class Message>
Message read(std::string_view text)
{
    boost::asio::io_context loop;
    canned_stream from{loop, text};
    message_reader<Message> reader{message_limits{.head = 1024, .body = 4096}};
    boost::asio::co_spawn(loop, read_all(from, reader), boost::asio::detached);
    loop.run();
    return std::move(reader.message());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view text{reinterpret_cast<const char*>(data), size};
    (void)read<http_response>(text);
    http_request asked = read<http_request>(text);
    std::vector<std::string> parts;
    if (fits("/v1/profiles/*/enable", asked.path(), parts) && parts.size() != 1)
        std::abort();
    (void)form_value(asked.body, "code");
    (void)agent::kiosk::is_from_own_page(asked, "https");
    if (agent::kiosk::shows_token(asked, platform::secret("a token nobody guesses 4711")))
        std::abort();
    if (agent::kiosk::is_for_this_device(asked) && asked["Host"].empty())
        std::abort();
    return 0;
}
