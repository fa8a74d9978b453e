#include "agent/cli/explain.hpp"

#include "agent/cli/output.hpp"
#include "agent/gigastore/choose.hpp"
#include "agent/net/error.hpp"
#include "agent/redact.hpp"
#include "platform/text.hpp"

#include <boost/asio/error.hpp>
#include <boost/json/value.hpp>
#include <boost/system/system_error.hpp>

#include <cstdio>
#include <iterator>

namespace agent::cli {
namespace {

using gigastore::choice_errc;
using net::errc;

struct meaning {
    error_code code;
    int exit_status;
    const char* name;
    const char* advice;
};

// What every class of failure means to the caller, in one place.
const meaning meanings[] = {
    {errc::not_found, exit_not_found, "not_found", "Check the identifier."},
    {errc::credentials_refused, exit_credentials, "credentials_refused",
        "Check the files that client-id-file, client-secret-file or bearer-file name, and "
        "that they belong to this URL."},
    {errc::not_allowed, exit_credentials, "not_allowed",
        "Ask whoever gave you the credentials; a device's gateway may allow less than a "
        "reseller's."},
    {errc::rate_limited, exit_may_pass, "rate_limited", "Wait, then try again."},
    {errc::refused, exit_refused, "refused",
        "The server says why; the same again will be refused."},
    {errc::server_trouble, exit_may_pass, "server_trouble", "Try again in a few minutes."},
    {errc::malformed_answer, exit_may_pass, "malformed_answer",
        "Try again; if it stays, check the gigastore url, or look for a newer esim-agent."},
    {errc::proxy_refused, exit_credentials, "proxy_refused",
        "Check user and password of the proxy: its credentials-file, or https_proxy."},
    {errc::captive_portal, exit_may_pass, "captive_portal",
        "Open a web page on this network and log in, or use another network; if there is no "
        "login page, check the gigastore url."},
    {errc::tls, exit_may_pass, "tls",
        "Check the url and the clock; on a guest network, log in to it first; for a server of "
        "your own, set ca-file to its authority. "
        "Verification cannot be switched off."},
    {errc::clock, exit_may_pass, "clock", "Set the clock (date -s, or NTP), then try again."},
    {errc::name_lookup, exit_may_pass, "name_lookup",
        "Check the network and its DNS server (/etc/resolv.conf), and the host in the url."},
    {errc::unreachable, exit_may_pass, "unreachable",
        "Check the network, the proxy if there is one, and the url."},
    {errc::timeout, exit_may_pass, "timeout", "Check the network, then try again."},
    {errc::outcome_unknown, exit_unknown, "outcome_unknown",
        "Look before trying again: 'esim-agent package list' shows what is the case."},
    {choice_errc::none_named, exit_not_found, "not_found", "Name one of these with --iccid."},
    {choice_errc::none_installable, exit_not_found, "not_found",
        "Only a RELEASED eSIM can be installed: a profile that is deleted from its device becomes "
        "RELEASED again; one in ERROR has to be replaced by Gigastore's support."},
    {choice_errc::several, exit_usage, "several", "Name one with --iccid."},
    {choice_errc::unusable, exit_refused, "unusable",
        "Ask Gigastore's support to replace this eSIM."},
    {asio::error::operation_aborted, exit_interrupted, "interrupted", ""},
    {make_error_code(boost::system::errc::interrupted), exit_interrupted, "interrupted", ""},
    {make_error_code(boost::system::errc::no_space_on_device), exit_internal, "no_space",
        "Free some space, then try again."},
    {make_error_code(boost::system::errc::no_such_file_or_directory), exit_usage, "configuration",
        ""},
    {make_error_code(boost::system::errc::permission_denied), exit_usage, "configuration", ""},
    {make_error_code(boost::system::errc::is_a_directory), exit_usage, "configuration", ""},
    {make_error_code(boost::system::errc::not_a_directory), exit_usage, "configuration", ""},
    {make_error_code(boost::system::errc::timed_out), exit_usage, "configuration", ""},
    {make_error_code(boost::system::errc::file_too_large), exit_usage, "configuration", ""},
    {make_error_code(boost::system::errc::invalid_argument), exit_usage, "usage", ""},
    {make_error_code(boost::system::errc::no_message), exit_usage, "configuration", ""},
    {make_error_code(boost::system::errc::not_connected), exit_usage, "usage", ""},
};

bool is_same(const error_code& left, const error_code& right)
{
    return left == right || left == right.default_error_condition();
}

/// Generic codes only repeat what the detail says already, better.
std::string words_of(const failure& why)
{
    if (why == error_code(asio::error::operation_aborted) && why.detail().empty())
        return "interrupted";
    bool is_spoken =
        !why.detail().empty() && why.code().category() == boost::system::generic_category();
    if (is_spoken)
        return why.detail();
    bool is_system =
        !why.detail().empty() && why.code().category() == boost::system::system_category();
    return is_system ? why.detail() + ": " + why.code().message() : why.message();
}

}  // namespace

void throw_exception_from_error(const problem& what, const boost::source_location&)
{
    throw boost::system::system_error(what.why().code(), what.why().detail());
}

explanation explain(const problem& what)
{
    explanation out;
    out.line = what.doing().empty() ? "" : what.doing() + ": ";
    out.line += words_of(what.why());
    out.line = platform::printable(redact(out.line));
    out.name = "internal";
    out.advice = what.advice();
    for (const meaning& each : meanings) {
        if (!is_same(what.why().code(), each.code))
            continue;
        out.exit_status = each.exit_status;
        out.name = each.name;
        if (out.advice.empty())
            out.advice = each.advice;
        break;
    }
    return out;
}

std::string to_json(const explanation& what)
{
    boost::json::object error{{"name", what.name}, {"message", what.line}, {"advice", what.advice},
        {"exitStatus", what.exit_status}};
    boost::json::object document{{"error", std::move(error)}};
    return json_text(document) + "\n";
}

int report(const problem& what, bool json)
{
    explanation words = explain(what);
    if (json)
        print(to_json(words));
    flush_output();
    std::fprintf(stderr, "esim-agent: %s\n", words.line.c_str());
    if (!words.advice.empty())
        std::fprintf(stderr, "  %s\n", words.advice.c_str());
    return words.exit_status;
}

}  // namespace agent::cli
