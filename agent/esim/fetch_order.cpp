#include "agent/esim/fetch_order.hpp"

#include "agent/esim/error.hpp"
#include "agent/gigastore/choose.hpp"

#include <algorithm>

namespace agent::esim {

namespace {

order without_code(const gigastore::customer& who, const gigastore::esim& chosen)
{
    order out;
    out.customer_uid = who.uid;
    out.esim_uid = chosen.uid;
    out.iccid = chosen.iccid;
    out.imsi = chosen.imsi;
    out.installation_url = chosen.installation_url;
    out.state_text = chosen.state_text;
    out.is_installable = gigastore::is_installable(chosen);
    return out;
}

}  // namespace

result<order> order_of(const gigastore::customer& who, const gigastore::esim& chosen)
{
    order out = without_code(who, chosen);
    auto code = activation_code::parse(chosen.activation_code);
    if (!code)
        return failure(
            errc::code_unreadable, "eSIM " + chosen.iccid.text() + ": " + code.error().detail());
    out.code = std::move(*code);
    return out;
}

result<order> choose_order(
    const gigastore::customer& who, std::string_view named, const std::vector<iccid>& on_card)
{
    auto chosen = gigastore::choose(who.related_esims, named, on_card);
    if (!chosen)
        return chosen.error();
    auto out = order_of(who, **chosen);
    bool is_there = std::ranges::find(on_card, (*chosen)->iccid) != on_card.end();
    return out || !is_there ? out : without_code(who, **chosen);
}

task<order> fetch_order(
    gigastore::client& api, std::string uid, std::string named, std::vector<iccid> on_card)
{
    auto who = co_await api.customer(std::move(uid));
    if (!who)
        co_return who.error();
    co_return choose_order(*who, named, on_card);
}

}  // namespace agent::esim
