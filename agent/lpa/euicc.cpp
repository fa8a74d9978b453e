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

}  // namespace

euicc::euicc(isd_r& card, platform::logger& log, euicc_settings settings)
    : card_(card), log_(log), settings_(std::move(settings))
{
}

task<int> euicc::ask_code(bytes command, std::uint32_t tag)
{
    auto answer = co_await card_.store_data(std::move(command));
    if (!answer)
        co_return answer.error();
    co_return read_result_code(*answer, tag);
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
    auto all = co_await ask(card_, get_profiles(takes_list_), read_profiles);
    bool may_be_list = takes_list_ && !all
                       && (all.error() == errc::card_problem
                           || all.error() == platform::channel_errc::card_refused);
    if (may_be_list) {
        auto whole = co_await ask(card_, get_profiles(false), read_profiles);
        takes_list_ = !whole;
        if (whole)
            all = std::move(whole);
    }
    if (!all)
        co_return all.error();
    auto odd = std::erase_if(*all, [](const profile& each) { return each.is_odd; });
    if (odd != 0)
        log_.warning("the card lists " + std::to_string(odd)
                     + " profile(s) without an ICCID; they are left alone");
    co_return all;
}

task<void> euicc::remove(iccid which)
{
    auto code = co_await ask_code(delete_profile(which), 0xbf33);
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
    auto code = co_await ask_code(set_nickname(which, nickname), 0xbf29);
    if (!code)
        co_return code.error();
    if (*code != 0)
        co_return profile_failure("renaming the profile", *code);
    co_return result<void>();
}

task<std::vector<notification>> euicc::notifications()
{
    auto all = co_await ask(card_, list_notifications(), read_notifications);
    if (!all)
        co_return all.error();
    auto odd = std::erase_if(*all, [](const notification& each) { return each.is_odd; });
    if (odd != 0)
        log_.warning("the card lists " + std::to_string(odd)
                     + " notification(s) without a number; they are left alone");
    co_return all;
}

task<pending_notification> euicc::retrieve(std::uint64_t sequence)
{
    return ask(card_, retrieve_notification(sequence), read_pending_notification);
}

task<void> euicc::forget(std::uint64_t sequence)
{
    auto code = co_await ask_code(remove_notification(sequence), 0xbf30);
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
    if (!has_own && settings_.imei.empty())
        log_.warning(std::string(card_.channel().has_modem() ? "the modem tells no IMEI"
                                                             : "a reader has no IMEI")
                     + ": the SM-DP+ is told a TAC of zeros; if its operator wants another, set "
                       "<modem imei=\"...\"/>");
    bytes command = authenticate_server(
        server, matching_id.reveal(), has_own ? *imei : settings_.imei, settings_.capabilities);
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
