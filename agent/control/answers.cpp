#include "agent/control/answers.hpp"

#include "agent/base/json.hpp"
#include "agent/base/redact.hpp"
#include "agent/gigastore/choose.hpp"
#include "agent/gigastore/types.hpp"
#include "agent/net/error.hpp"
#include "agent/provision/advice.hpp"
#include "platform/error.hpp"

#include <algorithm>
#include <cctype>

namespace agent::control {
namespace {

unsigned http_status_of(failure_class kind)
{
    switch (kind) {
    case failure_class::usage:
    case failure_class::configuration: return 400;
    case failure_class::not_found: return 404;
    case failure_class::busy:
    case failure_class::wrong_state:
    case failure_class::forbidden:
    case failure_class::confirmation: return 409;
    case failure_class::refused: return 422;
    case failure_class::credentials: return 502;
    case failure_class::may_pass:
    case failure_class::obstructed:
    case failure_class::card: return 503;
    case failure_class::internal:
    case failure_class::unknown:
    case failure_class::interrupted:
    case failure_class::nothing_to_do: break;
    }
    return 500;
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
    return {platform::errc::usage, std::move(words)};
}

result<void> need_customer(const std::string& uid)
{
    if (uid.empty() || !gigastore::is_plain_uid(uid))
        return usage("customerUid is needed");
    return {};
}

net::server_response to_problem(const failure& why)
{
    return to_problem(why, http_status_of(why.kind()));
}

net::server_response to_problem(const failure& why, unsigned status)
{
    return to_problem(why, status, why.name(), provision::advice_of(why));
}

net::server_response to_problem(
    const failure& why, unsigned status, const std::string& name, const std::string& advice)
{
    net::server_response out =
        to_response({{"type", "urn:esim-agent:" + name}, {"title", name}, {"status", status},
                        {"class", platform::name_of(why.kind())}, {"detail", words_of(why)},
                        {"advice", advice}},
            status);
    out.content_type = "application/problem+json";
    return out;
}

net::server_response order_problem(const failure& why)
{
    struct reason {
        error_code code;
        const char* name;
        unsigned status;
        const char* advice;
    };
    using gigastore::choice_errc;
    const reason reasons[] = {
        {net::errc::not_found, "unknown_customer", 404,
            "Check the UID; 'esim-agent customer search --email TEXT' finds customers."},
        {choice_errc::none_named, "unknown_esim", 404,
            "Take one of the ICCIDs that the detail lists."},
        {choice_errc::several, "several", 400,
            "Name one: iccid in a request, --iccid in a command."},
        {choice_errc::none_installable, "nothing_to_install", 404,
            "Only a RELEASED eSIM can be shown; one that is INSTALLED becomes so when it is "
            "deleted "
            "from its phone."},
        {choice_errc::unusable, "unusable", 404, "Gigastore's support has to replace this eSIM."},
        {platform::errc::in_use, "screen_busy", 409,
            "Wait, end that session, or ask with \"onBusy\":\"replace\"; with "
            "\"onScreen\":false it gets a page of its own."},
    };
    for (const reason& each : reasons)
        if (why.code() == each.code)
            return to_problem(why, each.status, each.name, each.advice);
    return to_problem(why);
}

}  // namespace agent::control
