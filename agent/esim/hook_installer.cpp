#include "agent/esim/hook_installer.hpp"

#include "agent/base/redact.hpp"
#include "agent/esim/error.hpp"
#include "agent/lpa/error.hpp"
#include "platform/child_process.hpp"
#include "platform/text.hpp"

#include <boost/asio/this_coro.hpp>

namespace agent::esim {
task<void> hook_installer::open()
{
    auto taken = platform::device_lock::take(settings_.program, settings_.lock_directory);
    if (!taken)
        co_return taken.error();
    lock_ = std::move(*taken);
    auto looked = co_await look();
    if (!looked)
        lock_.reset();
    co_return looked;
}

task<void> hook_installer::reopen()
{
    seen_.reset();
    return look();
}

task<void> hook_installer::close()
{
    seen_.reset();
    lock_.reset();
    co_return result<void>();
}

task<void> hook_installer::look()
{
    if (seen_)
        co_return result<void>();
    hook_answer answer;
    auto running = run("list", hook_order({}, {}, settings_.device), answer);
    auto listed = co_await std::move(running);
    if (!listed)
        co_return listed;
    if (answer.eid.empty())
        co_return failure(errc::hook_trouble, settings_.program + " list gives no eid");
    seen_ = std::move(answer);
    co_return result<void>();
}

task<std::string> hook_installer::eid()
{
    auto looked = co_await look();
    if (!looked)
        co_return looked.error();
    co_return seen_->eid;
}

task<std::string> hook_installer::imei()
{
    auto looked = co_await look();
    if (!looked)
        co_return looked.error();
    co_return seen_->imei;
}

task<std::vector<lpa::profile>> hook_installer::profiles()
{
    auto looked = co_await look();
    if (!looked)
        co_return looked.error();
    co_return seen_->profiles;
}

task<lpa::download_outcome> hook_installer::install(
    install_order what, lpa::download_dialogue& with)
{
    lpa::attempt tried;
    tried.code_digest = lpa::digest_of(what.code);
    tried.smdp_address = what.code.smdp_address();
    seen_.reset();
    // From now on nobody but the program knows what was done, whether it tells its steps or not.
    with.progress(lpa::step::loading, 0);
    auto order = hook_order("activationCode", what.code.text().reveal(), settings_.device);
    hook_answer answer;
    auto running = run("install", std::move(order), answer, &with, lpa::errc::outcome_unknown);
    auto installed = co_await std::move(running);
    if (!installed)
        co_return installed.error();
    lpa::download_outcome out;
    out.was_there = answer.was_there;
    out.metadata = std::move(answer.installed);
    if (out.metadata.iccid.empty())
        co_return failure(lpa::errc::outcome_unknown,
            settings_.program + " install gives no iccid of what is installed");
    tried.iccid = out.metadata.iccid;
    tried.stage = lpa::attempt_stage::installed;
    if (auto kept = journal_.record(tried); !kept)
        log_.warning("the journal: " + kept.error().message());
    co_return std::move(out);
}

task<void> hook_installer::change(std::string verb, iccid which)
{
    seen_.reset();
    hook_answer answer;
    auto running =
        run(std::move(verb), hook_order("iccid", which.text(), settings_.device), answer);
    auto changed = co_await std::move(running);
    co_return changed;
}

task<void> hook_installer::rename(iccid, std::string)
{
    co_return failure(errc::not_by_hook, "it gives no names");
}

task<std::vector<lpa::notification>> hook_installer::notifications()
{
    co_return std::vector<lpa::notification>();
}

task<void> hook_installer::forget(std::uint64_t)
{
    co_return failure(errc::not_by_hook, "it tells the servers by itself");
}

task<std::vector<lpa::delivery>> hook_installer::send_notifications(
    std::function<bool(const lpa::notification&)>)
{
    co_return std::vector<lpa::delivery>();
}

task<void> hook_installer::decide(platform::child_process& program, lpa::download_dialogue& with,
    hook_offer offer, std::optional<failure>& why_not)
{
    with.progress(lpa::step::approving, 0);
    auto approving = with.approve(std::move(offer.offered), offer.needs_consent);
    auto decided = co_await std::move(approving);
    if (!decided)
        why_not = decided.error();
    else if (*decided != lpa::decision::yes)
        why_not = failure(lpa::errc::declined, "it was not wanted");
    std::string answer = hook_decision(decided ? *decided : lpa::decision::later);
    auto written = co_await program.write(answer);
    co_return written;
}

task<void> hook_installer::confirm(platform::child_process& program, lpa::download_dialogue& with,
    int tries_left, std::optional<failure>& why_not)
{
    auto code = co_await with.confirmation_code(tries_left);
    if (!code)
        why_not = code.error();
    platform::wiped_string answer = hook_confirmation(code ? &*code : nullptr);
    auto written = co_await program.write(answer);
    co_return written;
}

task<void> hook_installer::talk(platform::child_process& program, std::string_view order,
    lpa::download_dialogue* with, hook_answer& into)
{
    auto asked = co_await program.write(order);
    if (!asked)
        co_return asked.error();
    std::optional<failure> why_not;  // what was said here, where it made a failure of that
    while (true) {
        auto line = co_await program.read_line();
        if (!line)
            co_return line.error();
        hook_message said = read_hook_message(*line);
        if (auto* done = std::get_if<result<hook_answer>>(&said)) {
            if (!*done)
                co_return why_not ? *why_not : done->error();
            into = std::move(**done);
            co_return result<void>();
        }
        result<void> went_on;
        if (std::holds_alternative<hook_remark>(said))
            log_.info("installer: " + platform::printable(redact(*line)));
        else if (with == nullptr)
            continue;
        else if (const auto* now = std::get_if<hook_progress>(&said))
            with->progress(now->at, now->percent);
        else if (auto* offer = std::get_if<hook_offer>(&said))
            went_on = co_await decide(program, *with, std::move(*offer), why_not);
        else if (const auto* question = std::get_if<hook_question>(&said))
            went_on = co_await confirm(program, *with, question->tries_left, why_not);
        if (!went_on)
            co_return went_on.error();
    }
}

task<void> hook_installer::run(std::string verb, platform::wiped_string order, hook_answer& into,
    lpa::download_dialogue* with, error_code without_result)
{
    if (!without_result)
        without_result = make_error_code(errc::hook_trouble);
    std::string name = settings_.program + " " + verb;
    auto executor = co_await asio::this_coro::executor;
    std::vector<std::string> arguments(1, verb);
    int kept_open = lock_ ? lock_->descriptor() : -1;
    auto program =
        platform::child_process::start(executor, settings_.program, arguments, kept_open);
    if (!program)
        co_return program.error();
    failure too_late(without_result,
        name + " was ended after " + std::to_string(settings_.limit.count()) + " s");
    constexpr std::chrono::seconds patience{2};
    auto talking = platform::converse(
        **program, talk(**program, order, with, into), settings_.limit, too_late, patience);
    platform::conversation ended = co_await std::move(talking);
    const result<void>& came = ended.said;
    bool is_end = !came && came.error() == asio::error::eof;
    if (is_end)
        co_return failure(without_result,
            name + " gave no result"
                + (ended.status ? " (" + platform::ending_of(*ended.status) + ")" : ""));
    if (!came)
        co_return came.error().after(verb + ": ");
    co_return came;
}

}  // namespace agent::esim
