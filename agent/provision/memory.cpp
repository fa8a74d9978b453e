#include "agent/provision/memory.hpp"

#include "agent/json.hpp"
#include "platform/state_file.hpp"

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
    {"eid", &memory::eid},
    {"iccid", &memory::iccid},
    {"esimState", &memory::esim_state},
    {"workingIccid", &memory::working_iccid},
    {"unusableIccid", &memory::unusable_iccid},
    {"heldIccid", &memory::held_iccid},
    {"takenFile", &memory::taken_file},
    {"lowBalanceOf", &memory::low_balance_of},
    {"exhaustedOf", &memory::exhausted_of},
    {"expiringItem", &memory::expiring_item},
};

json::object to_json(const memory& what)
{
    json::object out;
    for (const field& each : fields)
        if (!(what.*each.member).empty())
            out[each.name] = what.*each.member;
    out["occasion"] = what.occasion;
    out["installations"] = what.installations;
    json::array reported;
    for (const std::string& each : what.reported)
        reported.emplace_back(each);
    out["reported"] = std::move(reported);
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
    const json::value* reported = member(root, "reported");
    if (reported != nullptr && reported->is_array())
        for (const json::value& each : reported->get_array())
            if (each.is_string())
                out.reported.emplace_back(each.get_string());
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

bool memory::has_reported(const std::string& stage) const
{
    return std::ranges::find(reported, stage) != reported.end();
}

memory memory_file::load() const
{
    std::string word;
    auto content = platform::load_state(file_, &word);
    if (!content)
        word = content.error().detail() + "; what was reported may be reported again";
    if (!word.empty())
        log_.error(word);
    if (!content || !*content)
        return {};
    json_document document{**content};
    return document.root() != nullptr ? from_json(*document.root()) : memory();
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
