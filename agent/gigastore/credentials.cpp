#include "agent/gigastore/credentials.hpp"

#include "agent/gigastore/parse.hpp"
#include "agent/net/error.hpp"
#include "agent/net/problem.hpp"
#include "agent/net/proxy.hpp"
#include "platform/error.hpp"
#include "platform/storage.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace agent::gigastore {
namespace {

using std::chrono::seconds, std::chrono::steady_clock;

constexpr seconds early{60};            // renewed this long before the token runs out
constexpr seconds assumed_life{3'600};  // where the answer does not say

platform::secret as_bearer(const platform::secret& token)
{
    platform::wiped_string value("Bearer ");
    value += token.reveal();
    return platform::secret(value);
}

/// A problem with the token must not look like one with what the token is for.
failure about_token(const failure& problem)
{
    std::string words = "asking for a token: " + problem.detail();
    if (problem == net::errc::not_found)
        return {
            platform::errc::configuration, words + "; the gigastore url is not that of the API"};
    bool is_refusal = problem == net::errc::refused || problem == net::errc::not_allowed;
    if (!is_refusal)
        return problem.saying(words);
    return failure(net::errc::credentials_refused, words).because(*problem.cause());
}

/// Wakes those who wait for a renewal when it has ended, also by cancellation.
class end_of_renewal {
public:
    explicit end_of_renewal(std::shared_ptr<asio::steady_timer>& renewal) : renewal_(renewal) {}
    ~end_of_renewal()
    {
        renewal_->cancel();
        renewal_.reset();
    }
    end_of_renewal(const end_of_renewal&) = delete;
    end_of_renewal& operator=(const end_of_renewal&) = delete;

private:
    std::shared_ptr<asio::steady_timer>& renewal_;
};

}  // namespace

credentials::credentials(net::http_client& http, net::url base, credential_files files,
    net::backoff retries, platform::logger& log)
    : http_(http), base_(std::move(base)), files_(std::move(files)), retries_(retries), log_(log)
{
}

task<platform::secret> credentials::authorization()
{
    auto executor = co_await asio::this_coro::executor;
    while (auto under_way = renewal_) {
        error_code ended;
        co_await under_way->async_wait(asio::redirect_error(asio::use_awaitable, ended));
    }
    if (!current_.empty() && steady_clock::now() < valid_until_)
        co_return current_;
    if (!files_.bearer.empty())
        co_return co_await read_bearer();
    if (files_.client_id.empty() && files_.has_client_certificate)
        co_return platform::secret();
    if (files_.client_id.empty())
        co_return failure(platform::errc::configuration,
            "no credentials for Gigastore are configured: client-id-file and client-secret-file, "
            "bearer-file, or client-certificate-file; see esim-agent.xml(5)");

    renewal_ = std::make_shared<asio::steady_timer>(executor, steady_clock::time_point::max());
    end_of_renewal wakes_the_others{renewal_};
    co_return co_await authenticate();
}

bool credentials::forget(const platform::secret& refused)
{
    if (!current_.empty() && !(current_ == refused))
        return true;  // somebody has renewed it already
    if (!files_.bearer.empty()) {
        auto token = platform::read_secret_file(files_.bearer);
        current_ = platform::secret();
        return token && !(as_bearer(*token) == refused);
    }
    current_ = platform::secret();
    return !files_.client_id.empty();
}

task<platform::secret> credentials::read_bearer()
{
    auto token = platform::read_secret_file(files_.bearer);
    if (!token)
        co_return token.error();
    current_ = as_bearer(*token);
    valid_until_ = steady_clock::time_point::max();
    co_return current_;
}

task<platform::secret> credentials::authenticate()
{
    auto id = platform::read_secret_file(files_.client_id);
    if (!id)
        co_return id.error();
    auto secret = platform::read_secret_file(files_.client_secret);
    if (!secret)
        co_return secret.error();

    net::http_request request;
    request.method = "POST";
    request.target = base_.path + "/reseller/authenticate";
    platform::secret basic = net::basic_authorization(id->reveal(), secret->reveal());
    request.headers.push_back({"Authorization", net::wiped_string(basic.reveal())});
    request.headers.push_back({"Accept", "application/json"});
    auto asking = net::exchange_with_retry(http_, base_.where, std::move(request), retries_, log_);
    auto answer = co_await std::move(asking);
    if (!answer)
        co_return answer.error();
    if (failure problem = problem_of(*answer); problem.code())
        co_return about_token(problem);
    auto token = parse_token(answer->body);
    if (!token)
        co_return token.error();

    seconds life = token->expires_in ? seconds(*token->expires_in) : assumed_life;
    valid_until_ = steady_clock::now() + std::max(life - early, life / 2);
    current_ = as_bearer(token->access_token);
    log_.debug("authenticated; the token is good for " + std::to_string(life.count()) + " s");
    co_return current_;
}

}  // namespace agent::gigastore
