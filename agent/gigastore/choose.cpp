#include "agent/gigastore/choose.hpp"

#include "agent/base/iccid.hpp"

#include <algorithm>
#include <string>

namespace agent::gigastore {
namespace {

class choice_error_category final : public boost::system::error_category {
public:
    const char* name() const noexcept override { return "choice"; }

    std::string message(int value) const override
    {
        switch (static_cast<choice_errc>(value)) {
        case choice_errc::none_named: return "the customer has no such eSIM";
        case choice_errc::none_installable: return "the customer has no eSIM ready to install";
        case choice_errc::several: return "the customer has several eSIMs ready to install";
        case choice_errc::unusable: return "this eSIM cannot be installed";
        }
        return "unknown choice error";
    }
};

std::string list(const std::vector<const esim*>& some)
{
    std::string out;
    for (const esim* each : some) {
        out += out.empty() ? "" : ", ";
        out += each->iccid.empty() ? "eSIM " + each->uid : each->iccid;
        out += " " + (each->state_text.empty() ? "without a state" : each->state_text);
        if (!each->is_active)
            out += " (replaced)";
        if (each->activation_code.empty())
            out += " (no activation code)";
    }
    return out.empty() ? "it has no eSIM at all" : out;
}

bool is_installable(const esim& candidate)
{
    return candidate.is_active && candidate.state == esim_state::released
           && !candidate.activation_code.empty();
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

const boost::system::error_category& choice_category() noexcept
{
    static constinit const choice_error_category instance;
    return instance;
}

result<const esim*> choose(const std::vector<esim>& related, std::string_view named,
    const std::vector<std::string>& on_euicc)
{
    auto everything = select(related, [](const esim&) { return true; });
    if (!named.empty()) {
        auto found = select(related,
            [named](const esim& e) { return e.uid == named || same_iccid(e.iccid, named); });
        if (found.empty())
            return failure(choice_errc::none_named, list(everything));
        if (found.size() > 1)
            return failure(choice_errc::several, list(found));
        if (found[0]->state == esim_state::error || found[0]->activation_code.empty())
            return failure(choice_errc::unusable, list(found));
        return found[0];
    }

    auto present = select(related, [&on_euicc](const esim& e) {
        return std::ranges::any_of(
            on_euicc, [&e](const std::string& iccid) { return same_iccid(e.iccid, iccid); });
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
