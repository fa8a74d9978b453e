// The part of the stand-in that sells: inventory, packages, refunds.
#include "tests/sandbox/gigastore.hpp"
#include "tests/sandbox/samples.hpp"

#include "platform/clock.hpp"
#include "tests/sandbox/coding.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace sandbox {
namespace {

namespace json = boost::json;

std::string part(const std::string& path, int index)
{
    std::size_t start = 1;
    for (; index > 0; --index)
        start = path.find('/', start) + 1;
    return path.substr(start, path.find('/', start) - start);
}

std::string text(const json::object& in, const char* name)
{
    const json::value* found = in.if_contains(name);
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : "";
}

std::string in_days(int days)
{
    auto then = platform::read_clock().system + std::chrono::days(days);
    return to_rfc3339(std::chrono::floor<std::chrono::seconds>(then));
}

json::object make_item(const json::object& package, const json::object& order)
{
    std::string mode =
        text(order, "activationMode").empty() ? "NOW" : text(order, "activationMode");
    bool starts_now = mode == "NOW";
    int days = static_cast<int>(package.at("validitySize").to_number<double>())
               * (text(package, "validityUnit") == "years" ? 365 : 1);
    json::object size{{"sizeValue", package.at("sizeValue")}, {"sizeUnit", package.at("sizeUnit")}};
    bool is_small = text(package, "sizeUnit") == "MB";
    double value = package.at("sizeValue").to_number<double>();
    // As documented: what is left is in GB and rounded, whatever the unit sold.
    double left = is_small ? std::round(value / 10.24) / 100 : value;
    return {{"uid", random_uuid()}, {"metatag", text(order, "metatag")},
        {"balance", {{"activatedAt", starts_now ? json::value(now_iso()) : json::value()},
                        {"expiresAt", in_days(starts_now ? days : 90)}, {"activationMode", mode},
                        {"name", package.at("name")}, {"size", size},
                        {"availableBalance", {{"sizeValue", left}, {"sizeUnit", "GB"}}},
                        {"validitySize", package.at("validitySize")},
                        {"validityUnit", package.at("validityUnit")}}},
        {"salesChannel", "Application Programming Interface"}, {"salesChannelTypeCode", "API"},
        {"activationType", "DATA_PLAN"}, {"salesDate", now_iso()},
        {"purchasePrice", package.at("prices").as_array()[0]},
        {"retailPrice", package.at("retailPrices").as_array()[0]}};
}

json::object* find_package(json::array& inventory, const std::string& id)
{
    for (json::value& each : inventory)
        if (text(each.as_object(), "id") == id)
            return &each.as_object();
    return nullptr;
}

double price_in(const json::value& price)
{
    return price.at("priceValue").to_number<double>();
}

}  // namespace

response gigastore::inventory_list(const request&)
{
    return {.body = json::serialize(json::object{{"items", data_.inventory()}})};
}

response gigastore::inventory_one(const request& asked)
{
    json::object* found = find_package(data_.inventory(), part(asked.path, 3));
    if (found == nullptr)
        return problem(404, "Not found", "Unknown inventory item");
    return {.body = json::serialize(*found)};
}

response gigastore::inventory_change(const request& asked)
{
    json::object* found = find_package(data_.inventory(), part(asked.path, 3));
    if (found == nullptr)
        return problem(404, "Not found", "Unknown inventory item");
    json::value body = json::parse(asked.body);
    if (const json::value* name = body.as_object().if_contains("name"))
        (*found)["name"] = *name;
    if (const json::value* price = body.as_object().if_contains("retailPrice"))
        (*found)["retailPrices"] = json::array{*price};
    data_.save();
    return {.body = json::serialize(*found)};
}

response gigastore::register_customer(const request& asked)
{
    return sell(asked, true, true);
}

response gigastore::top_up(const request& asked)
{
    return sell(asked, false, false);
}

response gigastore::top_up_with_profile(const request& asked)
{
    return sell(asked, false, true);
}

response gigastore::sell(const request& asked, bool is_new, bool with_profile)
{
    auto known = data_.replays().find(asked.idempotency_key);
    bool has_key = !settings_.forgets_keys && !asked.idempotency_key.empty();
    if (has_key && known != data_.replays().end()) {
        bool is_same = known->second.first == asked.path + asked.body;
        return is_same
                   ? response{.body = known->second.second}
                   : problem(409, "Conflict", "This idempotency key was used for another request");
    }
    boost::system::error_code ec;
    json::value parsed = json::parse(asked.body, ec);
    if (ec || !parsed.is_object())
        return problem(400, "Bad request", "The body is not a JSON object");
    response answer = carry_out(parsed.get_object(), is_new, with_profile);
    if (has_key && answer.status == 200)
        data_.replays()[asked.idempotency_key] = {asked.path + asked.body, answer.body};
    return answer;
}

/// The customer of a first package, of whom nothing is sold yet.
record& gigastore::new_customer(const json::object& order, const json::object& package)
{
    std::string email = text(order, "customerEmail");
    json::object customer{{"email", email.empty() ? json::value() : json::value(email)},
        {"uid", random_uuid()}, {"profileUrl", "https://portal.example/p/" + random_hex(6)},
        {"countryOfResidence", text(order, "userCountry")}};
    return data_.add_customer({{"customer", std::move(customer)}, {"activatedItems", json::array()},
        {"relatedEsims", json::array()}, {"countrySet", package.at("countrySet")}});
}

