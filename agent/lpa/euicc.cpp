#include "agent/lpa/euicc.hpp"

#include "agent/lpa/codes.hpp"
#include "agent/lpa/error.hpp"
#include "platform/timeout.hpp"

#include <algorithm>

namespace agent::lpa {
namespace {

using platform::isd_r;

/// Sends a command and reads its answer with `read`.
template <class T>
task<T> ask(isd_r& card, bytes command, result<T> (*read)(byte_view))
{
    auto answer = co_await card.store_data(std::move(command));
    if (!answer)
        co_return answer.error();
    co_return read(*answer);
}

/// The same for a command that only answers with a code.
task<int> ask_code(isd_r& card, bytes command, std::uint32_t tag)
{
    auto answer = co_await card.store_data(std::move(command));
    if (!answer)
        co_return answer.error();
    co_return read_result_code(*answer, tag);
}

}  // namespace

euicc::euicc(isd_r& card, platform::logger& log, euicc_settings settings)
    : card_(card), log_(log), settings_(std::move(settings))
{
}

task<std::string> euicc::eid()
{
    return ask(card_, get_eid(), read_eid);
}

task<void> euicc::open()
{
    basic_info_.reset();
    return card_.open();
}

task<void> euicc::close()
{
    basic_info_.reset();  // the next card may be another one
    return card_.close();
}

task<euicc_info> euicc::basic_info()
{
    if (!basic_info_) {
        auto read = co_await ask(card_, get_euicc_info1(), read_euicc_info);
        if (!read)
            co_return read.error();
        basic_info_ = std::move(*read);
    }
    co_return *basic_info_;
}

task<euicc_info> euicc::info()
{
    return ask(card_, get_euicc_info2(), read_euicc_info);
}

task<configured_addresses> euicc::addresses()
{
    return ask(card_, get_configured_addresses(), read_configured_addresses);
}

task<std::vector<authorisation_rule>> euicc::rules_authorisation_table()
{
    return ask(card_, get_rules_authorisation_table(), read_rules_authorisation_table);
}

task<std::vector<profile>> euicc::profiles()
{
    return ask(card_, get_profiles(), read_profiles);
}

task<void> euicc::enable(iccid which)
{
    return set_state(std::move(which), true);
}

task<void> euicc::disable(iccid which)
{
    return set_state(std::move(which), false);
}

task<void> euicc::set_state(iccid which, bool is_enabled)
{
    // A modem acts on the card's REFRESH and reads it anew. A reader does not know that command:
    // there the card must do without (SGP.22, 5.7.16).
    bool refresh = card_.channel().has_modem();
    std::uint32_t tag = is_enabled ? 0xbf31 : 0xbf32;
    const char* doing = is_enabled ? "enabling the profile" : "disabling the profile";
    profile_state wanted = is_enabled ? profile_state::enabled : profile_state::disabled;
    constexpr int busy = 5;
    constexpr int has_state_already = 2;
    int code = busy;
    for (int attempt = 1; attempt <= settings_.busy_attempts && code == busy; ++attempt) {
        if (attempt > 1)
            co_await platform::pause(settings_.busy_pause);
        bytes command =
            is_enabled ? enable_profile(which, refresh) : disable_profile(which, refresh);
        auto answer = co_await ask_code(card_, std::move(command), tag);
        if (!answer) {
            // The modem may have read the card anew before it passed the answer on: look.
            co_await card_.lose();
            auto seen = co_await await_state(which, wanted);
            if (seen)
                co_return seen;
            co_return answer.error();
        }
        code = *answer;
    }
    bool is_done = code == 0 || code == has_state_already;
    if (!is_done)
        co_return profile_failure(doing, code);
    if (refresh)
        co_await card_.lose();  // the modem reads the card anew, and our channel with it is gone
    auto seen = co_await await_state(std::move(which), wanted);
    co_return seen;
}

/// The truth is on the card: it says so itself, once the modem has let it come back.
task<void> euicc::await_state(iccid which, profile_state wanted)
{
    failure last(errc::card_problem, "the card does not show the new state");
    std::chrono::milliseconds wait{50};
    int denials = 0;  // how often the card said that it is otherwise
    auto end = std::chrono::steady_clock::now() + settings_.refresh_limit;
    while (std::chrono::steady_clock::now() < end && denials < settings_.most_denials) {
        auto state = co_await state_of(which);
        bool is_reached = state && *state == wanted;
        if (is_reached)
            co_return result<void>();
        if (state)
            ++denials;
        else
            last = state.error();
        co_await platform::pause(wait);
        wait = std::min(2 * wait, settings_.refresh_pause);
        co_await card_.lose();
    }
    co_return last;
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

task<void> euicc::remove(iccid which)
{
    auto code = co_await ask_code(card_, delete_profile(which), 0xbf33);
    if (!code) {
        co_await card_.lose();  // the answer was lost; whether it was done the card knows
        auto state = co_await state_of(std::move(which));
        bool is_gone = state && !*state;
        if (is_gone)
            co_return result<void>();
        co_return code.error();
    }
    if (*code != 0)
        co_return profile_failure("deleting the profile", *code);
    co_return result<void>();
}

task<void> euicc::rename(iccid which, std::string nickname)
{
    auto code = co_await ask_code(card_, set_nickname(which, nickname), 0xbf29);
    if (!code)
        co_return code.error();
    if (*code != 0)
        co_return profile_failure("renaming the profile", *code);
    co_return result<void>();
}

task<std::vector<notification>> euicc::notifications()
{
    return ask(card_, list_notifications(), read_notifications);
}

task<pending_notification> euicc::retrieve(std::uint64_t sequence)
{
    return ask(card_, retrieve_notification(sequence), read_pending_notification);
}

task<void> euicc::forget(std::uint64_t sequence)
{
    auto code = co_await ask_code(card_, remove_notification(sequence), 0xbf30);
    if (!code)
        co_return code.error();
    if (*code == 1)
        co_return failure(errc::no_such_notification);
    if (*code != 0)
        co_return failure(errc::card_problem,
            "removing a notification: an undefined error (" + std::to_string(*code) + ")");
    co_return result<void>();
}

task<bytes> euicc::challenge()
{
    return ask(card_, get_euicc_challenge(), read_challenge);
}

task<bytes> euicc::authenticate(server_authentication server, platform::secret matching_id)
{
    auto imei = co_await card_.channel().imei();
    bool has_own = imei && !imei->empty();
    bytes command =
        authenticate_server(server, matching_id.reveal(), has_own ? *imei : settings_.imei);
    auto answer = co_await card_.store_data(std::move(command), platform::working_apdu_limit);
    if (!answer)
        co_return answer.error();
    if (auto agreed = check_authenticate_answer(*answer); !agreed)
        co_return agreed.error();
    co_return answer;
}

task<bytes> euicc::prepare(download_offer offer, bytes hashed_code)
{
    bytes command = prepare_download(offer, hashed_code);
    auto answer = co_await card_.store_data(std::move(command), platform::working_apdu_limit);
    if (!answer)
        co_return answer.error();
    if (auto agreed = check_prepare_answer(*answer); !agreed)
        co_return agreed.error();
    co_return answer;
}

task<bytes> euicc::cancel(bytes transaction_id, cancel_reason reason)
{
    auto answer = co_await card_.store_data(cancel_session(transaction_id, reason));
    if (!answer)
        co_return answer.error();
    if (auto agreed = check_cancel_answer(*answer); !agreed)
        co_return agreed.error();
    co_return answer;
}

task<bytes> euicc::load(bytes segment, std::chrono::milliseconds limit)
{
    return card_.store_data(std::move(segment), limit);
}

}  // namespace agent::lpa
