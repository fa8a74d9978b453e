#include "agent/provision/memory.hpp"

#include "agent/base/json.hpp"
#include "platform/error.hpp"
#include "platform/storage.hpp"

#include <algorithm>
#include <span>

namespace agent::provision {
namespace {

/// Every text of the memory, with its name in the file.
struct text_field {
    const char* name;
    std::string memory::*member;
};

constexpr text_field text_fields[] = {
    {"configuredUid", &memory::configured_uid},
    {"configuredIccid", &memory::configured_named},
    {"series", &memory::memory_id},
    {"eid", &memory::eid},
    {"desiredEid", &memory::desired_eid},
    {"assignedUid", &memory::assigned_uid},
    {"assignedIccid", &memory::assigned_iccid},
    {"customerUid", &memory::customer_uid},
    {"esimState", &memory::esim_state},
    {"imsi", &memory::imsi},
    {"lowBalanceOf", &memory::low_balance_of},
    {"exhaustedOf", &memory::exhausted_of},
    {"expiringItem", &memory::expiring_item},
};

struct iccid_field {
    const char* name;
    iccid memory::*member;
};

constexpr iccid_field iccid_fields[] = {
    {"iccid", &memory::iccid},
    {"workingIccid", &memory::working_iccid},
    {"unusableIccid", &memory::unusable_iccid},
    {"heldIccid", &memory::held_iccid},
};

struct count_field {
    const char* name;
    int memory::*member;
};

constexpr count_field count_fields[] = {
    {"occasion", &memory::occurrence},
    {"installations", &memory::installations},
    {"failures", &memory::failures},
    {"balanceEvents", &memory::balance_events},
};

constexpr std::string_view failure_mark = "failed:";

json::array list_of(const std::vector<std::string>& all)
{
    json::array out;
    for (const std::string& each : all)
        out.emplace_back(each);
    return out;
}

/// Nothing, if there is no array of that name.
std::span<const json::value> array_in(const json::value& root, const char* name)
{
    const json::value* all = member(root, name);
    if (all == nullptr || !all->is_array())
        return {};
    return {all->get_array().data(), all->get_array().size()};
}

std::vector<std::string> texts_in(const json::value& root, const char* name)
{
    std::vector<std::string> out;
    for (const json::value& each : array_in(root, name))
        if (each.is_string())
            out.emplace_back(each.get_string());
    return out;
}

/// Stages and failures stand in one list.
json::array reported_of(const memory& what)
{
    json::array out;
    for (report::stage each : what.reported)
        out.emplace_back(name_of(each));
    for (const std::string& each : what.reported_failures)
        out.emplace_back(std::string(failure_mark) + each);
    return out;
}

void read_reported(const json::value& root, memory& into)
{
    for (const std::string& each : texts_in(root, "reported")) {
        if (each.starts_with(failure_mark))
            into.reported_failures.push_back(each.substr(failure_mark.size()));
        else if (auto stage = report::stage_from(each))
            into.reported.push_back(*stage);
    }
}

json::object to_json(const refusal& what)
{
    return {{"codeDigest", what.code_digest}, {"class", platform::name_of(what.kind)},
        {"name", what.name}, {"words", what.words}, {"advice", what.advice}};
}

refusal refusal_from(const json::value& in)
{
    refusal out;
    out.code_digest = text(in, "codeDigest");
    out.name = text(in, "name");
    out.words = text(in, "words");
    out.advice = text(in, "advice");
    // Version 0.1 wrote no class: of what it remembered, only these waited for a person.
    bool awaits_code = out.name == "confirmation_needed" || out.name == "confirmation_wrong";
    out.kind = platform::failure_class_from(text_view(in, "class"))
                   .value_or(awaits_code ? failure_class::confirmation : failure_class::refused);
    return out;
}

json::array list_of(const std::vector<stuck_notification>& all)
{
    json::array out;
    for (const stuck_notification& each : all)
        out.push_back(json::object{{"sequence", each.sequence}, {"address", each.address},
            {"since", each.since}, {"refused", each.is_refused}});
    return out;
}

std::vector<stuck_notification> stuck_in(const json::value& root)
{
    std::vector<stuck_notification> out;
    for (const json::value& each : array_in(root, "stuckNotifications")) {
        stuck_notification one;
        one.sequence = static_cast<std::uint64_t>(long_number(each, "sequence").value_or(0));
        one.address = text(each, "address");
        one.since = long_number(each, "since").value_or(0);
        const json::value* refused = member(each, "refused");
        one.is_refused = refused != nullptr && refused->is_bool() && refused->get_bool();
        out.push_back(std::move(one));
    }
    return out;
}

json::array list_of(const std::vector<superseded_order>& all)
{
    json::array out;
    for (const superseded_order& each : all)
        out.push_back(json::object{{"customerUid", each.customer_uid}, {"iccid", each.iccid.text()},
            {"imsi", each.imsi}, {"occasion", each.occurrence}});
    return out;
}

std::vector<superseded_order> superseded_in(const json::value& root)
{
    std::vector<superseded_order> out;
    for (const json::value& each : array_in(root, "superseded")) {
        superseded_order one;
        one.customer_uid = text(each, "customerUid");
        one.iccid = iccid::from(text_view(each, "iccid"));
        one.imsi = text(each, "imsi");
        one.occurrence = whole_number(each, "occasion").value_or(0);
        out.push_back(std::move(one));
    }
    return out;
}

/// In memory that is wiped: it may hold a confirmation code.
json::object to_json(const memory& what)
{
    json::object out{json::make_shared_resource<wiping_resource>()};
    for (const text_field& each : text_fields)
        if (!(what.*each.member).empty())
            out[each.name] = what.*each.member;
    for (const iccid_field& each : iccid_fields)
        if (!(what.*each.member).empty())
            out[each.name] = (what.*each.member).text();
    for (const count_field& each : count_fields)
        out[each.name] = what.*each.member;
    if (what.desired_version != 0)
        out["desiredVersion"] = what.desired_version;
    out["reported"] = reported_of(what);
    out["takenFiles"] = list_of(what.taken_files);
    if (!what.superseded.empty())
        out["superseded"] = list_of(what.superseded);
    if (!what.stuck.empty())
        out["stuckNotifications"] = list_of(what.stuck);
    if (!what.order.customer_uid.empty()) {
        json::object& order = out["order"].emplace_object();
        order["uid"] = what.order.customer_uid;
        order["iccid"] = what.order.named;
        order["confirmationCode"].emplace_string() = what.order.confirmation_code.reveal();
    }
    if (!what.refused.code_digest.empty())
        out["refused"] = to_json(what.refused);
    return out;
}

memory from_json(const json::value& root)
{
    memory out;
    for (const text_field& each : text_fields)
        out.*each.member = text(root, each.name);
    for (const iccid_field& each : iccid_fields)
        out.*each.member = iccid::from(text_view(root, each.name));
    for (const count_field& each : count_fields)
        out.*each.member = whole_number(root, each.name).value_or(0);
    out.desired_version = long_number(root, "desiredVersion").value_or(0);
    out.written_at = long_number(root, "writtenAt").value_or(0);
    read_reported(root, out);
    out.taken_files = texts_in(root, "takenFiles");
    out.stuck = stuck_in(root);
    out.superseded = superseded_in(root);
    if (const json::value* order = member(root, "order")) {
        out.order.customer_uid = text(*order, "uid");
        out.order.named = text(*order, "iccid");
        out.order.confirmation_code = platform::secret(text_view(*order, "confirmationCode"));
    }
    if (const json::value* refused = member(root, "refused"))
        out.refused = refusal_from(*refused);
    return out;
}

}  // namespace

json::object to_json_without_secrets(const memory& what)
{
    json::object out = to_json(what);
    if (json::value* order = out.if_contains("order"))
        order->get_object().erase("confirmationCode");
    return out;
}

failure refusal::why() const
{
    platform::told_meaning meaning;
    meaning.kind = kind;
    meaning.name = name;
    meaning.advice = advice;
    return failure::retold(std::move(meaning), words);
}

bool memory::holds_ours() const
{
    return !iccid.empty() && held_iccid == iccid;
}

bool memory::has_reported(report::stage stage) const
{
    return std::ranges::find(reported, stage) != reported.end();
}

bool memory::is_begun() const
{
    return !iccid.empty() && has_reported(report::stage::fetched)
           && !has_reported(report::stage::notified);
}

std::optional<report::stage> memory::stage() const
{
    return reported.empty() ? std::nullopt : std::optional(reported.back());
}

result<memory> memory_file::load(platform::damage damaged) const
{
    std::string word;
    auto content = platform::load_state(file_, &word, damaged);
    bool is_unreadable = !content && content.error() != platform::errc::damaged;
    if (is_unreadable)
        return content.error().after("what this device has done and was ordered cannot be read: ");
    if (!content)
        word = content.error().detail() + "; what was reported may be reported again";
    if (!word.empty())
        log_.error(word);
    if (!content || !*content)
        return memory();
    json_document document{**content};
    if (document.root() == nullptr)
        return memory();
    memory out = from_json(*document.root());
    platform::raise_clock_floor(platform::from_unix_seconds(out.written_at));
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
    bool is_unreadable = !before && before.error() != platform::errc::damaged;
    if (is_unreadable) {  // what cannot be read is not overwritten
        log_.error("what was done is only in memory: " + before.error().message());
        return false;
    }
    if (before && *before) {
        json_document document{**before};
        if (document.root() != nullptr && to_json(from_json(*document.root())) == now)
            return true;
    }
    what.written_at = platform::unix_seconds(platform::read_clock().system);
    now["writtenAt"] = what.written_at;
    auto saved = platform::save_state(file_, wiped_json(now) + "\n");
    if (!saved)
        log_.error("what was done is only in memory: " + saved.error().message());
    return saved.has_value();
}

}  // namespace agent::provision
