#include "agent/net/resolve.hpp"

#include "agent/net/error.hpp"

#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>

namespace agent::net {
namespace {

using asio::ip::tcp;

/// RFC 8305: families by turns, beginning with the one the system put first.
endpoints interleave(const tcp::resolver::results_type& found)
{
    endpoints first;
    endpoints other;
    for (const auto& entry : found) {
        tcp::endpoint endpoint = entry.endpoint();
        bool is_first = first.empty() || endpoint.protocol() == first.front().protocol();
        (is_first ? first : other).push_back(endpoint);
    }
    endpoints mixed;
    for (std::size_t i = 0; i < first.size() || i < other.size(); ++i) {
        if (i < first.size())
            mixed.push_back(first[i]);
        if (i < other.size())
            mixed.push_back(other[i]);
    }
    return mixed;
}

}  // namespace

task<endpoints> resolve(origin where)
{
    error_code ec;
    auto literal = asio::ip::make_address(where.host, ec);
    if (!ec) {
        tcp::endpoint only(literal, where.port);
        co_return endpoints(1, only);
    }

    // getaddrinfo() cannot be interrupted. So the caller waits on a channel, which can be:
    // once cancelled it leaves, and the lookup ends unobserved.
    using channel = asio::experimental::channel<void(error_code, tcp::resolver::results_type)>;
    auto executor = co_await asio::this_coro::executor;
    auto resolver = std::make_shared<tcp::resolver>(executor);
    auto answer = std::make_shared<channel>(executor, 1);
    auto hand_over = [resolver, answer](error_code failed, auto found) {
        answer->try_send(failed, std::move(found));
    };
    resolver->async_resolve(where.host, std::to_string(where.port), hand_over);

    auto found = co_await answer->async_receive(asio::redirect_error(asio::use_awaitable, ec));
    if (ec)
        co_return failure(errc::name_lookup, where.host + ": " + ec.message());
    co_return interleave(found);
}

}  // namespace agent::net
