// The local API's part for a shop's till: sessions of the kiosk.
#include "agent/base/json.hpp"
#include "agent/base/json_members.hpp"
#include "agent/control/answers.hpp"
#include "agent/control/api.hpp"
#include "agent/gigastore/types.hpp"
#include "platform/error.hpp"

namespace agent::control {
namespace {

using net::http_request, net::server_response;

failure no_kiosk()
{
    return usage("no kiosk is configured: <kiosk listen=\"127.0.0.1:8080\"/>");
}

/// "uid" is customerUid, as it was called before.
result<kiosk::session_order> read_session(const platform::wiped_string& body)
{
    static constexpr known_member known[] = {
        {"customerUid"}, {"iccid"}, {"onScreen", json::kind::bool_}, {"onBusy"}, {"uid"}};
    kiosk::session_order out;
    out.replaces = false;
    auto take = [&out](std::string_view name, const json::value& value) -> result<void> {
        bool is_uid = name == "customerUid" || name == "uid";
        if (is_uid && !out.customer_uid.empty())
            return usage("customerUid stands there twice: as uid, too");
        if (name == "onScreen")
            out.is_on_screen = value.get_bool();
        else if (name == "onBusy") {
            out.replaces = value.get_string() == "replace";
            if (!out.replaces && value.get_string() != "refuse")
                return usage("onBusy is refuse or replace");
        } else
            (is_uid ? out.customer_uid : out.named) = value.get_string();
        return {};
    };
    auto read = read_members(body, "the body", known, take);
    if (read)
        read = need_customer(out.customer_uid);
    if (!read)
        return read.error();
    return out;
}

/// Where this session alone is shown, for another screen than the kiosk's.
std::string url_of(const kiosk::kiosk& of, const std::string& id)
{
    std::string page = kiosk::own_page_of(id);
    return of.url() + page.substr(1);
}

json::object session_document(const kiosk::kiosk& of, const kiosk::session& one)
{
    json::object out = kiosk::to_json(one);
    if (of.has_page())
        out["url"] = url_of(of, one.id);
    if (!one.link.empty())
        out["link"] = one.link.reveal();
    return out;
}

failure no_session()
{
    return usage("there is no such session, or it has ended");
}

}  // namespace

asio::awaitable<server_response> api::get_sessions(http_request)
{
    if (with_.kiosk == nullptr)
        co_return to_problem(no_kiosk());
    json::object out = with_.kiosk->sessions().to_json();
    if (with_.kiosk->has_page())
        out["url"] = with_.kiosk->url();
    co_return to_response(out);
}

asio::awaitable<server_response> api::post_session(http_request asked)
{
    if (with_.kiosk == nullptr)
        co_return to_problem(no_kiosk());
    auto what = read_session(asked.body);
    if (!what)
        co_return to_problem(what.error());
    auto opened = co_await with_.kiosk->sessions().open(std::move(*what));
    if (!opened)
        co_return order_problem(opened.error());
    co_return to_response(
        session_document(*with_.kiosk, *with_.kiosk->sessions().find(*opened)), 201);
}

asio::awaitable<server_response> api::get_session(http_request asked)
{
    if (with_.kiosk == nullptr)
        co_return to_problem(no_kiosk());
    const kiosk::session* found = with_.kiosk->sessions().find(asked.parts.front());
    if (found == nullptr)
        co_return to_problem(no_session(), 404);
    co_return to_response(session_document(*with_.kiosk, *found));
}

asio::awaitable<server_response> api::delete_session(http_request asked)
{
    if (with_.kiosk == nullptr)
        co_return to_problem(no_kiosk());
    if (!with_.kiosk->sessions().end(asked.parts.front()))
        co_return to_problem(no_session(), 404);
    co_return to_response(with_.kiosk->sessions().to_json());
}

}  // namespace agent::control
