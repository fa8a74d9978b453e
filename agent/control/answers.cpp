#include "agent/control/answers.hpp"

#include "agent/base/json.hpp"
#include "agent/lpa/error.hpp"
#include "agent/meaning.hpp"
#include "agent/provision/advice.hpp"
#include "platform/euicc_channel.hpp"

#include <algorithm>
#include <cctype>

namespace agent::control {
namespace {

unsigned http_status_of(const failure& why, const meaning& known)
{
    bool is_conflict = why == platform::channel_errc::busy || why == lpa::errc::wrong_state
                       || why == lpa::errc::not_allowed;
    if (is_conflict)
        return 409;
    switch (known.exit_status) {
    case exit_usage: return 400;
    case exit_not_found: return 404;
    case exit_credentials: return 502;
    case exit_may_pass:
    case exit_card: return 503;
    case exit_refused: return 422;
    case exit_confirmation: return 409;
    default: return 500;
    }
}

}  // namespace

net::server_response to_response(const json::object& body, unsigned status)
{
    net::server_response out;
    out.status = status;
    out.body = json_text(body) + "\n";
    return out;
}

net::server_response to_response(const result<json::object>& body)
{
    return body ? to_response(*body) : to_problem(body.error());
}

failure usage(std::string words)
{
    return {boost::system::errc::invalid_argument, std::move(words)};
}

net::server_response to_problem(const failure& why)
{
    return to_problem(why, http_status_of(why, meaning_of(why.code())));
}

net::server_response to_problem(const failure& why, unsigned status)
{
    meaning known = meaning_of(why.code());
    return to_problem(why, status, known.name, provision::advice_of(known));
}

net::server_response to_problem(
    const failure& why, unsigned status, const std::string& name, const std::string& advice)
{
    net::server_response out =
        to_response({{"type", "urn:esim-agent:" + name}, {"title", name}, {"status", status},
                        {"detail", words_of(why)}, {"advice", advice}},
            status);
    out.content_type = "application/problem+json";
    return out;
}

bool is_plain_uid(std::string_view uid)
{
    constexpr std::size_t longest = 64;
    bool is_plain = std::ranges::all_of(uid, [](char each) {
        return std::isalnum(static_cast<unsigned char>(each)) != 0 || each == '-' || each == '_';
    });
    return is_plain && uid.size() <= longest;
}

}  // namespace agent::control
