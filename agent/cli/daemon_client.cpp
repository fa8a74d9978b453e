#include "agent/cli/daemon_client.hpp"

#include "agent/base/json.hpp"

namespace agent::cli {
namespace {

bool is_nobody(const failure& why)
{
    return why.code() == boost::system::errc::no_such_file_or_directory
           || why.code() == boost::system::errc::connection_refused;
}

/// What a problem+json answer means; nothing for a success.
std::optional<failure> problem_in(const net::http_response& answer)
{
    if (answer.status < 400)
        return std::nullopt;
    json_document document{answer.body};
    std::string name = document.root() != nullptr ? text(*document.root(), "title") : "";
    std::string words = document.root() != nullptr ? text(*document.root(), "detail") : "";
    if (words.empty())
        words = "esim-agent's daemon answered HTTP " + std::to_string(answer.status);
    return failure(code_named(name), std::move(words));
}

}  // namespace

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
    if (!answer && answer.error().code() == boost::system::errc::permission_denied)
        co_return failure(answer.error().code(),
            "only root and the group of <control group=\"...\"/> may ask the daemon at " + path);
    if (!answer)
        co_return failure(answer.error().code(),
            "asking the daemon at " + path + ": " + answer.error().code().message());
    if (auto wrong = problem_in(answer->response))
        co_return *wrong;
    co_return std::optional<platform::wiped_string>(std::move(answer->response.body));
}

task<std::shared_ptr<net::byte_stream>> borrow_card(const session& with)
{
    net::http_request request;
    request.method = "POST";
    request.target = "/v1/card";
    auto asking = net::ask_local(with.settings.control_socket, std::move(request), true);
    auto answer = co_await std::move(asking);
    std::shared_ptr<net::byte_stream> nobody;
    bool is_alone = !answer
                    && (is_nobody(answer.error())
                        || answer.error().code() == boost::system::errc::permission_denied);
    if (is_alone)
        co_return nobody;
    if (!answer)
        co_return failure(
            answer.error().code(), "asking the daemon at " + with.settings.control_socket);
    if (answer->response.status == 403)
        co_return nobody;
    if (auto wrong = problem_in(answer->response))
        co_return *wrong;
    co_return std::move(answer->connection);
}

}  // namespace agent::cli
