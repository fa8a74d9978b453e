#include "agent/provision/announcer.hpp"

#include "agent/base/json.hpp"
#include "agent/base/redact.hpp"
#include "agent/esim/find_profile.hpp"
#include "agent/lpa/error.hpp"
#include "agent/provision/advice.hpp"
#include "platform/iso_time.hpp"

#include <algorithm>

namespace agent::provision {
namespace {

using report::stage;

json::object error_of(const failure& why)
{
    json::object out{{"name", why.name()}, {"class", platform::name_of(why.kind())},
        {"message", words_of(why)}, {"advice", advice_of(why)}};
    const platform::failure_cause* cause = why.cause();
    if (cause == nullptr)
        return out;
    auto add = [&out](const char* name, const std::string& value) {
        if (!value.empty())
            out[name] = value;
    };
    add("subject", cause->subject);
    add("reason", cause->reason);
    add("httpStatus", cause->http_status != 0 ? std::to_string(cause->http_status) : "");
    add("euiccResult", cause->euicc_result);
    return out;
}

}  // namespace

report::event announcer::make_event(stage what)
{
    memory& past = situation_.past;
    report::event out;
    out.stage = what;
    out.occurrence = past.memory_id + ":" + std::to_string(past.occurrence);
    out.eid = past.eid;
    out.iccid = past.iccid;
    out.customer_uid = past.customer_uid;
    out.modem = situation_.imei;
    const gigastore::esim* known =
        situation_.customer ? find_esim(*situation_.customer, past.iccid) : nullptr;
    if (known != nullptr)
        past.imsi = known->imsi;
    out.imsi = past.imsi;
    std::string after = report::profile_state_after(what);
    bool is_released = known != nullptr && known->state == gigastore::esim_state::released;
    if (!after.empty())
        past.esim_state = after;
    else if (past.esim_state.empty() && is_released)
        past.esim_state = "RELEASED";
    out.profile_state = past.esim_state;
    return out;
}

result<void> announcer::load()
{
    auto kept = file_.load();
    if (!kept)
        return kept.error();
    situation_.past = std::move(*kept);
    return {};
}

bool announcer::save()
{
    is_saved_ = file_.save(situation_.past);
    return is_saved_;
}

void announcer::announce(stage what, json::object more)
{
    memory& past = situation_.past;
    if (past.has_reported(what))
        return;
    report::event event = make_event(what);
    event.more = std::move(more);
    outbox_.add(event);
    past.reported.push_back(what);
    save();
    log_.info("eSIM " + shortened(past.iccid.text()) + ": " + name_of(what));
    on_change_();
}

void announcer::announce_failure(const failure& why)
{
    memory& past = situation_.past;
    std::string name = why.name();
    if (std::ranges::find(past.reported_failures, name) != past.reported_failures.end())
        return;
    bool is_unknown = why == lpa::errc::outcome_unknown;
    report::event event = make_event(is_unknown ? stage::unknown : stage::failed);
    event.occurrence += ":" + name + ":" + std::to_string(past.failures);
    event.more["error"] = error_of(why);
    outbox_.add(event);
    past.reported_failures.push_back(name);
    save();
}

void announcer::forget_failures()
{
    memory& past = situation_.past;
    if (past.reported_failures.empty())
        return;
    past.reported_failures.clear();
    ++past.failures;
    save();
}

void announcer::begin_occurrence(const iccid& which)
{
    memory& past = situation_.past;
    bool is_another = past.iccid.empty() || !(past.iccid == which);
    if (is_another && past.is_begun())
        past.superseded.push_back({past.customer_uid, past.iccid, past.imsi, past.occurrence});
    if (is_another) {
        past.installations = 0;
        past.esim_state.clear();
        past.imsi.clear();
    }
    past.iccid = which;
    ++past.occurrence;
    past.reported.clear();
    past.reported_failures.clear();
    save();
}

/// True if the profile is not on the card; that it was is over then.
bool announcer::announce_absence()
{
    memory& past = situation_.past;
    if (esim::find_profile(situation_.card->profiles, past.iccid) != nullptr)
        return false;
    if (past.has_reported(stage::installed)) {
        announce(stage::deleted);
        begin_occurrence(past.iccid);
    }
    return true;
}

void announcer::announce_superseded()
{
    memory& past = situation_.past;
    if (!situation_.card || past.superseded.empty())
        return;
    for (const superseded_order& each : past.superseded) {
        const lpa::profile* there = esim::find_profile(situation_.card->profiles, each.iccid);
        report::event event;
        event.stage = stage::superseded;
        event.occurrence = past.memory_id + ":" + std::to_string(each.occurrence);
        event.eid = past.eid;
        event.iccid = each.iccid;
        event.imsi = each.imsi;
        event.customer_uid = each.customer_uid;
        event.modem = situation_.imei;
        event.profile_state = there == nullptr ? "" : "INSTALLED";
        event.more["onCard"] = there != nullptr;
        event.more["enabled"] = there != nullptr && there->state == lpa::profile_state::enabled;
        outbox_.add(event);
        log_.info("eSIM " + shortened(each.iccid.text()) + ": " + name_of(event.stage));
    }
    past.superseded.clear();
    save();
}

void announcer::announce_what_is()
{
    announce_superseded();
    memory& past = situation_.past;
    if (!situation_.card || past.iccid.empty() || announce_absence())
        return;
    const auto& profiles = situation_.card->profiles;
    bool is_enabled =
        esim::find_profile(profiles, past.iccid)->state == lpa::profile_state::enabled;
    announce(stage::installed);
    if (!is_enabled && past.has_reported(stage::enabled)) {
        announce(stage::disabled);
        ++past.occurrence;
        std::erase_if(past.reported, [](stage each) {
            return each == stage::enabled || each == stage::registered || each == stage::online
                   || each == stage::disabled;
        });
        save();
    }
    if (is_enabled)
        announce(stage::enabled);
    if (is_enabled && situation_.network && situation_.network->is_registered()) {
        past.working_iccid = past.iccid;
        announce(stage::registered,
            json::object{{"operator", situation_.network->network},
                {"roaming", situation_.network->state == platform::registration_state::roaming}});
    }
    if (const auto& path = situation_.online; is_enabled && path)
        announce(stage::online, json::object{{"interface", path->interface_name},
                                    {"apn", or_null(path->apn)}, {"apnGuessed", path->is_guessed}});
    if (situation_.card->notifications == 0)
        announce(stage::notified);
    const lpa::profile* working = esim::find_profile(profiles, past.working_iccid);
    bool has_fallen_back = past.unusable_iccid == past.iccid && working != nullptr
                           && working->state == lpa::profile_state::enabled;
    if (has_fallen_back)
        announce(stage::fallback, json::object{{"workingIccid", past.working_iccid.text()}});
}

void announcer::tell_once(
    stage what, bool is_so, std::string& told, const std::string& about, const package_balance& now)
{
    if (!is_so)
        told.clear();
    if (!is_so || told == about)
        return;
    memory& past = situation_.past;
    report::event crossed = make_event(what);
    crossed.occurrence = past.memory_id + ":b" + std::to_string(++past.balance_events);
    crossed.more["balance"] = to_json(now);
    outbox_.add(crossed);
    told = about;
    log_.info(std::string(name_of(what)) + " (customer " + past.customer_uid + ")");
}

void announcer::announce_balance(
    const std::string& customer_uid, const package_balance& now, const balance_notice& notice)
{
    memory& past = situation_.past;
    bool is_exhausted = now.megabytes && *now.megabytes <= 0;
    bool is_low = now.megabytes && !is_exhausted && *now.megabytes < notice.low_megabytes;
    tell_once(stage::balance_exhausted, is_exhausted, past.exhausted_of, customer_uid, now);
    tell_once(stage::balance_low, is_low, past.low_balance_of, customer_uid, now);
    platform::clock_reading clock = platform::read_clock();
    const auto& ends = now.expires_at;
    bool ends_soon = ends && *ends - clock.system < notice.before_expiry;
    std::string item = ends ? platform::to_iso(*ends) : std::string();
    if (clock.is_plausible())  // a clock that is not set knows no dates
        tell_once(stage::package_expiring, ends_soon, past.expiring_item, item, now);
    save();
}

}  // namespace agent::provision
