#include "agent/gigastore/choose.hpp"

#include <algorithm>
#include <string>

namespace agent::gigastore {
namespace {

using platform::error_entry, platform::failure_class;

constexpr error_entry choose_entries[] = {
    {choice_errc::none_named, failure_class::not_found, "not_found",
        "the customer has no such eSIM", "Name one of these with --iccid."},
    {choice_errc::none_installable, failure_class::not_found, "not_found",
        "the customer has no eSIM ready to install",
        "Only a RELEASED eSIM can be installed: a profile that is deleted from its device becomes "
        "RELEASED again; one in ERROR has to be replaced by Gigastore's support."},
    {choice_errc::several, failure_class::usage, "several",
        "the customer has several eSIMs ready to install", "Name one with --iccid."},
    {choice_errc::unusable, failure_class::refused, "unusable", "this eSIM cannot be installed",
        "Ask Gigastore's support to replace this eSIM."},
};

std::string list(const std::vector<const esim*>& some)
{
    std::string out;
    for (const esim* each : some) {
        out += out.empty() ? "" : ", ";
        out += each->iccid.empty() ? "eSIM " + each->uid : each->iccid.text();
        out += " " + (each->state_text.empty() ? "without a state" : each->state_text);
        if (!each->is_active)
            out += " (replaced)";
        if (each->activation_code.empty())
            out += " (no activation code)";
    }
    return out.empty() ? "it has no eSIM at all" : out;
}

template <class Predicate>
std::vector<const esim*> select(const std::vector<esim>& related, Predicate predicate)
{
    std::vector<const esim*> chosen;
    for (const esim& each : related)
        if (predicate(each))
            chosen.push_back(&each);
    return chosen;
}

}  // namespace

const platform::error_room& choice_category() noexcept
{
    static const platform::error_room room{"choice", choose_entries};
    return room;
}

bool is_installable(const esim& candidate)
{
    return candidate.is_active && candidate.state == esim_state::released
           && !candidate.activation_code.empty();
}

result<const esim*> choose(
    const std::vector<esim>& related, std::string_view named, const std::vector<iccid>& on_euicc)
{
    auto everything = select(related, [](const esim&) { return true; });
    if (!named.empty()) {
        auto number = iccid::parse(named);
        auto found = select(related, [named, &number](const esim& e) {
            return e.uid == named || (number && e.iccid == *number);
        });
        if (found.empty())
            return failure(choice_errc::none_named, list(everything));
        if (found.size() > 1)
            return failure(choice_errc::several, list(found));
        if (found[0]->state == esim_state::error || found[0]->activation_code.empty())
            return failure(choice_errc::unusable, list(found));
        return found[0];
    }

    auto present = select(related, [&on_euicc](const esim& e) {
        return !e.iccid.empty() && std::ranges::find(on_euicc, e.iccid) != on_euicc.end();
    });
    auto installable = select(related, is_installable);
    const auto& candidates = present.empty() ? installable : present;
    if (candidates.empty())
        return failure(choice_errc::none_installable, list(everything));
    if (candidates.size() > 1)
        return failure(choice_errc::several, list(candidates));
    return candidates[0];
}

}  // namespace agent::gigastore
