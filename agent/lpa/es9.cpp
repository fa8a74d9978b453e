#include "agent/lpa/es9.hpp"

#include "agent/base/base64.hpp"
#include "agent/lpa/error.hpp"
#include "agent/lpa/es9_message.hpp"
#include "agent/net/error.hpp"
#include "agent/net/problem.hpp"
#include "agent/net/timeout.hpp"

namespace agent::lpa {
namespace {

using net::wiped_string;

constexpr std::chrono::seconds notification_limit{20};
constexpr int notification_attempts = 2;  // what cannot be sent stays on the card for later
constexpr const char* path = "/gsma/rsp2/es9plus/";

/// `{"name":"value",...}` for values that need no escapes: base64, hexadecimal digits, hosts.
class json_writer {
public:
    void add(const char* name, std::string_view value)
    {
        text_ += text_.empty() ? "{\"" : ",\"";
        text_.append(name).append("\":\"");
        for (char c : value)
            if (c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20)
                text_ += c;
        text_ += '"';
    }
    void add(const char* name, const bytes& value)
    {
        add(name, std::string_view(to_base64(platform::text_of(value))));
    }
    wiped_string take() { return std::move(text_ += '}'); }

private:
    wiped_string text_;
};

/// Nothing if there is an ES9+ answer in it, or none is due.
failure problem_in(const net::http_response& answer, const std::string& function)
{
    std::string name = "ES9+ " + function;
    failure problem = net::problem_of(answer);
    if (!problem.code().failed())
        return {};
    // Some say in HTTP's words what SGP.22 says in the body: that says more.
    if (auto told = refusal_in(answer.body))
        return *told;
    bool is_gone = problem == net::errc::not_found || problem == net::errc::refused
                   || problem == net::errc::not_allowed
                   || problem == net::errc::credentials_refused;
    if (is_gone)
        return failure(errc::server_problem, name + ": " + problem.detail())
            .because(*problem.cause());
    return problem.after(name + ": ");
}

}  // namespace

result<net::origin> smdp_origin(const std::string& address)
{
    auto url = net::parse_url("https://" + address);
    bool is_bare = url && url->path.empty() && url->query.empty() && url->userinfo.empty();
    if (!is_bare)
        return failure(errc::malformed_tlv, "'" + address + "' is no address of a server");
    return url->where;
}

es9_client::es9_client(net::http_client& http, platform::logger& log, net::backoff retries)
    : http_(http), log_(log), retries_(retries)
{
}

task<net::http_response> es9_client::call(
    std::string address, std::string function, wiped_string body, int attempts)
{
    auto where = smdp_origin(address);
    if (!where)
        co_return where.error();
    net::http_request request;
    request.is_settled_by_status = function == "handleNotification";
    request.method = "POST";
    request.target = path + function;
    request.body = std::move(body);
    request.add("Content-Type", "application/json");
    request.add("X-Admin-Protocol", "gsma/rsp/v2.2.0");
    net::backoff policy = retries_;
    policy.attempts = attempts;
    auto answer =
        co_await net::exchange_with_retry(http_, *where, std::move(request), policy, log_);
    if (!answer)
        co_return answer.error();
    failure problem = problem_in(*answer, function);
    if (problem.code().failed())
        co_return problem;
    co_return answer;
}

task<authentication_offer> es9_client::initiate_authentication(
    std::string address, bytes challenge, bytes info1)
{
    json_writer request;
    request.add("smdpAddress", address);
    request.add("euiccChallenge", challenge);
    request.add("euiccInfo1", info1);
    auto answer = co_await call(
        std::move(address), "initiateAuthentication", request.take(), retries_.attempts);
    if (!answer)
        co_return answer.error();
    co_return read_authentication_offer(answer->body);
}

task<profile_offer> es9_client::authenticate_client(
    std::string address, std::string transaction_id, bytes response)
{
    json_writer request;
    request.add("transactionId", transaction_id);
    request.add("authenticateServerResponse", response);
    auto answer = co_await call(std::move(address), "authenticateClient", request.take(), 1);
    if (!answer)
        co_return answer.error();
    co_return read_profile_offer(answer->body);
}

task<bytes> es9_client::get_bound_profile_package(
    std::string address, std::string transaction_id, bytes response)
{
    json_writer request;
    request.add("transactionId", transaction_id);
    request.add("prepareDownloadResponse", response);
    auto answer = co_await call(std::move(address), "getBoundProfilePackage", request.take(), 1);
    if (!answer)
        co_return answer.error();
    co_return read_bound_profile_package(answer->body);
}

task<void> es9_client::cancel_session(
    std::string address, std::string transaction_id, bytes response)
{
    json_writer request;
    request.add("transactionId", transaction_id);
    request.add("cancelSessionResponse", response);
    auto answer = co_await call(std::move(address), "cancelSession", request.take(), 1);
    if (!answer)
        co_return answer.error();
    co_return read_status(answer->body);
}

task<void> es9_client::handle_notification(std::string address, bytes pending)
{
    json_writer request;
    request.add("pendingNotification", pending);
    auto sending =
        call(std::move(address), "handleNotification", request.take(), notification_attempts);
    auto answer = co_await net::with_timeout(std::move(sending), notification_limit);
    if (!answer)
        co_return answer.error();
    // 204 without a body is the rule (6.5.1.4); some answer 200 with a status, or with anything.
    if (auto refused = refusal_in(answer->body))
        co_return *refused;
    co_return result<void>();
}

}  // namespace agent::lpa
