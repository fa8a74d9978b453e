#include "agent/lpa/download.hpp"

#include "agent/lpa/bound_profile_package.hpp"
#include "agent/lpa/codes.hpp"
#include "agent/lpa/download_checks.hpp"
#include "agent/lpa/error.hpp"
#include "agent/lpa/notifications.hpp"
#include "agent/net/error.hpp"
#include "platform/error.hpp"
#include "platform/run_to_end.hpp"
#include "platform/timeout.hpp"

#include <algorithm>

namespace agent::lpa {
namespace {

constexpr int confirmation_tries = 3;
constexpr std::chrono::milliseconds cancel_limit{10'000};

/// Less than any profile needs: there is no use in beginning.
constexpr std::uint64_t least_memory = 4'096;

/// One session with the SM-DP+, from the challenge to the card's result.
class session {
public:
    session(euicc& card, es9_client& smdp, const download_order& order, download_dialogue& with,
        journal& memory, platform::logger& log)
        : card_(card), smdp_(smdp), order_(order), with_(with), memory_(memory), log_(log)
    {
        attempt_.code_digest = digest_of(order.code);
        attempt_.smdp_address = order.code.smdp_address();
    }

    /// `confirmation_code` is empty until one was asked for.
    task<download_outcome> run(platform::secret confirmation_code);
    /// Ends the session at card and SM-DP+, if both have one that can be ended.
    asio::awaitable<bool> cancel(failure why);
    const profile_metadata& metadata() const { return metadata_; }

private:
    task<void> authenticate();
    task<void> approve();
    task<void> check_rules(bool& needs_consent);
    task<bytes> fetch(platform::secret code);
    task<download_outcome> load(bytes package);
    task<download_outcome> conclude(installation_result found);
    task<void> send_cancellation(cancel_reason reason);
    void remember(attempt_stage stage);

    euicc& card_;
    es9_client& smdp_;
    const download_order& order_;
    download_dialogue& with_;
    journal& memory_;
    platform::logger& log_;

    attempt attempt_;
    std::string transaction_;  // as the SM-DP+ writes it
    bytes transaction_id_;
    std::optional<std::uint64_t> free_memory_;
    profile_metadata metadata_;
    download_offer offer_;
    bool is_begun_ = false;  // card and SM-DP+ have authenticated each other
    bool is_loading_ = false;
    bool has_warned_ = false;
};

/// The true reason, in the words of SGP.22 (5.7.14). "Postponed" and "timeout" leave the order
/// as it was, the others end it.
cancel_reason reason_for(const failure& why)
{
    if (why == errc::declined)
        return cancel_reason::end_user_rejection;
    if (why == errc::rules_not_allowed)
        return cancel_reason::rules_not_allowed;
    if (why == errc::bad_package || why == errc::install_failed)
        return cancel_reason::load_error;
    if (why == errc::metadata_mismatch)
        return cancel_reason::metadata_mismatch;
    bool is_timeout = why == net::errc::timeout || why == platform::channel_errc::silent;
    return is_timeout ? cancel_reason::timeout : cancel_reason::postponed;
}

/// True if the SM-DP+ itself said no: then there is no session any more that could be ended.
bool is_refusal(const failure& why)
{
    return why.code().category() == category() && why != errc::malformed_es9
           && why != errc::server_problem;
}

void session::remember(attempt_stage stage)
{
    attempt_.stage = stage;
    attempt_.iccid = metadata_.iccid;
    attempt_.transaction_id = platform::to_hex(transaction_id_);
    auto written = memory_.record(attempt_);
    bool is_news = !written && !has_warned_;
    if (is_news)
        log_.warning("what is begun here cannot be written down (" + written.error().message()
                     + "); after a power cut only the card will tell what happened. <state "
                       "directory=\"...\"/> names another place");
    has_warned_ = has_warned_ || !written;
}

task<void> session::authenticate()
{
    with_.progress(step::authenticating, 0);
    auto challenge = co_await card_.challenge();
    if (!challenge)
        co_return challenge.error();
    const std::string& address = order_.code.smdp_address();
    auto offer = co_await smdp_.initiate_authentication(address, *challenge, order_.card.whole);
    if (!offer)
        co_return offer.error();
    if (auto good = check_server(*offer, *challenge, order_.code, order_.card); !good)
        co_return good.error();
    transaction_ = offer->transaction_id;
    transaction_id_ = *platform::from_hex(transaction_);
    auto answer = co_await card_.authenticate(std::move(offer->server), order_.code.matching_id());
    if (!answer)
        co_return answer.error();
    is_begun_ = true;
    // The card tells the SM-DP+ all about itself (EUICCInfo2): also what it has room for.
    auto whole = read_tlv(*answer);
    auto all = whole ? descend(*whole, {0xa0, 0x30, 0xbf22}) : std::nullopt;
    auto info = read_euicc_info(all ? all->whole : byte_view());
    free_memory_ = info ? info->free_memory : std::nullopt;
    auto profile = co_await smdp_.authenticate_client(address, transaction_, std::move(*answer));
    if (!profile) {
        is_begun_ = !is_refusal(profile.error());
        co_return profile.error();
    }
    offer_ = std::move(profile->offer);
    auto metadata = read_metadata(profile->metadata);
    if (!metadata)
        co_return metadata.error();
    metadata_ = std::move(*metadata);
    co_return result<void>();
}

task<void> session::check_rules(bool& needs_consent)
{
    if (!metadata_.rules.any())
        co_return result<void>();
    auto table = co_await card_.rules_authorisation_table();
    if (!table)
        co_return table.error();
    bool is_allowed = are_rules_allowed(*table, metadata_.rules, metadata_.owner, needs_consent);
    auto is_operational = [](const profile& each) {
        return each.kind == profile_class::operational || each.kind == profile_class::unknown;
    };
    bool is_alone =
        !metadata_.rules.forbids_disable || std::ranges::none_of(order_.on_card, is_operational);
    if (!is_allowed)
        co_return failure(errc::rules_not_allowed,
            "the profile may not be disabled or deleted, and the card does not allow its operator "
            "such rules");
    if (!is_alone)
        co_return failure(errc::rules_not_allowed,
            "it could not be disabled again (PPR1), which only the first profile of a card may "
            "demand");
    co_return result<void>();
}

task<void> session::approve()
{
    with_.progress(step::approving, 0);
    bool is_there =
        std::ranges::find(order_.on_card, metadata_.iccid, &profile::iccid) != order_.on_card.end();
    if (is_there)
        co_return failure(errc::already_on_card, "ICCID " + metadata_.iccid.text());
    if (free_memory_ && *free_memory_ < least_memory)
        co_return failure(
            errc::no_memory, std::to_string(*free_memory_) + " octets are free on the card");
    bool needs_consent = false;
    auto allowed = co_await check_rules(needs_consent);
    if (!allowed)
        co_return allowed.error();
    auto decided = co_await with_.approve(metadata_, needs_consent);
    if (!decided)
        co_return decided.error();
    if (*decided == decision::never)
        co_return failure(errc::declined, "the order was given back; its code is used up");
    if (*decided == decision::later)
        co_return failure(platform::errc::declined, "not installed; the code can still be used");
    co_return result<void>();
}

task<bytes> session::fetch(platform::secret code)
{
    auto signed2 = read_smdp_signed2(offer_.signed2);
    if (!signed2)
        co_return signed2.error();
    if (signed2->transaction_id != transaction_id_)
        co_return failure(
            errc::smdp_not_trusted, "the SM-DP+ signed another transaction than it names");
    bytes hash;
    bool asks_now = signed2->needs_confirmation_code && code.empty();
    if (asks_now) {
        auto given = co_await with_.confirmation_code(confirmation_tries);
        if (!given)
            co_return given.error();
        code = std::move(*given);
    }
    if (signed2->needs_confirmation_code)
        hash = hash_confirmation_code(code.reveal(), transaction_id_);
    with_.progress(step::fetching, 0);
    auto answer = co_await card_.prepare(offer_, std::move(hash));
    if (!answer)
        co_return answer.error();
    auto package = co_await smdp_.get_bound_profile_package(
        order_.code.smdp_address(), transaction_, std::move(*answer));
    if (!package)
        is_begun_ = !is_refusal(package.error());
    co_return package;
}

task<download_outcome> session::load(bytes package)
{
    auto segments = segments_of(package);
    if (!segments)
        co_return segments.error();
    if (auto same = check_package(package, metadata_); !same)
        co_return same.error();
    for (byte_view segment : *segments)
        if (segment.size() > card_.longest_command())
            co_return failure(errc::bad_package, "a part of it is " + std::to_string(segment.size())
                                                     + " octets long, and this card takes "
                                                     + std::to_string(card_.longest_command()));
    is_loading_ = true;
    remember(attempt_stage::loading);
    with_.progress(step::loading, 0);
    std::size_t loaded = 0;
    for (byte_view segment : *segments) {
        bytes copy(segment.begin(), segment.end());
        loaded += segment.size();
        // Cards do the writing at the end, and let the last ones wait.
        bool is_near_end = loaded * 10 >= package.size() * 9;
        auto limit = is_near_end ? platform::long_apdu_limit : platform::working_apdu_limit;
        auto answer = co_await card_.load(std::move(copy), limit);
        bool is_refused = !answer && answer.error() == platform::channel_errc::card_refused;
        if (is_refused) {
            // It has said no, and keeps nothing: the session can be ended, and its server hears
            // of it (SGP.22, 3.1.3.2).
            is_loading_ = false;
            remember(attempt_stage::failed);
            co_return failure(errc::install_failed,
                "the card refused a part of the package: " + answer.error().detail());
        }
        if (!answer)
            co_return failure(errc::outcome_unknown, answer.error().message());
        auto found = read_installation_result(*answer);
        bool is_unreadable = !found && !answer->empty();
        if (is_unreadable)
            co_return failure(errc::outcome_unknown, "the card's result makes no sense");
        if (found) {
            auto ended = co_await conclude(std::move(*found));
            co_return ended;
        }
        with_.progress(step::loading, static_cast<int>(loaded * 100 / package.size()));
    }
    co_return failure(errc::outcome_unknown, "the package ended, and the card said nothing");
}

task<download_outcome> session::conclude(installation_result found)
{
    is_begun_ = false;
    is_loading_ = false;
    remember(found.is_installed ? attempt_stage::installed : attempt_stage::failed);
    if (found.is_installed) {
        download_outcome done;
        done.metadata = metadata_;
        done.result = std::move(found);
        co_return done;
    }
    failure why = installation_failure(found.command, found.reason);
    notification about = found.about;
    auto told = co_await deliver(card_, smdp_, std::move(about), std::move(found.whole));
    if (!told)
        log_.warning("the SM-DP+ could not be told yet: " + told.error().message());
    co_return why;
}

task<download_outcome> session::run(platform::secret confirmation_code)
{
    auto authenticated = co_await authenticate();
    if (!authenticated)
        co_return authenticated.error();
    auto approved = co_await approve();
    if (!approved)
        co_return approved.error();
    auto package = co_await fetch(std::move(confirmation_code));
    if (!package)
        co_return package.error();
    auto loaded = co_await load(std::move(*package));
    co_return loaded;
}

task<void> session::send_cancellation(cancel_reason reason)
{
    auto signed_end = co_await card_.cancel(transaction_id_, reason);
    if (!signed_end)
        co_return signed_end.error();
    auto told = co_await smdp_.cancel_session(
        order_.code.smdp_address(), transaction_, std::move(*signed_end));
    co_return told;
}

/// False if there was a session to end, and the SM-DP+ could not be told.
asio::awaitable<bool> session::cancel(failure why)
{
    // Once loading has begun the card does not take it any more (3.1.3).
    bool can_end = is_begun_ && !is_loading_ && why != platform::channel_errc::card_gone;
    if (!can_end)
        co_return true;
    is_begun_ = false;
    failure too_late(net::errc::timeout);
    auto limited =
        platform::with_timeout(send_cancellation(reason_for(why)), cancel_limit, too_late);
    auto told = co_await std::move(limited);
    if (!told)
        log_.info("the session could not be cancelled: " + told.error().message());
    co_return told.has_value();
}

}  // namespace

task<download_outcome> download(euicc& card, es9_client& smdp, download_order order,
    download_dialogue& with, journal& memory, platform::logger& log)
{
    platform::secret code;
    for (int tries_left = confirmation_tries - 1;; --tries_left) {
        session one(card, smdp, order, with, memory, log);
        auto ending = co_await platform::run_to_end(one.run(code));
        if (ending->interruption) {
            failure interrupted(asio::error::operation_aborted);
            co_await one.cancel(interrupted);
            std::rethrow_exception(ending->interruption);
        }
        result<download_outcome>& done = *ending->value;
        if (done)
            co_return std::move(done);
        failure why = done.error();
        bool is_told = co_await one.cancel(why);
        if (why == errc::declined && !is_told)
            co_return failure(platform::errc::declined,
                "not installed; the SM-DP+ could not be told, so the order may still stand");
        if (why == errc::already_on_card) {
            download_outcome there;
            there.metadata = one.metadata();
            there.was_there = true;
            co_return there;
        }
        bool asks_again = why == errc::confirmation_wrong && tries_left > 0;
        if (!asks_again)
            co_return why;
        auto another = co_await with.confirmation_code(tries_left);
        if (!another)
            co_return another.error();
        code = std::move(*another);
    }
}

}  // namespace agent::lpa
