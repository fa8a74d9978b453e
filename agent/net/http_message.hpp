#pragma once

#include "agent/net/byte_stream.hpp"
#include "platform/secret.hpp"
#include "platform/timeout.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <array>
#include <chrono>
#include <string>

// How the server on this device and its client read and write HTTP/1.1 (RFC 9112); for their two
// source files alone, since Beast's headers are large.

namespace agent::net {

using wiping_characters = platform::wiping_allocator<char>;
using wiped_body =
    boost::beast::http::basic_string_body<char, std::char_traits<char>, wiping_characters>;
template <bool is_request>
using message_parser = boost::beast::http::parser<is_request, wiped_body, wiping_characters>;

/// Reads until the parser has what it wants: the whole message, or its header. `rest` is what
/// came before, and then what came behind.
template <bool is_request>
asio::awaitable<error_code> read_message(
    byte_stream& from, message_parser<is_request>& parser, std::string& rest, bool only_header)
{
    namespace http = boost::beast::http;
    constexpr std::size_t block_size = 2048;
    std::array<char, block_size> block{};
    error_code ec;
    while (true) {
        bool has_enough = only_header ? parser.is_header_done() : parser.is_done();
        if (has_enough)
            co_return error_code();
        if (!rest.empty()) {
            std::size_t used = parser.put(asio::buffer(rest), ec);
            rest.erase(0, used);
            if (ec && ec != http::error::need_more)
                co_return ec;
            if (used > 0)
                continue;
        }
        std::span<char> into{block};
        std::size_t size = co_await from.read(into, ec);
        if (ec == asio::error::eof && !rest.empty())
            co_return http::error::partial_message;
        if (ec == asio::error::eof && parser.got_some()) {
            parser.put_eof(ec);
            co_return ec;
        }
        if (ec)
            co_return ec;
        rest.append(block.data(), size);
        platform::wipe(block.data(), size);
    }
}

/// Ends in time also where the other side does not read; wipes what it wrote.
inline asio::awaitable<error_code> write_in_time(byte_stream& to, std::string text)
{
    constexpr std::chrono::seconds limit{10};
    std::optional<error_code> ec;
    auto writing = platform::keep(to.write_all(text), ec);
    bool is_in_time = co_await platform::end_in_time(std::move(writing), limit);
    platform::wipe(text.data(), text.size());
    co_return is_in_time ? *ec : make_error_code(boost::system::errc::timed_out);
}

}  // namespace agent::net
