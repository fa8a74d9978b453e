#include "agent/gigastore/parse.hpp"

#include "agent/base/json.hpp"
#include "agent/net/error.hpp"
#include "platform/iso_time.hpp"

#include <algorithm>
#include <cmath>

namespace agent::gigastore {
namespace {

failure malformed_gigastore_answer(const char* why)
{
    return {net::errc::malformed_answer, why};
}

/// Larger figures are no volume and no price, and are not shown as one.
constexpr double most_of_anything = 1e12;

std::optional<timestamp> time(const json::value& parent, std::string_view name)
{
    return platform::parse_time(text_view(parent, name));
}

std::optional<data_size> size_in(const json::value& from)
{
    auto value = number(from, "sizeValue");
    if (!value || std::abs(*value) > most_of_anything)
        return std::nullopt;
    return data_size{.value = *value, .unit = text(from, "sizeUnit")};
}

std::optional<data_size> size(const json::value& parent, std::string_view name)
{
    const json::value* found = member(parent, name);
    return found != nullptr ? size_in(*found) : std::nullopt;
}

std::optional<price> price_in(const json::value& from)
{
    auto value = number(from, "priceValue");
    if (!value || std::abs(*value) > most_of_anything)
        return std::nullopt;
    return price{.value = *value,
        .currency = text(from, "currencyCode"),
        .sort_index = whole_number(from, "sortIndex").value_or(0)};
}

std::optional<price> read_price(const json::value& parent, std::string_view name)
{
    const json::value* found = member(parent, name);
    return found != nullptr ? price_in(*found) : std::nullopt;
}

/// The first by sortIndex of a list of prices.
std::optional<price> first_price(const json::value& parent, std::string_view name)
{
    const json::value* all = member(parent, name);
    std::optional<price> out;
    if (all == nullptr || !all->is_array())
        return out;
    for (const json::value& each : all->get_array()) {
        auto one = price_in(each);
        if (one && (!out || one->sort_index < out->sort_index))
            out = one;
    }
    return out;
}

inventory_item read_inventory_item(const json::value& in)
{
    inventory_item out;
    out.id = text(in, "id");
    out.name = text(in, "name");
    out.size = size_in(in).value_or(data_size());
    out.validity_size = whole_number(in, "validitySize");
    out.validity_unit = text(in, "validityUnit");
    const json::value* unlimited = member(in, "validityUnlimited");
    out.is_unlimited = unlimited != nullptr && unlimited->is_bool() && unlimited->get_bool();
    out.country_set = text(in, "countrySet");
    out.purchase_price = first_price(in, "prices");
    out.retail_price = first_price(in, "retailPrices");
    return out;
}

esim read_esim(const json::value& in)
{
    esim out;
    out.uid = text(in, "uid");
    out.iccid = iccid::from(text_view(in, "iccid"));
    out.imsi = text(in, "imsi");
    out.activation_code = platform::secret(text_view(in, "activationCode"));
    out.has_code = !out.activation_code.empty();
    out.apple_universal_link = platform::secret(text_view(in, "appleUniversalLink"));
    out.installation_url = platform::secret(text_view(in, "installationUrl"));
    out.last_seen = time(in, "lastSeen");
    out.activated_at = time(in, "activatedAt");
    out.state_text = text(in, "state");
    out.state = esim_state_from(out.state_text);
    const json::value* active = member(in, "active");
    out.is_active = active == nullptr || !active->is_bool() || active->get_bool();
    return out;
}

activated_item read_item(const json::value& in)
{
    activated_item out;
    out.uid = text(in, "uid");
    out.metatag = text(in, "metatag");
    out.status = text(in, "status");
    out.sales_channel = text(in, "salesChannel");
    out.sales_channel_type = text(in, "salesChannelTypeCode");
    out.activation_type = text(in, "activationType");
    out.sold_at = time(in, "salesDate");
    out.purchase_price = read_price(in, "purchasePrice");
    out.retail_price = read_price(in, "retailPrice");
    if (const json::value* customer = member(in, "customer"))
        out.customer_uid = text(*customer, "uid");
    const json::value* balance = member(in, "balance");
    if (balance == nullptr)
        return out;
    out.balance.activated_at = time(*balance, "activatedAt");
    out.balance.expires_at = time(*balance, "expiresAt");
    out.balance.activation_mode = text(*balance, "activationMode");
    out.balance.name = text(*balance, "name");
    out.balance.size = size(*balance, "size");
    out.balance.available = size(*balance, "availableBalance");
    out.balance.validity_size = whole_number(*balance, "validitySize");
    out.balance.validity_unit = text(*balance, "validityUnit");
    return out;
}

/// The elements of an array of objects; absent and null are empty, else it is malformed.
template <class T, class Read>
bool read_array(const json::value* in, std::vector<T>& out, Read read)
{
    if (in == nullptr)
        return true;
    const json::array* array = in->if_array();
    if (array == nullptr)
        return false;
    out.reserve(array->size());
    for (const json::value& each : *array) {
        if (!each.is_object())
            return false;
        out.push_back(read(each));
    }
    return true;
}

result<customer> read_customer(const json::value& in)
{
    const json::value* who = member(in, "customer");
    if (who == nullptr || text_view(*who, "uid").empty())
        return malformed_gigastore_answer("it has no customer with a uid");
    customer out;
    out.uid = text(*who, "uid");
    if (const json::value* email = member(*who, "email"); email != nullptr && email->is_string())
        out.email = text(*who, "email");
    out.profile_url = text(*who, "profileUrl");
    out.country_of_residence = text(*who, "countryOfResidence");
    out.total_available_balance = size(in, "totalAvailableBalance");
    if (!read_array(member(in, "activatedItems"), out.activated_items, read_item))
        return malformed_gigastore_answer("activatedItems is not a list of objects");
    if (!read_array(member(in, "relatedEsims"), out.related_esims, read_esim))
        return malformed_gigastore_answer("relatedEsims is not a list of objects");
    return out;
}

/// The array itself, or the member of an object that holds it.
const json::value* list_in(const json::value& root, std::initializer_list<std::string_view> names)
{
    if (root.is_array())
        return &root;
    for (std::string_view name : names)
        if (const json::value* found = member(root, name); found != nullptr && found->is_array())
            return found;
    return nullptr;
}

/// An object without "customers", or with null there, was seen to mean: nobody. One that holds
/// other lists is something else.
bool means_nobody(const json::value& root)
{
    const json::object* object = root.if_object();
    auto is_list = [](const auto& member) { return member.value().is_array(); };
    return object != nullptr && member(root, "customers") == nullptr
           && std::ranges::none_of(*object, is_list);
}

}  // namespace

result<token_answer> parse_token(std::string_view body)
{
    json_document parsed{body};
    if (parsed.root() == nullptr || text_view(*parsed.root(), "accessToken").empty())
        return malformed_gigastore_answer("it has no accessToken");
    token_answer out;
    out.access_token = platform::secret(text_view(*parsed.root(), "accessToken"));
    out.expires_in = whole_number(*parsed.root(), "expiresIn");
    return out;
}

result<customer> parse_customer(std::string_view body)
{
    json_document parsed{body};
    if (parsed.root() == nullptr)
        return malformed_gigastore_answer("it is not JSON, or it was cut off");
    return read_customer(*parsed.root());
}

result<std::vector<customer>> parse_customers(std::string_view body)
{
    json_document parsed{body};
    if (parsed.root() == nullptr)
        return malformed_gigastore_answer("it is not JSON, or it was cut off");
    std::vector<customer> out;
    const json::value* list = list_in(*parsed.root(), {"customers"});
    if (list == nullptr && means_nobody(*parsed.root()))
        return out;
    if (list == nullptr)
        return malformed_gigastore_answer("it is no list of customers");
    out.reserve(list->get_array().size());
    for (const json::value& each : list->get_array()) {
        auto one = read_customer(each);
        if (!one)
            return one.error();
        out.push_back(std::move(*one));
    }
    return out;
}

result<std::vector<activated_item>> parse_items(std::string_view body)
{
    json_document parsed{body};
    if (parsed.root() == nullptr)
        return malformed_gigastore_answer("it is not JSON, or it was cut off");
    std::vector<activated_item> out;
    const json::value* list = list_in(*parsed.root(), {"activatedItems", "items"});
    if (list == nullptr || !read_array(list, out, read_item))
        return malformed_gigastore_answer("it is no list of packages");
    return out;
}

result<activated_item> parse_item(std::string_view body)
{
    json_document parsed{body};
    if (parsed.root() == nullptr)
        return malformed_gigastore_answer("it is not JSON, or it was cut off");
    const json::value& root = *parsed.root();
    const json::value* wrapped = member(root, "activatedItem");
    activated_item out = read_item(wrapped != nullptr ? *wrapped : root);
    if (out.uid.empty())
        return malformed_gigastore_answer("it is no package with a uid");
    if (const json::value* customer = member(root, "customer"))
        out.customer_uid = text(*customer, "uid");
    return out;
}

result<std::vector<inventory_item>> parse_inventory(std::string_view body)
{
    json_document parsed{body};
    if (parsed.root() == nullptr)
        return malformed_gigastore_answer("it is not JSON, or it was cut off");
    std::vector<inventory_item> out;
    const json::value* list = list_in(*parsed.root(), {"items"});
    if (list == nullptr || !read_array(list, out, read_inventory_item))
        return malformed_gigastore_answer("it is no list of packages for sale");
    return out;
}

result<sale> parse_sale(std::string_view body)
{
    json_document parsed{body};
    if (parsed.root() == nullptr)
        return malformed_gigastore_answer("it is not JSON, or it was cut off");
    const json::value& root = *parsed.root();
    const json::value* item = member(root, "activatedItem");
    const json::value* who = member(root, "customer");
    bool is_sale = text_view(root, "status") == "success" && item != nullptr && who != nullptr;
    sale out;
    if (is_sale) {
        out.item = read_item(*item);
        out.item.customer_uid = text(*who, "uid");
    }
    if (out.item.uid.empty() || out.item.customer_uid.empty())
        return malformed_gigastore_answer("it does not say what was sold to whom");
    if (std::string email = text(*who, "email"); !email.empty())
        out.email = std::move(email);
    const json::value* profile = member(root, "esimProfile");
    if (profile != nullptr && profile->is_object())
        out.profile = read_esim(*profile);
    return out;
}

result<assignment> parse_assignment(std::string_view body)
{
    json_document parsed{body};
    if (parsed.root() == nullptr || !parsed.root()->is_object())
        return malformed_gigastore_answer("it is no assignment");
    const json::value& root = *parsed.root();
    auto wait = [&root](const char* name) {
        auto count = whole_number(root, name);
        return count ? std::optional(std::chrono::seconds(*count)) : std::nullopt;
    };
    assignment out;
    out.customer_uid = text(root, "customerUid");
    out.iccid = text(root, "iccid");
    out.poll = wait("pollSeconds");
    out.jitter = wait("jitterSeconds");
    if (!is_plain_uid(out.customer_uid))
        return malformed_gigastore_answer("its customerUid is none");
    if (!out.iccid.empty() && !iccid::parse(out.iccid))
        return malformed_gigastore_answer("its iccid is none");
    return out;
}

result<connectivity> parse_connectivity(std::string_view body)
{
    json_document parsed{body};
    if (parsed.root() == nullptr || !parsed.root()->is_object())
        return malformed_gigastore_answer("it is no connectivity status");
    // The answer is not documented: take what the support console shows, under the names
    // that the API uses for it elsewhere.
    connectivity out;
    out.last_seen = time(*parsed.root(), "lastSeen");
    if (!out.last_seen)
        out.last_seen = time(*parsed.root(), "lastConnection");
    out.country = text(*parsed.root(), "country");
    return out;
}

}  // namespace agent::gigastore
