#include "agent/cli/commands/install_dialogue.hpp"

#include "agent/cli/commands/card.hpp"
#include "agent/lpa/error.hpp"
#include "platform/error.hpp"
#include "platform/terminal.hpp"
#include "platform/text.hpp"

#include <cstdio>

namespace agent::cli {
namespace {

using platform::secret;

std::string rules_of(const lpa::policy_rules& rules)
{
    std::string out;
    if (rules.forbids_disable)
        out += "  It cannot be disabled once it is enabled (policy rule 1).\n";
    if (rules.forbids_delete)
        out += "  It cannot be deleted (policy rule 2).\n";
    return out;
}

}  // namespace

void install_dialogue::progress(lpa::step at, int percent)
{
    switch (at) {
    case lpa::step::authenticating: bar_.show(10, "talking to the SM-DP+"); break;
    case lpa::step::approving: bar_.show(20, "checking the profile"); break;
    case lpa::step::fetching: bar_.show(25, "fetching the profile"); break;
    case lpa::step::loading:
        // Cards do their writing at the end.
        with_.unsettled = problem({}, failure(lpa::errc::outcome_unknown,
                                          "interrupted while the profile was written to the card"));
        bar_.show(30 + percent * 60 / 100,
            percent < 90 ? "loading the profile" : "the card writes the profile");
        break;
    }
}

task<lpa::decision> install_dialogue::approve(lpa::profile_metadata offered, bool needs_consent)
{
    bar_.end();
    std::string line = "Profile " + title_of(offered.name, offered.service_provider) + ", ICCID "
                       + offered.iccid.text();
    bool is_usual = offered.kind == lpa::profile_class::operational;
    if (!is_usual)
        line += std::string(", a ") + name_of(offered.kind) + " profile";
    line += ".\n" + rules_of(offered.rules);
    iccid_ = offered.iccid;
    // Asked before, if the confirmation code was wrong.
    bool is_known = approved_ && is_same_offer(*approved_, offered);
    if (is_known)
        co_return lpa::decision::yes;
    if (options_.yes) {
        approved_ = offered;
        std::fputs(line.c_str(), stderr);
        co_return lpa::decision::yes;
    }
    if (needs_consent)
        line += "  The card demands that its owner agrees to that.\n";
    line += "Install it? [y]es, [n]ot now, or never (gives the order back, and uses up its code): ";
    auto answer = co_await platform::ask(line);
    if (!answer)
        co_return answer.error();
    std::string word = platform::lower(*answer);
    std::erase(word, ' ');
    if (word == "never")
        co_return lpa::decision::never;
    bool is_yes = word == "y" || word == "yes";
    if (!is_yes)
        co_return lpa::decision::later;
    approved_ = std::move(offered);
    co_return lpa::decision::yes;
}

task<secret> install_dialogue::confirmation_code(int tries_left)
{
    bar_.end();
    constexpr int all_tries = 3;
    bool is_again = tries_left < all_tries;
    if (given_) {
        failure wrong(lpa::errc::confirmation_wrong,
            "the confirmation code in " + options_.confirmation_code_file + " is wrong");
        if (is_again)
            co_return wrong;
        co_return *given_;
    }
    failure needed(lpa::errc::confirmation_needed, "the SM-DP+ wants a confirmation code");
    std::string question = "Confirmation code: ";
    if (is_again)
        question = "It is wrong; " + std::to_string(tries_left)
                   + (tries_left == 1 ? " try is" : " tries are") + " left.\n" + question;
    auto code = co_await platform::ask_secret(question);
    bool is_unanswered = code ? code->empty() : code.error().code() == platform::errc::no_terminal;
    if (is_unanswered)
        co_return needed;
    if (!code)
        co_return code.error();
    co_return std::move(*code);
}

}  // namespace agent::cli
