#pragma once

#include "agent/net/byte_stream.hpp"
#include "platform/secret.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// HTTP/1.1 (RFC 9112) over any byte_stream, for the client, the server and the local client.

namespace agent::net {

using platform::wiped_string;

struct header {
    std::string name{};
    wiped_string value{};

    header() = default;
    header(std::string_view its_name, std::string_view its_value) : name(its_name), value(its_value)
    {
    }
};

struct http_message {
    std::vector<header> headers{};
    wiped_string body{};

    /// The value of the first header of that name in any case; empty if there is none.
    std::string_view operator[](std::string_view name) const;
    void add(std::string_view name, std::string_view value) { headers.emplace_back(name, value); }
};

struct http_request : http_message {
    std::string method = "GET";
    std::string target{};              // path and query, as they stand
    bool has_secret_target = false;    // not for the log
    std::string visitor{};             // who asks a server over the network: see visitor_of()
    std::vector<std::string> parts{};  // of the path, where the router's endpoint leaves them open
    bool is_repeatable = true;  // asking twice does no harm: lost answers may be asked for again
    bool is_settled_by_status = false;  // the answer's body is read only as far as that is cheap

    /// The target without its query.
    std::string_view path() const;
};

struct http_response : http_message {
    unsigned status = 0;
};

struct message_limits {
    std::uint32_t head = 32 * 1024;  // octets
    std::uint64_t body = 16 * 1024 * 1024;
};

/// A request as it goes over the wire: whoever sends it names the host and the like in `more`.
wiped_string to_wire(const http_request& request, const std::vector<header>& more);
/// The first line of an answer.
std::string status_line(unsigned status);

/// Reads one request or answer.
template <class Message>
class message_reader {
public:
    explicit message_reader(message_limits limits);
    ~message_reader();
    message_reader(const message_reader&) = delete;
    message_reader& operator=(const message_reader&) = delete;

    /// Reads the head; interim answers (1xx) are passed over. `rest` is what came before, and then
    /// what came behind. Fails as `from` does, or with an error that fault_of() explains.
    asio::awaitable<error_code> read_head(byte_stream& from, wiped_string& rest);
    /// The same to the end of the body.
    asio::awaitable<error_code> read(byte_stream& from, wiped_string& rest);

    /// False as long as nothing of a message came.
    bool has_begun() const;
    /// True if another message may follow on this connection.
    bool keeps_alive() const;
    Message& message();

private:
    class parser;

    asio::awaitable<error_code> read_until(
        byte_stream& from, wiped_string& rest, bool (parser::*is_enough)() const);

    message_limits limits_;
    std::unique_ptr<parser> parser_;
};

extern template class message_reader<http_request>;
extern template class message_reader<http_response>;

/// What is wrong with a message that came.
enum class message_fault { none, too_large_head, too_large_body, cut_off, not_http };

/// The kind of an error of message_reader; none for errors of the connection.
message_fault fault_of(const error_code& ec);

/// Ends in time also where the other side does not read; wipes what it wrote.
asio::awaitable<error_code> write_in_time(byte_stream& to, wiped_string text);

}  // namespace agent::net
