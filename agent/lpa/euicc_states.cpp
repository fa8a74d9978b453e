// The eUICC's part that enables and disables profiles (ES10c; SGP.22, 5.7.16 and 5.7.17).
#include "agent/lpa/codes.hpp"
#include "agent/lpa/error.hpp"
#include "agent/lpa/euicc.hpp"
#include "platform/timeout.hpp"

#include <algorithm>

namespace agent::lpa {

task<void> euicc::enable(iccid which)
{
    return set_state(std::move(which), true);
}

task<void> euicc::disable(iccid which)
{
    return set_state(std::move(which), false);
}

/// The forms of the command that this card may want: some enable by the ISD-P's AID alone, some
/// without a refresh alone.
task<std::vector<euicc::change_form>> euicc::forms_for(iccid which)
{
    // A modem acts on the card's REFRESH and reads it anew. A reader does not know that command:
    // there the card must do without (SGP.22, 5.7.16).
    bool first = settings_.refresh.value_or(card_.channel().has_modem());
    std::vector<bool> refreshes{first};
    if (!settings_.refresh)
        refreshes.push_back(!first);
    auto all = co_await profiles();
    if (!all)
        co_return all.error();
    auto found = std::ranges::find(*all, which, &profile::iccid);
    bytes aid = found != all->end() ? found->isdp_aid : bytes();
    std::vector<change_form> out;
    for (bool refresh : refreshes) {
        out.push_back({{}, refresh});
        if (!aid.empty())
            out.push_back({aid, refresh});
    }
    co_return out;
}

task<int> euicc::change(iccid which, bool is_enabled, change_form form)
{
    std::uint32_t tag = is_enabled ? 0xbf31 : 0xbf32;
    bytes command;
    if (form.isdp_aid.empty())
        command =
            is_enabled ? enable_profile(which, form.refresh) : disable_profile(which, form.refresh);
    else
        command = is_enabled ? enable_profile(form.isdp_aid, form.refresh)
                             : disable_profile(form.isdp_aid, form.refresh);
    constexpr int busy = 5;
    int code = busy;
    for (int attempt = 1; attempt <= settings_.busy_attempts && code == busy; ++attempt) {
        if (attempt > 1)
            co_await platform::pause(settings_.busy_pause);
        auto answer = co_await ask_code(command, tag);
        if (!answer)
            co_return answer.error();
        code = *answer;
    }
    co_return code;
}

task<void> euicc::set_state(iccid which, bool is_enabled)
{
    const char* doing = is_enabled ? "enabling the profile" : "disabling the profile";
    profile_state wanted = is_enabled ? profile_state::enabled : profile_state::disabled;
    auto forms = co_await forms_for(which);
    if (!forms)
        co_return forms.error();
    constexpr int not_found = 1;
    constexpr int has_state_already = 2;
    constexpr int undefined = 127;
    int first_code = 0;
    for (const change_form& form : *forms) {
        auto code = co_await change(which, is_enabled, form);
        if (!code) {
            // The modem may have read the card anew before it passed the answer on: look.
            co_await card_.lose();
            auto seen = co_await await_state(which, wanted, form.refresh);
            if (seen)
                co_return seen;
            co_return code.error();
        }
        bool is_done = *code == 0 || *code == has_state_already;
        if (is_done && form.refresh)
            co_await card_
                .lose();  // the modem reads the card anew, and our channel is gone with it
        if (is_done) {
            auto seen = co_await await_state(std::move(which), wanted, form.refresh);
            co_return seen;
        }
        first_code = first_code == 0 ? *code : first_code;
        bool is_forms = *code == not_found || *code == undefined;
        if (!is_forms)
            break;
    }
    co_return profile_failure(doing, first_code);
}

/// The truth is on the card: it says so itself, once the modem has let it come back, which takes
/// as long as the modem takes.
task<void> euicc::await_state(iccid which, profile_state wanted, bool with_refresh)
{
    failure last(errc::card_problem, "the card does not show the new state");
    std::chrono::milliseconds wait{50};
    auto limit = with_refresh ? settings_.refresh_limit : settings_.reader_limit;
    auto end = std::chrono::steady_clock::now() + limit;
    while (true) {
        auto state = co_await state_of(which);
        bool is_reached = state && *state == wanted;
        if (is_reached)
            co_return result<void>();
        if (!state)
            last = state.error();
        bool is_over = std::chrono::steady_clock::now() + wait >= end;
        if (is_over)
            co_return last;
        co_await platform::pause(wait);
        wait = std::min(2 * wait, settings_.refresh_pause);
        co_await card_.lose();
    }
}

/// Opens the card again if it is not, and reads a profile's state; nothing if it is not there.
task<std::optional<profile_state>> euicc::state_of(iccid which)
{
    if (!card_.is_open()) {
        auto again = co_await card_.reopen();
        if (!again)
            co_return again.error();
    }
    auto all = co_await profiles();
    if (!all)
        co_return all.error();
    auto found = std::ranges::find(*all, which, &profile::iccid);
    std::optional<profile_state> state;
    if (found != all->end())
        state = found->state;
    co_return state;
}

}  // namespace agent::lpa
