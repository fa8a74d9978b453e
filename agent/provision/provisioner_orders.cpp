// What the provisioner is ordered: by configuration, files, the local API and from afar, and what
// somebody did by hand.
#include "agent/base/redact.hpp"
#include "agent/provision/desired.hpp"
#include "agent/provision/provisioner.hpp"
#include "agent/provision/provisioning_files.hpp"
#include "platform/error.hpp"

#include <utility>

namespace agent::provision {

void provisioner::settle_wanted()
{
    memory& past = situation_.past;
    const wanted& configured = settings_.configured;
    bool is_overridden = !past.order.customer_uid.empty()
                         && past.configured_uid == configured.customer_uid
                         && past.configured_named == configured.named;
    if (!is_overridden && !past.order.customer_uid.empty()) {
        on_.log.info("the configuration names another customer than the last order: it counts");
        past.order = wanted();
        reports_.save();
    }
    situation_.want = is_overridden ? past.order : configured;
    const std::string& uid = situation_.want.customer_uid;
    bool is_another = !uid.empty() && uid != past.customer_uid;
    if (!is_another)
        return publish();
    // What is known of the eSIM before says nothing about this customer's.
    bool is_first = past.customer_uid.empty();
    if (!is_first)
        reports_.begin_occurrence({});
    past.customer_uid = uid;
    if (is_first)
        return publish();
    reports_.save();
    status_.esim_state.clear();
    publish();
}

result<void> provisioner::order(wanted what)
{
    memory& past = situation_.past;
    past.order = std::move(what);
    past.configured_uid = settings_.configured.customer_uid;
    past.configured_named = settings_.configured.named;
    past.refused = refusal();
    past.held_iccid = iccid();
    past.unusable_iccid = iccid();
    past.installations = 0;
    reports_.forget_failures();
    bool is_kept = reports_.save();
    status_.trouble.clear();
    status_.advice.clear();
    settle_wanted();
    status_.doing = "an order was taken";
    look_again();
    if (!is_kept)
        return failure(platform::errc::not_durable,
            "the order is taken, but the state directory cannot be written: it is lost when the "
            "agent ends");
    return {};
}

std::int64_t provisioner::version_taken() const
{
    const memory& past = situation_.past;
    return past.desired_eid == past.eid ? past.desired_version : 0;  // another card counts anew
}

void provisioner::take_desired(std::string_view text)
{
    auto what = parse_desired(text);
    if (text.empty()) {  // it was withdrawn: what was taken stays
        status_.refused_desired.clear();
        return publish();
    }
    if (!what) {
        status_.refused_desired = what.error().detail();
        on_.log.error("an order from afar is not taken: " + status_.refused_desired);
        return publish();
    }
    memory& past = situation_.past;
    status_.refused_desired.clear();
    if (what->version <= version_taken())
        return publish();
    past.desired_version = what->version;
    past.desired_eid = past.eid;
    std::string words = "order " + std::to_string(what->version) + " from afar: customer "
                        + what->what.customer_uid;
    auto kept = order(std::move(what->what));
    on_.log.info(words);  // on disk by now
    if (!kept)
        on_.log.error(words_of(kept.error()));
}

void provisioner::take_assigned(wanted what)
{
    memory& past = situation_.past;
    bool is_known = past.assigned_uid == what.customer_uid && past.assigned_iccid == what.named;
    if (is_known && !situation_.want.customer_uid.empty())
        return;
    past.assigned_uid = what.customer_uid;
    past.assigned_iccid = what.named;
    std::string words = "the gateway assigns customer " + what.customer_uid;
    auto kept = order(std::move(what));
    on_.log.info(words);  // on disk by now
    if (!kept)
        on_.log.error(words_of(kept.error()));
}

void provisioner::forget_confirmation_code()
{
    memory& past = situation_.past;
    if (past.order.confirmation_code.empty())
        return;
    past.order.confirmation_code = platform::secret();
    reports_.save_without_trace();
    situation_.want = past.order;
}

bool provisioner::awaits_confirmation() const
{
    const refusal& refused = situation_.past.refused;
    return !refused.code_digest.empty() && refused.kind == failure_class::confirmation;
}

result<void> provisioner::confirm(platform::secret code)
{
    wanted what = situation_.want;
    what.confirmation_code = std::move(code);
    return order(std::move(what));
}

void provisioner::hold_ours()
{
    situation_.past.held_iccid = situation_.past.iccid;
    reports_.save();
    look_again();
}

void provisioner::was_lent()
{
    was_lent_ = true;
    look_again();
}

void provisioner::unhold(const iccid& which)
{
    for (iccid* each : {&situation_.past.held_iccid, &situation_.past.unusable_iccid})
        if (*each == which)
            *each = iccid();
    reports_.save();
    look_again();
}

void provisioner::take_provisioning_files()
{
    if (settings_.directory.empty())
        return;
    status_.provisioning_file = provision::take_provisioning_files(
        settings_.directory, situation_.past.taken_files,
        [this](wanted what) {
            if (auto kept = order(std::move(what)); !kept)
                on_.log.error(words_of(kept.error()));
        },
        [this] { return reports_.save(); }, on_.log);
}

}  // namespace agent::provision
