#include "agent/sale/unsettled_sales.hpp"

#include "agent/base/json.hpp"
#include "platform/iso_time.hpp"
#include "platform/state_file.hpp"
#include "platform/storage.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <tuple>

namespace agent::sale {
namespace {

constexpr const char* ending = ".json";

std::string to_text(const unsettled_sale& one)
{
    json::array known(one.known_esims.begin(), one.known_esims.end());
    json::object out{{"key", one.key}, {"kind", name_of(one.what.kind)},
        {"since", platform::to_iso(one.since)}, {"request", to_json(one.what)},
        {"knownEsims", std::move(known)}};
    return json::serialize(out);
}

std::optional<unsettled_sale> from_text(std::string_view content)
{
    json_document parsed{content};
    const json::value* root = parsed.root();
    const json::value* request = root != nullptr ? member(*root, "request") : nullptr;
    if (request == nullptr)
        return std::nullopt;
    auto kind = gigastore::purchase_kind_from(text_view(*root, "kind"));
    auto since = platform::parse_time(text_view(*root, "since"));
    if (!kind || !since)
        return std::nullopt;
    unsettled_sale out;
    out.key = text(*root, "key");
    out.what = gigastore::purchase_from(*kind, *request);
    out.since = *since;
    const json::value* known = member(*root, "knownEsims");
    if (known != nullptr && known->is_array())
        for (const json::value& each : known->get_array())
            if (each.is_string())
                out.known_esims.emplace_back(each.get_string());
    return out;
}

}  // namespace

std::string unsettled_sale::metatag() const
{
    return what.metatag.empty() ? "esim-agent-" + key : what.metatag;
}

bool is_same(const gigastore::purchase& one, const gigastore::purchase& other)
{
    auto order = [](const gigastore::purchase& what) {
        return std::tie(what.kind, what.item_id, what.customer_uid, what.email, what.country,
            what.activation_mode, what.metatag);
    };
    return order(one) == order(other);
}

std::string unsettled_sales::file_of(const unsettled_sale& one) const
{
    return directory_ + "/" + one.key + ending;
}

result<std::vector<unsettled_sale>> unsettled_sales::all() const
{
    auto files = platform::list_files(directory_, ending);
    if (!files)
        return files.error();
    std::vector<unsettled_sale> out;
    for (const std::string& each : *files) {
        auto content = platform::load_once(each);
        auto one = content ? from_text(*content) : std::nullopt;
        if (one)
            out.push_back(std::move(*one));
    }
    return out;
}

result<std::optional<unsettled_sale>> unsettled_sales::find(const gigastore::purchase& what) const
{
    auto known = all();
    if (!known)
        return known.error();
    for (unsettled_sale& each : *known)
        if (is_same(each.what, what))
            return std::optional(std::move(each));
    return std::optional<unsettled_sale>();
}

result<void> unsettled_sales::keep(const unsettled_sale& one) const
{
    return platform::save_once(file_of(one), to_text(one));
}

result<void> unsettled_sales::forget(const unsettled_sale& one) const
{
    return platform::remove_file(file_of(one));
}

}  // namespace agent::sale
