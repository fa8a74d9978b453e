#include "agent/sale/ledger.hpp"

#include "agent/base/json.hpp"
#include "agent/sale/error.hpp"
#include "platform/iso_time.hpp"
#include "platform/state_file.hpp"
#include "platform/storage.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <tuple>

namespace agent::sale {
namespace {

constexpr const char* ending = ".json";

std::string to_text(const sale_record& one)
{
    json::array known(one.known_esims.begin(), one.known_esims.end());
    json::object out{{"key", one.key}, {"kind", name_of(one.what.kind)},
        {"since", platform::to_iso(one.since)}, {"request", to_json(one.what)},
        {"knownEsims", std::move(known)}, {"isByTill", one.is_by_till}, {"itemUid", one.item_uid},
        {"ownerUid", one.owner_uid}, {"esimUid", one.esim_uid}};
    return json::serialize(out);
}

std::optional<sale_record> from_text(std::string_view content)
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
    sale_record out;
    out.key = text(*root, "key");
    out.what = gigastore::purchase_from(*kind, *request);
    out.since = *since;
    out.item_uid = text(*root, "itemUid");
    out.owner_uid = text(*root, "ownerUid");
    out.esim_uid = text(*root, "esimUid");
    const json::value* till = member(*root, "isByTill");
    out.is_by_till = till != nullptr && till->is_bool() && till->get_bool();
    const json::value* known = member(*root, "knownEsims");
    if (known != nullptr && known->is_array())
        for (const json::value& each : known->get_array())
            if (each.is_string())
                out.known_esims.emplace_back(each.get_string());
    return out;
}

}  // namespace

std::string sale_record::metatag() const
{
    return what.metatag.empty() ? "esim-agent-" + key : what.metatag;
}

bool is_same(const gigastore::purchase& one, const gigastore::purchase& other)
{
    auto order = [](const gigastore::purchase& what) {
        return std::tie(what.kind, what.email, what.country, what.activation_mode, what.metatag);
    };
    return order(one) == order(other) && gigastore::same_uid(one.item_id, other.item_id)
           && gigastore::same_uid(one.customer_uid, other.customer_uid);
}

std::string ledger::file_of(const sale_record& one) const
{
    return directory_ + "/" + one.key + ending;
}

result<std::vector<sale_record>> ledger::all() const
{
    auto files = platform::list_files(directory_, ending);
    if (!files)
        return files.error();
    std::vector<sale_record> out;
    for (const std::string& each : *files) {
        auto content = platform::load_state(each, nullptr, platform::damage::leave);
        if (!content)
            return failure(errc::unreadable_record, each + ": " + content.error().message());
        auto one = *content ? from_text(**content) : std::nullopt;
        if (!one)
            return failure(errc::unreadable_record, each + " is no record of a sale");
        out.push_back(std::move(*one));
    }
    return out;
}

result<std::optional<sale_record>> ledger::find(const gigastore::purchase& what) const
{
    auto known = all();
    if (!known)
        return known.error();
    for (sale_record& each : *known) {
        bool is_its =
            what.metatag.empty() ? is_same(each.what, what) : each.what.metatag == what.metatag;
        if (!is_its)
            continue;
        if (!is_same(each.what, what))
            return failure(
                errc::other_purchase, "the metatag " + what.metatag + " is another purchase's");
        return std::optional(std::move(each));
    }
    return std::optional<sale_record>();
}

result<void> ledger::keep(const sale_record& one) const
{
    return platform::save_state(file_of(one), to_text(one));
}

result<void> ledger::forget(const sale_record& one) const
{
    // The older generation first: it must not come back alone.
    auto removed = platform::remove_file(file_of(one) + ".previous");
    return removed ? platform::remove_file(file_of(one)) : removed;
}

result<void> ledger::forget_old(gigastore::timestamp now) const
{
    auto known = all();
    if (!known)
        return known.error();
    constexpr std::chrono::days longest{365};
    for (const sale_record& each : *known)
        if (each.is_sold() && now - each.since > longest)
            if (auto gone = forget(each); !gone)
                return gone;
    return {};
}

}  // namespace agent::sale
