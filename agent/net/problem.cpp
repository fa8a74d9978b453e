#include "agent/net/problem.hpp"

#include "agent/base/json.hpp"
#include "agent/base/redact.hpp"
#include "agent/net/error.hpp"
#include "agent/net/retry.hpp"
#include "platform/text.hpp"

#include <algorithm>

namespace agent::net {
namespace {

constexpr std::size_t longest_words = 300;

bool is_html(const http_response& answer)
{
    if (answer["Content-Type"].find("html") != std::string_view::npos)
        return true;
    auto first = answer.body.find_first_not_of(" \t\r\n");
    return first != answer.body.npos && answer.body[first] == '<';
}

std::string json_words(std::string_view body)
{
    json_document parsed{body};
    if (parsed.root() == nullptr)
        return {};
    for (const char* name : {"detail", "message", "title", "error_description", "error"})
        if (std::string found = text(*parsed.root(), name); !found.empty())
            return found;
    const json::value* nested = member(*parsed.root(), "error");
    return nested != nullptr ? text(*nested, "message") : std::string();
}

errc class_of(unsigned status)
{
    switch (status) {
    case 401: return errc::credentials_refused;
    case 403: return errc::not_allowed;
    case 404: return errc::not_found;
    case 429: return errc::rate_limited;
    default: return status >= 500 ? errc::server_trouble : errc::refused;
    }
}

}  // namespace

std::string words_of(const http_response& answer)
{
    if (is_html(answer))
        return {};
    std::string_view body = answer.body;
    auto first = body.find_first_not_of(" \t\r\n");
    bool is_json = first != body.npos && (body[first] == '{' || body[first] == '[');
    std::string words = is_json ? json_words(body) : std::string(body.substr(0, 4 * longest_words));
    std::ranges::replace_if(
        words, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    words = platform::cut(platform::printable(redact(words)), longest_words);
    while (words.ends_with(' '))
        words.pop_back();
    return words;
}

failure problem_of(const http_response& answer)
{
    auto failed = [&answer](errc what, std::string words) {
        platform::failure_cause cause;
        cause.http_status = static_cast<int>(answer.status);
        auto later = parse_retry_after(answer["Retry-After"], platform::read_clock().system);
        cause.retry_after = later.value_or(std::chrono::seconds(0));
        return failure(what, std::move(words)).because(std::move(cause));
    };
    std::string words = "HTTP " + std::to_string(answer.status);
    if (answer.status == 511)
        return failed(errc::captive_portal, words);
    if (answer.status >= 300 && answer.status < 400) {
        std::string location(answer["Location"].substr(0, answer["Location"].find_first_of("?#")));
        return failed(errc::captive_portal, words + " to " + redact(location));
    }
    if (answer.status < 300 && is_html(answer))
        return failed(errc::captive_portal, words + " with a web page instead of JSON");
    if (answer.status < 300)
        return {};
    if (std::string said = words_of(answer); !said.empty())
        words += ": " + said;
    if (auto later = answer["Retry-After"]; !later.empty())
        words += "; it asks to come back after " + std::string(later.substr(0, 40))
                 + (later.find_first_not_of("0123456789") == later.npos ? " s" : "");
    return failed(class_of(answer.status), words);
}

}  // namespace agent::net
