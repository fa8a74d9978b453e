#include "agent/provision/headless_dialogue.hpp"

#include "agent/lpa/error.hpp"
#include "agent/provision/error.hpp"

namespace agent::provision {

void headless_dialogue::progress(lpa::step at, int percent)
{
    switch (at) {
    case lpa::step::authenticating: show_("talking to the SM-DP+", 5); break;
    case lpa::step::approving: show_("checking the profile", 10); break;
    case lpa::step::fetching: show_("fetching the profile", 15); break;
    case lpa::step::loading: show_("loading the profile", 20 + percent * 80 / 100); break;
    }
}

task<lpa::decision> headless_dialogue::approve(lpa::profile_metadata offered, bool needs_consent)
{
    if (!(offered.iccid == expected_))
        co_return failure(errc::wrong_profile,
            "it offers " + offered.iccid.text() + ", Gigastore named " + expected_.text());
    if (needs_consent)
        co_return failure(errc::consent_needed, "the profile comes with policy rules");
    co_return lpa::decision::yes;
}

task<platform::secret> headless_dialogue::confirmation_code(int tries_left)
{
    constexpr int all_tries = 3;
    bool is_again = tries_left < all_tries;
    failure wrong(lpa::errc::confirmation_wrong, "the confirmation code is wrong");
    failure needed(lpa::errc::confirmation_needed, "the SM-DP+ wants a confirmation code");
    if (code_.empty())
        co_return needed;
    if (is_again)
        co_return wrong;
    co_return code_;
}

}  // namespace agent::provision
