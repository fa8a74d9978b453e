#include "agent/esim/hook_message.hpp"

#include "agent/base/redact.hpp"
#include "agent/esim/error.hpp"
#include "agent/lpa/codes.hpp"
#include "agent/lpa/error.hpp"
#include "agent/net/error.hpp"
#include "platform/euicc_channel.hpp"
#include "platform/text.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <iterator>

namespace agent::esim {
namespace {

std::string shown(const json::value& parent, std::string_view name)
{
    constexpr std::size_t longest = 200;
    return platform::printable(platform::cut(redact(text_view(parent, name)), longest));
}

bool is_true(const json::value& parent, std::string_view name)
{
    const json::value* found = member(parent, name);
    return found != nullptr && found->is_bool() && found->get_bool();
}

/// The failure of that name in one of the rooms that an installer has to do with.
std::optional<error_code> error_named(std::string_view name)
{
    for (const platform::error_room* room :
        {&lpa::category(), &net::category(), &platform::channel_category()})
        if (const platform::error_entry* found = room->named(name); found != nullptr)
            return error_code(found->value, *room);
    return std::nullopt;
}

failure failure_from(const json::value& said)
{
    lpa::status_codes codes;
    codes.subject = shown(said, "subject");
    codes.reason = shown(said, "reason");
    codes.message = shown(said, "detail");
    if (!codes.subject.empty())
        return lpa::refusal(codes);
    std::string name = shown(said, "error");
    auto known = error_named(name);
    if (known)
        return failure(*known, codes.message);
    return failure(errc::hook_trouble,
        codes.message.empty() ? "it failed and did not say why" : codes.message);
}

lpa::profile_metadata metadata_from(const json::value& said)
{
    lpa::profile_metadata out;
    out.iccid = iccid::from(text_view(said, "iccid"));
    out.service_provider = text(said, "serviceProviderName");
    out.name = text(said, "profileName");
    const json::value* rules = member(said, "profilePolicyRules");
    const json::array* each = rules != nullptr ? rules->if_array() : nullptr;
    for (const json::value& rule : each != nullptr ? *each : json::array()) {
        out.rules.forbids_disable = out.rules.forbids_disable || rule == "ppr1";
        out.rules.forbids_delete = out.rules.forbids_delete || rule == "ppr2";
    }
    return out;
}

/// Fails if what it must have is not there.
result<std::vector<lpa::profile>> profiles_from(const json::value& said)
{
    std::vector<lpa::profile> out;
    const json::value* list = member(said, "profiles");
    const json::array* entries = list != nullptr ? list->if_array() : nullptr;
    for (const json::value& each : entries != nullptr ? *entries : json::array()) {
        lpa::profile_metadata about = metadata_from(each);
        std::string_view state = text_view(each, "state");
        bool is_known = state == "enabled" || state == "disabled";
        if (about.iccid.empty() || !is_known)
            return failure(errc::hook_trouble,
                "a profile in its list has no iccid, or no state of enabled or disabled");
        lpa::profile one;
        one.iccid = about.iccid;
        one.state = state == "enabled" ? lpa::profile_state::enabled : lpa::profile_state::disabled;
        one.nickname = text(each, "nickname");
        one.service_provider = std::move(about.service_provider);
        one.name = std::move(about.name);
        one.kind = lpa::profile_class::operational;
        one.rules = about.rules;
        out.push_back(std::move(one));
    }
    return out;
}

result<hook_answer> answer_from(const json::value& said)
{
    std::string_view word = text_view(said, "result");
    if (word == "failed")
        return failure_from(said);
    if (word != "ok")
        return failure(
            errc::hook_trouble, "a result is ok or failed, not '" + shown(said, "result") + "'");
    hook_answer out;
    out.eid = text(said, "eid");
    out.imei = text(said, "imei");
    out.installed = metadata_from(said);
    out.was_there = is_true(said, "alreadyInstalled");
    auto profiles = profiles_from(said);
    if (!profiles)
        return profiles.error();
    out.profiles = std::move(*profiles);
    return out;
}

}  // namespace

hook_message read_hook_message(const std::string& line)
{
    if (!line.starts_with('{'))
        return hook_remark();
    json_document document(line);
    if (document.root() == nullptr || !document.root()->is_object())
        return result<hook_answer>(
            failure(errc::hook_trouble, "a line that begins with { and is no JSON object"));
    const json::value& said = *document.root();
    if (member(said, "result") != nullptr)
        return answer_from(said);
    if (const json::value* offered = member(said, "offers"); offered != nullptr) {
        hook_offer out;
        out.offered = metadata_from(*offered);
        out.needs_consent = is_true(*offered, "needsConsent");
        return out;
    }
    if (text_view(said, "needs") == "confirmationCode") {
        hook_question out;
        out.tries_left = whole_number(said, "triesLeft").value_or(out.tries_left);
        return out;
    }
    constexpr std::string_view steps[] = {"authenticating", "approving", "fetching", "loading"};
    auto step = std::ranges::find(steps, text_view(said, "step"));
    if (step == std::end(steps))
        return hook_remark();  // of a later version of the manual
    hook_progress out;
    out.at = static_cast<lpa::step>(step - std::begin(steps));
    out.percent = std::min(whole_number(said, "percent").value_or(0), 100);
    return out;
}

platform::wiped_string hook_order(
    std::string_view name, std::string_view value, const std::string& device)
{
    wiping_resource wiping;
    json::object out{&wiping};
    if (!name.empty())
        out[name] = value;
    if (!device.empty())
        out["device"] = device;
    platform::wiped_string line = wiped_json(out);
    line += '\n';
    return line;
}

std::string hook_decision(lpa::decision what)
{
    constexpr const char* words[] = {"accept", "postpone", "reject"};
    json::object out{{"decision", words[static_cast<int>(what)]}};
    return json_text(out) + "\n";
}

platform::wiped_string hook_confirmation(const platform::secret* code)
{
    wiping_resource wiping;
    json::object out{&wiping};
    if (code != nullptr)
        out["confirmationCode"] = code->reveal();
    else
        out["confirmationCode"] = nullptr;
    platform::wiped_string line = wiped_json(out);
    line += '\n';
    return line;
}

}  // namespace agent::esim
