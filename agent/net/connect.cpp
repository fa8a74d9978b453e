#include "agent/net/connect.hpp"

#include "agent/net/error.hpp"

#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cerrno>
#include <sys/socket.h>

namespace agent::net {
namespace {

using asio::ip::tcp;

/// The attempts under way for one connection. Handlers keep it alive; stop() ends them all.
class race : public std::enable_shared_from_this<race> {
public:
    race(asio::any_io_executor executor, endpoints addresses, std::string interface,
        std::chrono::milliseconds head_start)
        : addresses_(std::move(addresses))
        , interface_(std::move(interface))
        , head_start_(head_start)
        , timer_(executor)
        , winner_(executor, 1)
    {
        sockets_.reserve(addresses_.size());  // handlers hold indices, and sockets must not move
    }

    asio::experimental::channel<void(error_code, std::size_t)>& winner() { return winner_; }
    tcp::socket& socket(std::size_t index) { return sockets_[index]; }

    void start_next()
    {
        if (is_over_ || sockets_.size() == addresses_.size())
            return;
        std::size_t index = sockets_.size();
        sockets_.emplace_back(timer_.get_executor());
        if (error_code ec = bind_to_interface(sockets_[index], addresses_[index]))
            return post_end(index, ec);
        sockets_[index].async_connect(addresses_[index],
            [self = shared_from_this(), index](error_code ec) { self->ended(index, ec); });
        timer_.expires_after(head_start_);
        timer_.async_wait([self = shared_from_this()](error_code ec) {
            if (!ec)
                self->start_next();
        });
    }

    void stop()
    {
        is_over_ = true;
        timer_.cancel();
        for (tcp::socket& socket : sockets_)
            socket.close();
    }

private:
    error_code bind_to_interface(tcp::socket& socket, const tcp::endpoint& address) const
    {
        error_code ec;
        if (interface_.empty())
            return ec;
        socket.open(address.protocol(), ec);
        auto size = static_cast<socklen_t>(interface_.size());
        bool is_bound = !ec
                        && ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_BINDTODEVICE,
                               interface_.data(), size)
                               == 0;
        return is_bound || ec ? ec : error_code(errno, asio::error::get_system_category());
    }

    void post_end(std::size_t index, error_code ec)
    {
        asio::post(timer_.get_executor(),
            [self = shared_from_this(), index, ec] { self->ended(index, ec); });
    }

    void ended(std::size_t index, error_code ec)
    {
        if (is_over_)
            return;
        ++ended_;
        if (!ec) {
            is_over_ = true;
            timer_.cancel();
            winner_.try_send(error_code{}, index);
        } else if (ended_ == addresses_.size()) {
            winner_.try_send(ec, index);
        } else {
            start_next();
        }
    }

    endpoints addresses_;
    std::string interface_;
    std::chrono::milliseconds head_start_;
    asio::steady_timer timer_;
    asio::experimental::channel<void(error_code, std::size_t)> winner_;
    std::vector<tcp::socket> sockets_;
    std::size_t ended_ = 0;
    bool is_over_ = false;
};

/// Ends the race when the caller leaves, also when it is cancelled.
class race_owner {
public:
    explicit race_owner(std::shared_ptr<race> owned) : owned_(std::move(owned)) {}
    ~race_owner() { owned_->stop(); }
    race_owner(const race_owner&) = delete;
    race_owner& operator=(const race_owner&) = delete;

private:
    std::shared_ptr<race> owned_;
};

}  // namespace

task<std::unique_ptr<tcp::socket>> connect(
    endpoints addresses, std::string interface, std::chrono::milliseconds head_start)
{
    if (addresses.empty())
        co_return failure(errc::unreachable, "the name has no address");
    auto executor = co_await asio::this_coro::executor;
    auto attempts =
        std::make_shared<race>(executor, std::move(addresses), std::move(interface), head_start);
    race_owner owner{attempts};
    attempts->start_next();

    error_code ec;
    std::size_t index =
        co_await attempts->winner().async_receive(asio::redirect_error(asio::use_awaitable, ec));
    if (ec)
        co_return failure(errc::unreachable, ec.message());
    co_return std::make_unique<tcp::socket>(std::move(attempts->socket(index)));
}

}  // namespace agent::net
