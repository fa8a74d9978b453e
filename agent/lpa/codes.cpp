#include "agent/lpa/codes.hpp"

#include "platform/text.hpp"

#include <algorithm>
#include <iterator>

namespace agent::lpa {
namespace {

struct meaning {
    std::string_view subject;
    std::string_view reason;
    errc what;
    const char* words;
};

// SGP.22, 5.2.6.1, 5.2.6.2 and the tables of 5.6: what a device may meet.
constexpr meaning refusals[] = {
    {"8.2.6", "3.8", errc::code_refused,
        "the activation code is wrong, used up, or not for this eUICC"},
    {"8.2.6", "3.3", errc::order_problem, "the matching ID is in conflict with another order"},
    {"8.2.6", "3.10", errc::order_problem, "the matching ID belongs to another ICCID"},
    {"8.1.1", "3.8", errc::code_refused, "the order is for another device (its EID differs)"},
    {"8.1.1", "2.2", errc::order_problem, "the order needs an EID and has none"},
    {"8.1.1", "3.10", errc::order_problem, "the EID belongs to another order"},
    {"8.2", "1.2", errc::not_released, "the profile is not released yet"},
    {"8.2", "3.7", errc::order_problem, "the profile package is not available for a new download"},
    {"8.2.1", "1.2", errc::order_problem, "the profile may not be downloaded"},
    {"8.2.1", "3.3", errc::order_problem, "the profile is in use"},
    {"8.2.1", "3.5", errc::order_problem, "the profile cannot be released"},
    {"8.2.1", "3.9", errc::order_problem, "the SM-DP+ does not know the profile"},
    {"8.2.1", "3.10", errc::order_problem, "the profile belongs to another EID"},
    {"8.2.5", "3.7", errc::order_problem, "no profile of this type is left"},
    {"8.2.5", "3.8", errc::order_problem, "the profile type does not match the order"},
    {"8.2.5", "3.9", errc::order_problem, "the SM-DP+ does not know the profile type"},
    {"8.2.5", "4.3", errc::device_not_eligible, "no profile for this kind of device"},
    {"8.2.7", "2.2", errc::confirmation_needed, "a confirmation code is needed"},
    {"8.2.7", "3.8", errc::confirmation_wrong, "the confirmation code is wrong"},
    {"8.2.7", "6.4", errc::confirmation_exhausted, "too many wrong confirmation codes"},
    {"8.8.5", "4.10", errc::code_refused, "the order has expired"},
    {"8.8.5", "6.4", errc::code_refused, "this order was tried too often"},
    {"8.1", "4.8", errc::no_memory, "the eUICC has too little memory for this profile"},
    {"8.1", "6.1", errc::card_not_trusted, "the SM-DP+ does not accept the eUICC's signature"},
    {"8.1.2", "6.1", errc::card_not_trusted, "the SM-DP+ does not accept the EUM's certificate"},
    {"8.1.2", "6.3", errc::card_not_trusted, "the EUM's certificate has expired"},
    {"8.1.3", "6.1", errc::card_not_trusted, "the SM-DP+ does not accept the eUICC's certificate"},
    {"8.1.3", "6.3", errc::card_not_trusted, "the eUICC's certificate has expired"},
    {"8.8.1", "3.8", errc::code_refused, "the SM-DP+ has another address than the code says"},
    {"8.8", "3.10", errc::code_refused, "the SM-DP+ has another OID than the code says"},
    {"8.8.2", "3.1", errc::card_not_trusted,
        "card and SM-DP+ have no certificate issuer in common"},
    {"8.8.4", "3.7", errc::card_not_trusted,
        "the SM-DP+ has no certificate that this card accepts"},
    {"8.11.1", "3.9", errc::card_not_trusted, "the SM-DP+ does not know the card's issuer (CI)"},
    {"8.8.3", "3.1", errc::card_not_trusted,
        "the SM-DP+ does not support this card's SGP.22 version"},
    {"8.10.1", "3.9", errc::session_lost, "the SM-DP+ does not know this session any more"},
    {"8.9", "4.2", errc::server_problem, "the SM-DS could not do it"},
    {"8.9", "5.1", errc::server_problem, "the SM-DS cannot be reached"},
    {"8.9.1", "3.8", errc::code_refused, "the SM-DS has another address"},
    {"8.9.2", "3.1", errc::card_not_trusted, "card and SM-DS have no certificate issuer in common"},
    {"8.9.3", "3.1", errc::card_not_trusted,
        "the SM-DS does not support this card's SGP.22 version"},
    {"8.9.4", "3.7", errc::card_not_trusted, "the SM-DS has no certificate that this card accepts"},
    {"8.9.5", "3.3", errc::order_problem, "the event at the SM-DS is in use"},
    {"8.9.5", "3.9", errc::order_problem, "the SM-DS does not know the event"},
};

struct family {
    std::string_view start;
    errc what;
    const char* words;
};

// For pairs that are not above: what the reason's family says, 1.x to 6.x.
constexpr family reasons[] = {
    {"2.1", errc::server_problem, "a parameter is invalid"},
    {"2.2", errc::server_problem, "a parameter is missing"},
    {"3.1", errc::order_problem, "not supported"},
    {"3.3", errc::order_problem, "in use already"},
    {"3.7", errc::order_problem, "not available"},
    {"3.8", errc::order_problem, "refused"},
    {"3.9", errc::order_problem, "unknown"},
    {"3.10", errc::order_problem, "belongs to something else"},
    {"4.2", errc::server_problem, "the SM-DP+ failed to do it"},
    {"4.3", errc::server_problem, "stopped on a warning"},
    {"4.8", errc::no_memory, "too little memory"},
    {"4.10", errc::code_refused, "expired"},
    {"5.1", errc::server_problem, "the SM-DP+ could not reach another server"},
    {"6.1", errc::card_not_trusted, "verification failed"},
    {"6.3", errc::card_not_trusted, "expired"},
    {"6.4", errc::order_problem, "tried too often"},
    {"1.2", errc::order_problem, "not allowed"},
    {"1.", errc::server_problem, "not accessible"},
    {"2.", errc::server_problem, "the SM-DP+ does not understand the request"},
    {"3.", errc::order_problem, "not possible as things stand"},
    {"4.", errc::server_problem, "the SM-DP+ failed to do it"},
    {"5.", errc::server_problem, "the SM-DP+ could not reach another server"},
    {"6.", errc::card_not_trusted, "a security check failed"},
};

struct named {
    int code;
    errc what;
    const char* words;
};

template <std::size_t Size>
failure from_table(const named (&table)[Size], int code, const std::string& doing, errc otherwise)
{
    auto found = std::ranges::find(table, code, &named::code);
    bool is_known = found != std::end(table);
    std::string words = is_known ? found->words : "an error without a name";
    platform::failure_cause cause;
    cause.euicc_result = std::to_string(code);
    failure out(is_known ? found->what : otherwise,
        "the card, " + doing + ": " + words + " (" + cause.euicc_result + ")");
    return std::move(out).because(std::move(cause));
}

constexpr named authenticate_codes[] = {
    {1, errc::smdp_not_trusted, "the SM-DP+'s certificate is invalid"},
    {2, errc::smdp_not_trusted, "the SM-DP+'s signature is invalid"},
    {3, errc::card_not_trusted, "the SM-DP+'s curve is not supported"},
    {4, errc::session_lost, "no session was begun"},
    {5, errc::smdp_not_trusted, "the OID in the SM-DP+'s certificate is invalid"},
    {6, errc::smdp_not_trusted, "the SM-DP+ answered another challenge"},
    {7, errc::card_not_trusted, "the card does not know the SM-DP+'s issuer (CI)"},
    {127, errc::card_problem, "an undefined error"}};

constexpr named prepare_codes[] = {
    {1, errc::smdp_not_trusted, "the SM-DP+'s certificate is invalid"},
    {2, errc::smdp_not_trusted, "the SM-DP+'s signature is invalid"},
    {3, errc::card_not_trusted, "the SM-DP+'s curve is not supported"},
    {4, errc::session_lost, "no session was begun"},
    {5, errc::smdp_not_trusted, "the SM-DP+ answered with another transaction"},
    {127, errc::card_problem, "an undefined error"}};

constexpr named bpp_reasons[] = {{1, errc::install_failed, "incorrect input values"},
    {2, errc::install_failed, "an invalid signature"},
    {3, errc::install_failed, "another transaction"},
    {4, errc::install_failed, "unsupported key types (CRT)"},
    {5, errc::install_failed, "an unsupported remote operation"},
    {6, errc::install_failed, "an unsupported profile class"},
    {7, errc::install_failed, "a package that is badly put together (SCP03t structure)"},
    {8, errc::install_failed, "a package that was damaged or forged (SCP03t security)"},
    {9, errc::already_on_card, "a profile with this ICCID is on the card already"},
    {10, errc::no_memory, "too little memory on the card"},
    {11, errc::install_failed, "the installation was interrupted"},
    {12, errc::install_failed, "a profile element the card cannot process"},
    {13, errc::install_failed, "the ICCID in the package differs from the one announced"},
    {14, errc::install_failed, "a test profile with a key that is not the test one"},
    {15, errc::rules_not_allowed, "the profile's policy rules are not allowed"},
    {127, errc::install_failed, "an undefined error"}};

constexpr const char* bpp_commands[] = {"setting up the secure channel",
    "configuring the profile's domain (ISD-P)", "storing the metadata", "storing more metadata",
    "replacing the session keys", "loading the profile"};

constexpr named cancel_codes[] = {{5, errc::session_lost, "another transaction"},
    {127, errc::card_problem, "an undefined error"}};

constexpr named profile_codes[] = {{1, errc::no_such_profile, "no such profile"},
    {2, errc::wrong_state, "it is not in the state for that"},
    {3, errc::not_allowed, "a policy rule of the profile forbids it"},
    {4, errc::not_allowed, "the profile may not be enabled again (wrongProfileReenabling)"},
    {5, errc::cat_busy, "the card is busy (catBusy)"},
    {127, errc::card_problem, "an undefined error"}};

}  // namespace

failure refusal(const status_codes& codes)
{
    auto known = std::ranges::find_if(refusals, [&](const meaning& each) {
        return each.subject == codes.subject && each.reason == codes.reason;
    });
    errc what = errc::server_problem;
    std::string words = "it says no without a reason we know";
    if (known != std::end(refusals)) {
        what = known->what;
        words = known->words;
    } else {
        // Longest first within a family: the table is in that order.
        auto near = std::ranges::find_if(reasons, [&](const family& each) {
            bool is_family = each.start.ends_with('.');
            return is_family ? codes.reason.starts_with(each.start) : codes.reason == each.start;
        });
        bool is_request = codes.subject == "1.6" || codes.subject.starts_with("1.2")
                          || codes.subject.starts_with("1.3");
        if (near != std::end(reasons)) {
            what = is_request ? errc::server_problem : near->what;
            words = is_request ? "it does not understand the request" : near->words;
        }
    }
    std::string line = words + " (subject " + codes.subject + ", reason " + codes.reason + ")";
    if (!codes.message.empty())
        line += ": \"" + std::string(platform::cut(platform::printable(codes.message), 200)) + "\"";
    platform::failure_cause cause;
    cause.subject = codes.subject;
    cause.reason = codes.reason;
    return failure(what, line).because(std::move(cause));
}

failure authenticate_failure(int code)
{
    return from_table(authenticate_codes, code, "checking the SM-DP+", errc::card_problem);
}

failure prepare_failure(int code)
{
    return from_table(prepare_codes, code, "preparing the download", errc::card_problem);
}

failure installation_failure(int command, int reason)
{
    bool is_known = command >= 0 && command < static_cast<int>(std::size(bpp_commands));
    std::string doing = is_known ? bpp_commands[command] : "installing";
    return from_table(bpp_reasons, reason, doing, errc::install_failed);
}

failure cancel_failure(int code)
{
    return from_table(cancel_codes, code, "cancelling the session", errc::card_problem);
}

failure profile_failure(std::string_view doing, int code)
{
    return from_table(profile_codes, code, std::string(doing), errc::card_problem);
}

}  // namespace agent::lpa
