// The provisioner's reports: which stages card, modem and Gigastore show, told once each.
#include "agent/base/iccid.hpp"
#include "agent/base/json.hpp"
#include "agent/lpa/error.hpp"
#include "agent/meaning.hpp"
#include "agent/provision/advice.hpp"
#include "agent/provision/provisioner.hpp"
#include "platform/iso_time.hpp"

#include <algorithm>

namespace agent::provision {
namespace {

/// What stands behind `name` in words like "(subject 8.2.6, reason 3.8)" or "HTTP 503".
std::string behind(const std::string& words, const std::string& name)
{
    auto at = words.find(name);
    if (at == std::string::npos)
        return {};
    at += name.size();
    return words.substr(at, words.find_first_not_of("0123456789.", at) - at);
}

json::object error_of(const failure& why)
{
    meaning known = meaning_of(why.code());
    std::string words = words_of(why);
    json::object out{{"name", known.name}, {"message", words}, {"advice", advice_of(known)}};
    constexpr const char* codes[][2] = {
        {"subject ", "subject"}, {"reason ", "reason"}, {"HTTP ", "httpStatus"}};
    for (const auto& code : codes)
        if (std::string value = behind(words, code[0]); !value.empty())
            out[code[1]] = value;
    return out;
}

/// What Gigastore calls the state that a stage means.
const char* profile_state_of(const std::string& stage)
{
    if (stage == "installed" || stage == "enabled")
        return "INSTALLED";
    if (stage == "disabled")
        return "DISABLED";
    return stage == "deleted" ? "RELEASED" : "";
}

}  // namespace

std::string provisioner::occasion() const
{
    return situation_.past.series + ":" + std::to_string(situation_.past.occasion);
}

report::event provisioner::make_event(const std::string& stage) const
{
    const memory& past = situation_.past;
    report::event out;
    out.stage = stage;
    out.occasion = occasion();
    out.eid = past.eid;
    out.iccid = past.iccid;
    out.customer_uid = past.customer_uid;
    out.profile_state = profile_state_of(stage);
    out.modem = status_.modem;
    if (situation_.customer)
        if (const gigastore::esim* known = find_esim(*situation_.customer, past.iccid))
            out.imsi = known->imsi;
    return out;
}

void provisioner::announce(const std::string& stage, json::object more)
{
    memory& past = situation_.past;
    if (past.has_reported(stage))
        return;
    report::event what = make_event(stage);
    what.more = std::move(more);
    // First the report, then the memory of it: between both it is told twice with one id, never
    // not at all.
    with_.outbox.add(what);
    past.reported.push_back(stage);
    status_.stage = stage;
    status_.iccid = past.iccid;
    save();
    with_.log.info("eSIM " + report::shortened(past.iccid) + ": " + stage);
    on_change_();
}

void provisioner::announce_failure(const failure& why)
{
    memory& past = situation_.past;
    bool is_unknown = why == lpa::errc::outcome_unknown;
    std::string name = meaning_of(why.code()).name;
    std::string key = "failed:" + name;
    if (past.has_reported(key))
        return;
    report::event what = make_event(is_unknown ? "unknown" : "failed");
    what.occasion += ":" + name + ":" + std::to_string(past.failures);
    what.more["error"] = error_of(why);
    with_.outbox.add(what);
    past.reported.push_back(key);
    save();
}

void provisioner::forget_failures()
{
    memory& past = situation_.past;
    auto is_failure = [](const std::string& each) { return each.starts_with("failed:"); };
    if (std::erase_if(past.reported, is_failure) == 0)
        return;
    ++past.failures;
    save();
}

void provisioner::begin_occasion(const std::string& iccid)
{
    memory& past = situation_.past;
    if (!same_iccid(past.iccid, iccid))
        past.installations = 0;
    past.iccid = iccid;
    past.occasion++;
    past.reported.clear();
    status_.iccid = iccid;
    status_.stage.clear();
    save();
}

void provisioner::take_over_what_was_done_by_hand(const lpa::profile* there)
{
    memory& past = situation_.past;
    if (!std::exchange(was_lent_, false))
        return;
    bool is_enabled = there != nullptr && there->state == lpa::profile_state::enabled;
    bool was_undone = there == nullptr ? past.has_reported("installed")
                                       : !is_enabled && past.has_reported("enabled");
    if (was_undone)
        past.held_iccid = past.iccid;
    else if (is_enabled && same_iccid(past.held_iccid, past.iccid))
        past.held_iccid.clear();
    save();
}

void provisioner::report_what_is()
{
    memory& past = situation_.past;
    if (!situation_.card || past.iccid.empty())
        return;
    const lpa::profile* there = find_on_card(*situation_.card, past.iccid);
    take_over_what_was_done_by_hand(there);
    if (there == nullptr) {
        bool was_there = past.has_reported("installed");
        if (was_there) {
            announce("deleted");
            begin_occasion(past.iccid);
        }
        return;
    }
    announce("installed");
    bool is_enabled = there->state == lpa::profile_state::enabled;
    bool was_enabled = past.has_reported("enabled");
    if (was_enabled && !is_enabled) {
        announce("disabled");
        ++past.occasion;
        std::erase_if(past.reported, [](const std::string& each) {
            return each == "enabled" || each == "registered" || each == "disabled";
        });
        save();
    }
    if (is_enabled)
        announce("enabled");
    if (is_enabled && situation_.network && situation_.network->is_registered()) {
        past.working_iccid = past.iccid;
        announce("registered",
            json::object{{"operator", situation_.network->network},
                {"roaming", situation_.network->state == platform::registration_state::roaming}});
    }
    if (situation_.card->notifications == 0)
        announce("notified");
    const lpa::profile* working =
        past.working_iccid.empty() ? nullptr : find_on_card(*situation_.card, past.working_iccid);
    bool has_fallen_back = same_iccid(past.unusable_iccid, past.iccid) && working != nullptr
                           && working->state == lpa::profile_state::enabled;
    if (has_fallen_back)
        announce("fallback", json::object{{"workingIccid", past.working_iccid}});
}

void provisioner::report_balance()
{
    memory& past = situation_.past;
    const gigastore::customer& who = *situation_.customer;
    read_balance(who, platform::read_clock().system, status_);
    // Each is told once, and again only after it was well in between.
    auto tell = [&](const char* stage, bool is_so, std::string& told, const std::string& what) {
        if (!is_so || told == what) {
            if (!is_so)
                told.clear();
            return;
        }
        report::event crossed = make_event(stage);
        crossed.occasion = past.series + ":b" + std::to_string(++past.balance_events);
        crossed.more["balance"] = to_json(status_)["balance"];
        with_.outbox.add(crossed);
        told = what;
        with_.log.info(std::string(stage) + " (customer " + who.uid + ")");
    };
    auto left = status_.balance_megabytes;
    bool is_exhausted = left && *left <= 0;
    tell("balance-exhausted", is_exhausted, past.exhausted_of, who.uid);
    tell("balance-low", left && !is_exhausted && *left < settings_.low_balance_megabytes,
        past.low_balance_of, who.uid);
    auto ends = status_.expires_at;
    bool ends_soon = ends && *ends - platform::read_clock().system < settings_.expiry_notice;
    // A clock that is not set knows no dates.
    if (platform::read_clock().is_plausible())
        tell("package-expiring", ends_soon, past.expiring_item,
            ends ? platform::to_iso(*ends) : std::string());
    save();
}

}  // namespace agent::provision
