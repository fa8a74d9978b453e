// doctor: the way to Gigastore and to the SM-DP+, one step after the other.
#include "agent/base/activation_code.hpp"
#include "agent/cli/doctor/doctor.hpp"
#include "agent/gigastore/choose.hpp"
#include "agent/net/connect.hpp"
#include "agent/net/error.hpp"
#include "agent/net/resolve.hpp"
#include "agent/net/url.hpp"

namespace agent::cli {
namespace {

constexpr const char* name_service = "DNS";
constexpr const char* proxy = "proxy";
constexpr const char* tls = "TLS";
constexpr const char* credentials = "credentials";
constexpr const char* smdp = "SM-DP+";

asio::awaitable<void> check_names(examination& of, net::origin where, bool is_proxy)
{
    auto found = co_await net::resolve(where);
    if (!found) {
        of.fail(name_service, found.error());
        co_return;
    }
    of.ok(name_service, where.host + " is " + found->front().address().to_string());
    if (!is_proxy) {
        of.ok(proxy, "none");
        co_return;
    }
    auto connected = co_await net::connect(std::move(*found));
    std::string from = of.with.settings.proxy ? "" : " (https_proxy)";
    if (connected)
        of.ok(proxy, net::to_string(where) + from + " answers");
    else
        of.fail(proxy, connected.error().after(net::to_string(where) + from + ": "));
}

asio::awaitable<void> check_tls(examination& of, net::url gigastore)
{
    net::http_request request;
    request.target = gigastore.path + "/gigastore/version";
    auto answer = co_await of.with.http->exchange(gigastore.where, std::move(request));
    if (!answer)
        of.fail(tls, answer.error());
    else
        of.ok(tls, "the certificate of " + net::to_string(gigastore.where) + " is good");
}

/// Whose they are: a reseller's, who may list customers, or a device's.
asio::awaitable<void> check_credentials(examination& of)
{
    std::string uid = of.with.settings.customer_uid;
    auto pages = of.with.api.customers(1);
    auto first = co_await pages.next();
    bool is_device =
        !first
        && (first.error() == net::errc::not_allowed || first.error() == net::errc::not_found);
    if (!first && !is_device) {
        of.fail(credentials, first.error());
        co_return;
    }
    std::string whose = is_device ? "a device's" : "a reseller's, who sees every customer";
    if (uid.empty()) {
        of.ok(credentials, whose);
        co_return;
    }
    auto who = co_await of.with.api.customer(uid);
    if (!who) {
        failure about = who.error().after("customer " + uid + ": ");
        of.fail(credentials, about, about_customer("", who.error()).advice());
        co_return;
    }
    of.customer = std::move(*who);
    of.ok(credentials, whose + "; customer " + uid + " is there, with "
                           + std::to_string(of.customer->related_esims.size()) + " eSIM");
}

/// The server in the code of the customer's eSIM; empty if there is none.
std::string server_of(const examination& of)
{
    if (!of.customer)
        return {};
    for (const gigastore::esim& each : of.customer->related_esims)
        if (auto code = activation_code::parse(each.activation_code); code && each.is_active)
            return code->smdp_address();
    return {};
}

asio::awaitable<void> check_server(examination& of)
{
    std::string server = server_of(of);
    if (server.empty() || of.with.servers == nullptr) {
        of.skip(smdp, of.customer ? "no eSIM of the customer names one"
                                  : "needs a customer: its eSIM names the server");
        co_return;
    }
    std::string address = server;
    auto reached = co_await of.with.servers->probe(std::move(address));
    if (reached)
        of.ok(smdp, "the certificate of " + server + " is good");
    else
        of.fail(smdp, reached.error());
}

}  // namespace

asio::awaitable<void> check_network(examination& of)
{
    const net::url& url = of.with.settings.gigastore_url;
    const auto& through = of.with.proxies.through;
    bool is_proxied = through.has_value();
    net::origin first = is_proxied ? through->where : url.where;
    auto names = check_names(of, std::move(first), is_proxied);
    co_await std::move(names);
    if (of.has_failed(name_service))
        of.skip(proxy, "needs DNS");
    bool has_way = !of.has_failed(name_service) && !of.has_failed(proxy);
    if (has_way)
        co_await check_tls(of, url);
    else
        of.skip(tls, "needs a network");
    bool can_ask = has_way && !of.has_failed(tls) && !of.has_failed("configuration")
                   && !of.has_failed("files");
    if (can_ask)
        co_await check_credentials(of);
    else
        of.skip(credentials, "needs TLS and its files");
    if (has_way)
        co_await check_server(of);
    else
        of.skip(smdp, "needs a network");
}

}  // namespace agent::cli
