#include "agent/cli/daemon_client.hpp"

#include "agent/base/json.hpp"
#include "agent/cli/error.hpp"
#include "agent/net/error.hpp"

namespace agent::cli {
namespace {

bool is_nobody(const failure& why)
{
    return why.code() == boost::system::errc::no_such_file_or_directory
           || why.code() == boost::system::errc::connection_refused;
}

/// What a problem+json answer means, as the daemon told it; nothing for a success.
std::optional<failure> problem_in(const net::http_response& answer)
{
    if (answer.status < 400)
        return std::nullopt;
    json_document document{answer.body};
    std::string unclear = "esim-agent's daemon answered HTTP " + std::to_string(answer.status);
    if (document.root() == nullptr)
        return failure(errc::daemon_garbled, unclear);
    platform::told_meaning meaning;
    meaning.kind = platform::failure_class_from(text_view(*document.root(), "class"))
                       .value_or(failure_class::internal);
    meaning.name = text(*document.root(), "title");
    meaning.advice = text(*document.root(), "advice");
    std::string words = text(*document.root(), "detail");
    return failure::retold(std::move(meaning), words.empty() ? unclear : words);
}

/// Why the daemon could not be asked.
failure not_asked(const failure& why, const std::string& path)
{
    if (why == net::errc::timeout)
        return {errc::daemon_silent, "the daemon accepts at " + path + " and does not answer"};
    if (why.code() == boost::system::errc::permission_denied)
        return {errc::daemon_forbids,
            "only root and the group of <control group=\"...\"/> may ask the daemon at " + path};
    return why.saying("asking the daemon at " + path);
}

}  // namespace

failure garbled_answer()
{
    return {errc::daemon_garbled, "the daemon's answer is no JSON"};
}

task<std::optional<platform::wiped_string>> ask_daemon(
    const session& with, std::string method, std::string target, std::string body)
{
    net::http_request request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.body = body;
    std::string path = with.settings.control_socket;
    auto asking = net::ask_local(path, std::move(request));
    auto answer = co_await std::move(asking);
    if (!answer && is_nobody(answer.error()))
        co_return std::optional<platform::wiped_string>();
    if (!answer)
        co_return not_asked(answer.error(), path);
    if (auto wrong = problem_in(answer->response))
        co_return *wrong;
    co_return std::optional<platform::wiped_string>(std::move(answer->response.body));
}

task<std::shared_ptr<net::byte_stream>> borrow_card(const session& with)
{
    net::http_request request;
    request.method = "POST";
    request.target = "/v1/card";
    constexpr std::chrono::seconds limit{30};  // the daemon may wait for its own use to end
    std::string path = with.settings.control_socket;
    auto asking = net::ask_local(path, std::move(request), true, limit);
    auto answer = co_await std::move(asking);
    std::shared_ptr<net::byte_stream> nobody;
    bool is_alone = !answer
                    && (is_nobody(answer.error())
                        || answer.error().code() == boost::system::errc::permission_denied);
    if (is_alone)
        co_return nobody;
    if (!answer)
        co_return not_asked(answer.error(), path);
    if (answer->response.status == 403)
        co_return nobody;
    if (auto wrong = problem_in(answer->response))
        co_return *wrong;
    co_return std::move(answer->connection);
}

}  // namespace agent::cli
