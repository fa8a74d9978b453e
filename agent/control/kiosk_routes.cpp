// The local API's part for a shop's till: sessions of the kiosk, and sales.
#include "agent/base/json.hpp"
#include "agent/base/json_members.hpp"
#include "agent/control/answers.hpp"
#include "agent/control/api.hpp"
#include "agent/gigastore/types.hpp"
#include "agent/net/error.hpp"
#include "agent/sale/error.hpp"
#include "platform/error.hpp"
#include "platform/text.hpp"

namespace agent::control {
namespace {

using net::http_request, net::server_response;

failure no_kiosk()
{
    return usage("no kiosk is configured: <kiosk listen=\"127.0.0.1:8080\"/>");
}

/// Whether what the screen shows may be replaced.
result<bool> read_on_busy(std::string_view word)
{
    bool replaces = word == "replace";
    if (!replaces && word != "refuse")
        return usage("onBusy is refuse or replace");
    return replaces;
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
            auto replaces = read_on_busy(value.get_string());
            if (!replaces)
                return replaces.error();
            out.replaces = *replaces;
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

/// What a till orders: the purchase, its price, and where the new eSIM is shown.
struct sale_order {
    gigastore::purchase what{};
    std::optional<double> price{};
    kiosk::session_order shown{};
};

result<sale_order> read_sale(const platform::wiped_string& body)
{
    static constexpr known_member known[] = {{"item"}, {"metatag"}, {"price", json::kind::double_},
        {"email"}, {"country"}, {"activationMode"}, {"customerUid"},
        {"onScreen", json::kind::bool_}, {"onBusy"}};
    sale_order out;
    out.shown.replaces = false;
    std::string on_busy = "refuse";
    const std::pair<std::string_view, std::string*> texts[] = {{"item", &out.what.item_id},
        {"metatag", &out.what.metatag}, {"email", &out.what.email}, {"country", &out.what.country},
        {"activationMode", &out.what.activation_mode}, {"customerUid", &out.what.customer_uid},
        {"onBusy", &on_busy}};
    auto take = [&](std::string_view name, const json::value& value) -> result<void> {
        if (name == "price")
            out.price = value.to_number<double>();
        else if (name == "onScreen")
            out.shown.is_on_screen = value.get_bool();
        for (const auto& [text_name, into] : texts)
            if (text_name == name)
                *into = value.get_string();
        return {};
    };
    if (auto read = read_members(body, "the body", known, take); !read)
        return read.error();
    if (out.what.item_id.empty() || out.what.metatag.empty() || !out.price)
        return usage("item, metatag and price are needed");
    auto replaces = read_on_busy(on_busy);
    if (!replaces)
        return replaces.error();
    out.shown.replaces = *replaces;
    if (!out.what.country.empty() && !gigastore::is_country(out.what.country))
        return usage("country is two capital letters that ISO 3166-1 knows");
    if (!gigastore::is_email(out.what.email))
        return usage("email is no e-mail address");
    constexpr std::size_t longest = 64;
    if (out.what.metatag.size() > longest || !platform::is_printable(out.what.metatag))
        return usage("metatag is a text of 64 octets at most");
    const std::string& mode = out.what.activation_mode;
    if (!mode.empty() && mode != "NOW" && mode != "FIRST_USE" && mode != "ON_DEMAND")
        return usage("activationMode is NOW, FIRST_USE or ON_DEMAND");
    bool is_new = out.what.customer_uid.empty();
    out.what.kind = is_new ? gigastore::purchase_kind::first_package
                           : gigastore::purchase_kind::top_up_with_profile;
    if (!is_new)
        if (auto good = need_customer(out.what.customer_uid); !good)
            return good.error();
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

namespace {

/// Why nothing was sold, or why nobody knows, with what the till is to do.
server_response sale_problem(const failure& why)
{
    bool is_unknown = why == net::errc::outcome_unknown;
    platform::told_meaning meaning;
    meaning.kind = why.kind();
    meaning.name = why.name();
    meaning.advice = is_unknown ? "Send the same request again: it asks whether the package was "
                                  "sold, and buys nothing twice."
                                : why.advice();
    return to_problem(failure::retold(std::move(meaning), why.message()));
}

}  // namespace

asio::awaitable<void> api::show_sold(
    const sale::sold& what, kiosk::session_order order, json::object& out)
{
    order.customer_uid = what.what.item.customer_uid;
    if (what.what.profile)
        order.named = what.what.profile->uid;
    auto opened = co_await with_.kiosk->sessions().open(std::move(order));
    out["session"] = nullptr;
    if (opened)
        out["session"] = session_document(*with_.kiosk, *with_.kiosk->sessions().find(*opened));
    else
        out["sessionProblem"] = opened.error().message();
}

asio::awaitable<server_response> api::post_sale(http_request asked)
{
    if (with_.kiosk == nullptr)
        co_return to_problem(no_kiosk());
    if (with_.till == nullptr)
        co_return to_problem(failure(sale::errc::not_offered, "this kiosk sells nothing"));
    auto order = read_sale(asked.body);
    if (!order)
        co_return to_problem(order.error());
    auto selling = with_.till->sell(std::move(order->what), *order->price);
    auto sold = co_await std::move(selling);
    if (!sold)
        co_return sale_problem(sold.error());
    json::object out = to_json(*sold, platform::read_clock().system);
    auto showing = show_sold(*sold, std::move(order->shown), out);
    co_await std::move(showing);
    co_return to_response(out, sold->is_earlier ? 200 : 201);
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