response gigastore::carry_out(const json::object& order, bool is_new, bool with_profile)
{
    json::object* package = find_package(data_.inventory(), text(order, "inventoryItemId"));
    if (package == nullptr)
        return problem(400, "Bad request", "Unknown inventoryItemId");
    const json::value* expected = order.if_contains("expectedPrice");
    if (expected != nullptr
        && price_in(*expected) != price_in(package->at("retailPrices").as_array()[0]))
        return problem(422, "Unprocessable request", "The expected price is not the retail price");
    record* who = is_new ? nullptr : data_.find_customer(text(order, "customerUid"));
    if (!is_new && who == nullptr)
        return problem(404, "Not found", "Unknown customer");
    const json::value* set = is_new ? nullptr : who->document().if_contains("countrySet");
    if (set != nullptr && *set != package->at("countrySet"))
        return problem(
            422, "Unprocessable request", "Country set of the package differs from the customer's");
    double cost = price_in(package->at("prices").as_array()[0]);
    if (settings_.credit && *settings_.credit < cost)
        return problem(402, "Payment required", "The reseller's credit does not suffice");
    if (settings_.credit)
        *settings_.credit -= cost;

    if (is_new)
        who = &new_customer(order, *package);
    json::object& document = who->change();
    json::object item = make_item(*package, order);
    if (!document["activatedItems"].is_array())
        document["activatedItems"] = json::array();
    if (!document["relatedEsims"].is_array())
        document["relatedEsims"] = json::array();
    document["activatedItems"].get_array().push_back(item);
    json::value esim;
    if (with_profile) {
        esim = make_esim(data_.smdp(), data_.next_number());
        document["relatedEsims"].get_array().push_back(esim);
    }
    update_balance(document);
    data_.save();
    return {.body = json::serialize(json::object{{"status", "success"}, {"activatedItem", item},
                {"customer", document.at("customer")}, {"esimProfile", esim}})};
}

gigastore::item_place gigastore::find_item(const std::string& uid)
{
    for (record& each : data_.customers()) {
        const json::value* items = each.document().if_contains("activatedItems");
        if (items == nullptr || !items->is_array())
            continue;
        for (std::size_t i = 0; i < items->get_array().size(); ++i)
            if (text(items->get_array()[i].as_object(), "uid") == uid)
                return {&each, i};
    }
    return {};
}

response gigastore::items(const request& asked)
{
    auto bound = [&](const char* name, const char* otherwise) {
        auto found = asked.query.find(name);
        return found == asked.query.end() ? std::string(otherwise) : found->second;
    };
    std::string from = bound("from", "0000");
    std::string to = bound("to", "9999") + "~";  // the whole day
    std::vector<json::object> found;
    for (const record& each : data_.customers()) {
        const json::value* items = each.document().if_contains("activatedItems");
        if (items == nullptr || !items->is_array())
            continue;
        for (const json::value& one : items->get_array()) {
            std::string sold = text(one.as_object(), "salesDate");
            if (!sold.empty() && (sold < from || sold > to))
                continue;
            found.push_back(one.get_object());
            found.back()["customer"] = each.document().at("customer");
        }
    }
    bool is_ascending = bound("sort_dir", "DESC") == "ASC";
    std::ranges::stable_sort(found, [&](const json::object& one, const json::object& two) {
        std::string left = text(one, "salesDate");
        std::string right = text(two, "salesDate");
        return is_ascending ? left < right : left > right;
    });
    return {.body = json::serialize(json::array(found.begin(), found.end()))};
}

response gigastore::item(const request& asked)
{
    item_place place = find_item(part(asked.path, 3));
    if (place.owner == nullptr)
        return problem(404, "Not found", "Unknown activated item");
    const json::object& document = place.owner->document();
    json::object out{{"activatedItem", document.at("activatedItems").as_array()[place.index]},
        {"customer", document.at("customer")}};
    return {.body = json::serialize(out)};
}

response gigastore::activate(const request& asked)
{
    item_place place = find_item(part(asked.path, 3));
    if (place.owner == nullptr)
        return problem(404, "Not found", "Unknown activated item");
    json::object& document = place.owner->change();
    json::object& item = document["activatedItems"].as_array()[place.index].as_object();
    json::object& balance = item["balance"].as_object();
    if (balance["activatedAt"].is_string())
        return problem(409, "Conflict", "The package is already active");
    if (text(balance, "activationMode") != "ON_DEMAND")
        return problem(409, "Conflict", "Only ON_DEMAND packages can be activated");
    int days = static_cast<int>(balance["validitySize"].to_number<double>())
               * (text(balance, "validityUnit") == "years" ? 365 : 1);
    balance["activatedAt"] = now_iso();
    balance["expiresAt"] = in_days(days);
    data_.save();
    return {.body = json::serialize(item)};
}

response gigastore::refund(const request& asked)
{
    std::string id = part(asked.path, asked.path.starts_with("/gigastore") ? 3 : 2);
    item_place place = find_item(id);
    if (place.owner == nullptr)
        return problem(404, "Not found", "Unknown activated item");
    json::object& document = place.owner->change();
    json::object& item = document["activatedItems"].as_array()[place.index].as_object();
    if (text(item, "status") == "REFUNDED")
        return problem(409, "Conflict", "The package was already refunded");
    const json::value& balance = item.at("balance");
    auto gigabytes = [&](const char* name) {
        const json::value& size = balance.at(name);
        double value = size.at("sizeValue").to_number<double>();
        return size.at("sizeUnit").as_string() == "MB" ? value / 1024 : value;
    };
    bool is_used = gigabytes("availableBalance") + 0.005 < gigabytes("size");
    if (is_used)
        return problem(422, "Unprocessable request",
            "The package has already been used; a refund is not possible");
    item["status"] = "REFUNDED";
    update_balance(document);
    data_.save();
    return {.body = ""};
}

}  // namespace sandbox
