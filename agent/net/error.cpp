#include "agent/net/error.hpp"

namespace agent::net {
namespace {

using platform::error_entry, platform::failure_class;

constexpr error_entry net_entries[] = {
    {errc::not_found, failure_class::not_found, "not_found", "not found", "Check the identifier."},
    {errc::credentials_refused, failure_class::credentials, "credentials_refused",
        "the credentials were refused",
        "Check the files that client-id-file, client-secret-file or bearer-file name, and that "
        "they belong to this URL."},
    {errc::not_allowed, failure_class::credentials, "not_allowed",
        "not allowed with these credentials",
        "Ask whoever gave you the credentials; a device's gateway may allow less than a "
        "reseller's."},
    {errc::rate_limited, failure_class::may_pass, "rate_limited", "too many requests",
        "Wait, then try again."},
    {errc::refused, failure_class::refused, "refused", "refused",
        "The server says why; the same again will be refused."},
    {errc::server_trouble, failure_class::may_pass, "server_trouble", "the server is in trouble",
        "Try again in a few minutes."},
    {errc::malformed_answer, failure_class::obstructed, "malformed_answer",
        "the answer is not what the API promises",
        "Try again; if it stays, check the gigastore url, or look for a newer esim-agent."},
    {errc::proxy_refused, failure_class::credentials, "proxy_refused",
        "the proxy wants other credentials",
        "Check user and password of the proxy: its credentials-file, or https_proxy."},
    {errc::captive_portal, failure_class::obstructed, "captive_portal",
        "a login page of the local network answered instead",
        "Open a web page on this network and log in, or use another network; if there is no login "
        "page, check the gigastore url."},
    {errc::tls, failure_class::obstructed, "tls", "the server could not prove who it is",
        "Check the url and the clock; on a guest network, log in to it first; for a server of your "
        "own, set ca-file to its authority. Verification cannot be switched off."},
    {errc::expired, failure_class::obstructed, "tls", "the server's certificate has run out",
        "Whoever runs the server must renew it; if this device's clock is wrong, set it."},
    {errc::clock, failure_class::obstructed, "clock",
        "certificates cannot be checked with the clock of this device",
        "Set the clock (date -s, or NTP), then try again."},
    {errc::name_lookup, failure_class::may_pass, "name_lookup", "the name could not be looked up",
        "Check the network and its DNS server (/etc/resolv.conf), and the host in the url."},
    {errc::unreachable, failure_class::may_pass, "unreachable", "no connection",
        "Check the network, the proxy if there is one, and the url."},
    {errc::timeout, failure_class::may_pass, "timeout", "no answer in time",
        "Check the network, then try again."},
    {errc::outcome_unknown, failure_class::unknown, "outcome_unknown",
        "no answer, so nobody knows whether it was done",
        "Look before trying again: 'esim-agent package list' shows what is the case."},
};

}  // namespace

const platform::error_room& category() noexcept
{
    static const platform::error_room room{"server", net_entries};
    return room;
}

}  // namespace agent::net
