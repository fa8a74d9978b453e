// The local API's part for links that are given to customers.
#include "agent/base/json_members.hpp"
#include "agent/control/answers.hpp"
#include "agent/control/api.hpp"
#include "agent/link/error.hpp"
#include "platform/error.hpp"

#include <algorithm>

namespace agent::control {
namespace {

using net::http_request, net::server_response;

struct link_order {
    std::string customer_uid{};
    std::string named{};
};

result<link_order> read_link_order(const platform::wiped_string& body)
{
    static constexpr known_member known[] = {{"customerUid"}, {"iccid"}};
    link_order out;
    auto read = read_members(
        body, "the body", known, [&out](std::string_view name, const json::value& value) {
            (name == "iccid" ? out.named : out.customer_uid) = value.get_string();
            return result<void>();
        });
    if (read)
        read = need_customer(out.customer_uid);
    if (!read)
        return read.error();
    return out;
}

server_response no_links()
{
    failure why(platform::errc::configuration, "this device serves no links");
    return to_problem(why, 409, "configuration",
        "Configure <link listen=\"...\" url=\"https://...\"/>; see esim-agent.xml(5).");
}

}  // namespace

asio::awaitable<server_response> api::get_links(http_request)
{
    if (with_.links == nullptr)
        co_return no_links();
    co_return to_response(with_.links->to_json());
}

asio::awaitable<server_response> api::post_link(http_request asked)
{
    if (with_.links == nullptr)
        co_return no_links();
    auto what = read_link_order(asked.body);
    if (!what)
        co_return to_problem(what.error());
    auto giving = with_.links->give_to(std::move(what->customer_uid), std::move(what->named));
    auto given = co_await std::move(giving);
    if (!given)
        co_return order_problem(given.error());
    const auto& all = with_.links->links().all();
    json::object out = link::to_json(*std::ranges::find(all, given->id, &link::customer_link::id));
    out["url"] = given->url.reveal();
    co_return to_response(out, 201);
}

asio::awaitable<server_response> api::delete_link(http_request asked)
{
    if (with_.links == nullptr)
        co_return no_links();
    auto is_gone = with_.links->links().revoke(asked.parts.front());
    if (!is_gone)
        co_return to_problem(is_gone.error());
    failure none(link::errc::none, asked.parts.front());
    if (!*is_gone)
        co_return to_problem(none, 404, none.name(), none.advice());
    co_return to_response(with_.links->to_json());
}

asio::awaitable<server_response> api::delete_links(http_request)
{
    if (with_.links == nullptr)
        co_return no_links();
    auto gone = with_.links->links().revoke_all();
    if (!gone)
        co_return to_problem(gone.error());
    co_return to_response(with_.links->to_json());
}

}  // namespace agent::control
