#include "agent/provision/memory.hpp"

#include "agent/base/iccid.hpp"
#include "agent/base/json.hpp"
#include "platform/storage.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace agent::provision {
namespace {

/// Every text of the memory, with its name in the file.
struct field {
    const char* name;
    std::string memory::*member;
};

constexpr field fields[] = {
    {"configuredUid", &memory::configured_uid},
    {"configuredIccid", &memory::configured_iccid},
    {"series", &memory::series},
    {"eid", &memory::eid},
    {"customerUid", &memory::customer_uid},
    {"iccid", &memory::iccid},
    {"esimState", &memory::esim_state},
    {"workingIccid", &memory::working_iccid},
    {"unusableIccid", &memory::unusable_iccid},
    {"heldIccid", &memory::held_iccid},
    {"lowBalanceOf", &memory::low_balance_of},
    {"exhaustedOf", &memory::exhausted_of},
    {"expiringItem", &memory::expiring_item},
};

json::array list_of(const std::vector<std::string>& all)
{
    json::array out;
    for (const std::string& each : all)
        out.emplace_back(each);
    return out;
}

std::vector<std::string> texts_in(const json::value& root, const char* name)
{
    std::vector<std::string> out;
    const json::value* all = member(root, name);
    if (all != nullptr && all->is_array())
        for (const json::value& each : all->get_array())
            if (each.is_string())
                out.emplace_back(each.get_string());
    return out;
}

json::object to_json(const memory& what)
{
    json::object out;
    for (const field& each : fields)
        if (!(what.*each.member).empty())
            out[each.name] = what.*each.member;
    out["occasion"] = what.occasion;
    out["installations"] = what.installations;
    out["failures"] = what.failures;
    out["balanceEvents"] = what.balance_events;
    out["reported"] = list_of(what.reported);
    out["takenFiles"] = list_of(what.taken_files);
    if (!what.order.customer_uid.empty())
        out["order"] = json::object{{"uid", what.order.customer_uid}, {"iccid", what.order.iccid},
            {"confirmationCode", what.order.confirmation_code.reveal()}};
    if (!what.refused.code_digest.empty())
        out["refused"] =
            json::object{{"codeDigest", what.refused.code_digest}, {"name", what.refused.name},
                {"words", what.refused.words}, {"advice", what.refused.advice}};
    return out;
}

memory from_json(const json::value& root)
{
    memory out;
    for (const field& each : fields)
        out.*each.member = text(root, each.name);
    out.occasion = whole_number(root, "occasion").value_or(0);
    out.installations = whole_number(root, "installations").value_or(0);
    out.written_at = static_cast<std::int64_t>(number(root, "writtenAt").value_or(0));
    out.failures = whole_number(root, "failures").value_or(0);
    out.balance_events = whole_number(root, "balanceEvents").value_or(0);
    out.reported = texts_in(root, "reported");
    out.taken_files = texts_in(root, "takenFiles");
    if (const json::value* order = member(root, "order")) {
        out.order.customer_uid = text(*order, "uid");
        out.order.iccid = text(*order, "iccid");
        out.order.confirmation_code = platform::secret(text_view(*order, "confirmationCode"));
    }
    if (const json::value* refused = member(root, "refused")) {
        out.refused.code_digest = text(*refused, "codeDigest");
        out.refused.name = text(*refused, "name");
        out.refused.words = text(*refused, "words");
        out.refused.advice = text(*refused, "advice");
    }
    return out;
}

}  // namespace

bool memory::holds_ours() const
{
    return !iccid.empty() && same_iccid(held_iccid, iccid);
}

bool memory::has_reported(const std::string& stage) const
{
    return std::ranges::find(reported, stage) != reported.end();
}

std::string memory::stage() const
{
    auto found = std::find_if(reported.rbegin(), reported.rend(),
        [](const std::string& each) { return !each.starts_with("failed:"); });
    return found == reported.rend() ? std::string() : *found;
}

memory memory_file::load(platform::damage damaged) const
{
    std::string word;
    auto content = platform::load_state(file_, &word, damaged);
    if (!content)
        word = content.error().detail() + "; what was reported may be reported again";
    if (!word.empty())
        log_.error(word);
    if (!content || !*content)
        return {};
    json_document document{**content};
    if (document.root() == nullptr)
        return {};
    memory out = from_json(*document.root());
    platform::raise_clock_floor(platform::timestamp(std::chrono::seconds(out.written_at)));
    return out;
}

bool memory_file::save_without_trace(memory& what) const
{
    bool is_saved = save(what);
    if (auto wiped = platform::wipe_file(file_ + ".previous"); is_saved && !wiped)
        log_.warning(wiped.error().message());
    return is_saved;
}

bool memory_file::save(memory& what) const
{
    // The time of writing is no change of its own: nothing is written without one.
    json::object now = to_json(what);
    auto before = platform::load_state(file_);
    if (before && *before) {
        json_document document{**before};
        if (document.root() != nullptr && to_json(from_json(*document.root())) == now)
            return true;
    }
    what.written_at = std::chrono::floor<std::chrono::seconds>(platform::read_clock().system)
                          .time_since_epoch()
                          .count();
    now["writtenAt"] = what.written_at;
    auto saved = platform::save_state(file_, json::serialize(now) + "\n");
    if (!saved)
        log_.error("what was done is only in memory: " + saved.error().message());
    return saved.has_value();
}

}  // namespace agent::provision
