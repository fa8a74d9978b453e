#include "agent/gigastore/to_json.hpp"

#include "agent/base/json.hpp"
#include "platform/iso_time.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

namespace agent::gigastore {
namespace {

json::value time_value(const std::optional<platform::timestamp>& time)
{
    return time ? json::value(platform::to_iso(*time)) : json::value();
}

json::object esim_object(
    const gigastore::esim& profile, const std::optional<gigastore::connectivity>& seen)
{
    auto last_seen = seen && seen->last_seen ? seen->last_seen : profile.last_seen;
    return {{"uid", profile.uid}, {"iccid", or_null(profile.iccid.text())},
        {"imsi", or_null(profile.imsi)}, {"state", or_null(profile.state_text)},
        {"active", profile.is_active}, {"hasActivationCode", profile.has_code},
        {"activatedAt", time_value(profile.activated_at)}, {"lastSeen", time_value(last_seen)},
        {"lastCountry", seen ? or_null(seen->country) : json::value()}};
}

}  // namespace

json::value size_value(const std::optional<data_size>& size)
{
    if (!size)
        return {};
    auto megabytes = size->megabytes();
    return json::object{{"value", size->value}, {"unit", size->unit},
        {"megabytes", megabytes ? json::value(*megabytes) : json::value()}};
}

json::value price_value(const std::optional<gigastore::price>& price)
{
    if (!price)
        return {};
    return json::object{{"value", price->value}, {"currency", price->currency}};
}

json::object to_json(const activated_item& item, platform::timestamp now)
{
    const auto& balance = item.balance;
    return {{"uid", item.uid}, {"customerUid", or_null(item.customer_uid)}, {"name", balance.name},
        {"status", status_of(item, now)}, {"metatag", item.metatag},
        {"size", size_value(balance.size)}, {"availableBalance", size_value(left_of(item, now))},
        {"validitySize",
            balance.validity_size ? json::value(*balance.validity_size) : json::value()},
        {"validityUnit", or_null(balance.validity_unit)},
        {"activationMode", or_null(balance.activation_mode)},
        {"activatedAt", time_value(balance.activated_at)},
        {"expiresAt", time_value(balance.expires_at)}, {"salesDate", time_value(item.sold_at)},
        {"salesChannel", or_null(item.sales_channel)},
        {"salesChannelTypeCode", or_null(item.sales_channel_type)},
        {"activationType", or_null(item.activation_type)},
        {"retailPrice", price_value(item.retail_price)},
        {"purchasePrice", price_value(item.purchase_price)}};
}

json::object to_json(
    const gigastore::customer& who, const connectivities& seen, platform::timestamp now)
{
    json::array esims;
    for (std::size_t i = 0; i < who.related_esims.size(); ++i)
        esims.push_back(
            esim_object(who.related_esims[i], i < seen.size() ? seen[i] : std::nullopt));
    json::array items;
    for (const auto& item : who.activated_items)
        items.push_back(to_json(item, now));
    return {{"uid", who.uid}, {"email", who.email ? json::value(*who.email) : json::value()},
        {"countryOfResidence", or_null(who.country_of_residence)},
        {"profileUrl", or_null(who.profile_url)},
        {"totalAvailableBalance", size_value(who.total_available_balance)},
        {"relatedEsims", std::move(esims)}, {"activatedItems", std::move(items)}};
}

}  // namespace agent::gigastore
