#include "agent/report/outbox.hpp"

#include "agent/base/digest.hpp"
#include "agent/base/json.hpp"
#include "platform/timeout.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <utility>

namespace agent::report {

std::string destination_key(const std::string& configuration)
{
    auto hash = sha256(platform::view_of(configuration));
    hash.resize(8);
    return platform::to_hex(hash);
}

outbox::outbox(const std::string& state_directory, outbox_limits limits, platform::logger& log)
    : limits_(limits)
    , log_(log)
    , files_(state_directory + "/outbox", log)
    , refused_(
          state_directory + "/outbox/refused", std::max<std::size_t>(limits.count / 10, 1), log)
{
}

cursor* outbox::find_cursor(const std::string& destination)
{
    auto found = std::ranges::find(cursors_, destination, &cursor::destination);
    return found == cursors_.end() ? nullptr : &*found;
}

const cursor* outbox::find_cursor(const std::string& destination) const
{
    auto found = std::ranges::find(cursors_, destination, &cursor::destination);
    return found == cursors_.end() ? nullptr : &*found;
}

bool outbox::waits(const std::string& id) const
{
    return std::ranges::find(waiting_, id, &waiting_report::id) != waiting_.end();
}

result<void> outbox::load(const std::vector<std::string>& destinations)
{
    refused_.remove_strays();
    std::vector<std::uint64_t> damaged;
    auto found = files_.load(&damaged);
    if (!found)
        return found.error();
    waiting_ = std::move(*found);
    std::uint64_t highest = waiting_.empty() ? 0 : waiting_.back().number;
    for (const std::string& each : destinations) {
        cursors_.push_back(files_.load_cursor(each));
        highest = std::max(highest, cursors_.back().done);
    }
    for (std::uint64_t each : damaged)
        highest = std::max(highest, each);
    damaged_ = static_cast<int>(
        std::ranges::count_if(damaged, [this](std::uint64_t each) { return is_awaited(each); }));
    next_number_ = highest + 1;
    if (auto kept = files_.keep_cursors(cursors_); !kept)
        return kept.error();
    if (!cursors_.empty())
        forget_delivered();
    return {};
}

void outbox::append(rendered_report what)
{
    waiting_report one;
    one.number = next_number_++;
    one.id = std::move(what.id);
    one.iccid = std::move(what.iccid);
    one.stage = what.stage;
    one.size = what.cloud_event.size();
    one.dropped_reports = what.dropped_reports;
    one.unsaved = std::move(what.cloud_event);
    waiting_.push_back(std::move(one));
    save_unsaved();
}

void outbox::add(const event& what)
{
    rendered_report rendered = render(what);
    on_add_(rendered.cloud_event);
    if (cursors_.empty() || waits(rendered.id))
        return;
    append(std::move(rendered));
    make_room(what);
    changed_.all();
}

/// True if somebody who takes reports has not got that one.
bool outbox::is_awaited(std::uint64_t number) const
{
    return std::ranges::any_of(cursors_,
        [number](const cursor& each) { return each.off_words.empty() && each.done < number; });
}

/// First the report of the loss, then the loss: one such report stands for all since the last that
/// was delivered. What only destinations that are off have not got is no loss to the others.
void outbox::make_room(const event& cause)
{
    std::vector<std::uint64_t> victims = what_to_drop(waiting_, limits_);
    if (victims.empty() && damaged_ == 0)
        return;
    if (!victims.empty())
        log_.warning(
            "the outbox is full: " + std::to_string(victims.size()) + " old report(s) dropped");
    bool is_loss = damaged_ != 0 || std::ranges::any_of(victims, [this](std::uint64_t number) {
        return is_awaited(number);
    });
    if (!is_loss) {
        for (std::uint64_t each : victims)
            remove(each);
        return;
    }
    auto before = std::ranges::find(waiting_, stage::dropped, &waiting_report::stage);
    int dropped = static_cast<int>(victims.size()) + std::exchange(damaged_, 0);
    if (before != waiting_.end()) {
        dropped += before->dropped_reports;
        victims.push_back(before->number);
    }
    event loss = cause;
    loss.stage = stage::dropped;
    loss.iccid = iccid();
    loss.imsi.clear();
    loss.profile_state.clear();
    loss.more = json::object{{"droppedReports", dropped}};
    loss.occurrence += std::string(":") + name_of(cause.stage) + ":" + std::to_string(dropped);
    append(render(loss));
    for (std::uint64_t each : victims)
        remove(each);
}

bool outbox::save_unsaved()
{
    for (waiting_report& each : waiting_) {
        if (each.unsaved.empty())
            continue;
        auto saved = files_.write(each.number, each.unsaved);
        if (!saved) {
            if (!std::exchange(is_disk_told_, true))
                log_.error("a report is only in memory: " + saved.error().message());
            return false;
        }
        each.unsaved.clear();
        each.unsaved.shrink_to_fit();
    }
    if (std::exchange(is_disk_told_, false))
        log_.info("the reports that were only in memory are on disk");
    return true;
}

std::size_t outbox::unsaved() const
{
    return static_cast<std::size_t>(std::ranges::count_if(
        waiting_, [](const waiting_report& each) { return !each.unsaved.empty(); }));
}

asio::awaitable<void> outbox::write_when_there_is_room(std::chrono::milliseconds pause)
{
    while (true) {
        if (unsaved() == 0)
            co_await changed_.until_called();
        else
            co_await platform::pause(pause);
        save_unsaved();
    }
}

const waiting_report* outbox::next_for(const std::string& destination) const
{
    const cursor* of = find_cursor(destination);
    if (of == nullptr || !of->off_words.empty())
        return nullptr;
    auto found = std::ranges::find_if(
        waiting_, [of](const waiting_report& each) { return each.number > of->done; });
    return found == waiting_.end() ? nullptr : &*found;
}

std::size_t outbox::waiting_for(const std::string& destination) const
{
    const cursor* of = find_cursor(destination);
    if (of == nullptr)
        return 0;
    return static_cast<std::size_t>(std::ranges::count_if(
        waiting_, [of](const waiting_report& each) { return each.number > of->done; }));
}

result<rendered_report> outbox::content_of(const waiting_report& one) const
{
    return one.unsaved.empty() ? files_.read(one.number) : read_report(one.unsaved);
}

void outbox::remove(std::uint64_t number)
{
    auto one = std::ranges::find(waiting_, number, &waiting_report::number);
    if (one == waiting_.end())
        return;
    bool is_saved = one->unsaved.empty();
    waiting_.erase(one);
    if (is_saved)
        files_.remove(number);
}

void outbox::forget_delivered()
{
    std::uint64_t all_have = next_number_;
    for (const cursor& each : cursors_)
        all_have = std::min(all_have, each.done);
    while (!waiting_.empty() && waiting_.front().number <= all_have)
        remove(waiting_.front().number);
}

void outbox::done(const std::string& destination, std::uint64_t number)
{
    cursor* of = find_cursor(destination);
    if (of == nullptr)
        return;
    of->done = std::max(of->done, number);
    // With one destination the missing file says it all; with more each has its cursor.
    if (cursors_.size() > 1)
        files_.save_cursor(*of);
    forget_delivered();
}

bool outbox::refuse(const std::string& destination, std::uint64_t number, const std::string& words)
{
    auto one = std::ranges::find(waiting_, number, &waiting_report::number);
    if (one == waiting_.end())
        return true;
    auto content = content_of(*one);
    if (content && !refused_.add(destination, words, *content))
        return false;
    done(destination, number);
    return true;
}

void outbox::switch_off(const std::string& destination, const std::string& words)
{
    cursor* of = find_cursor(destination);
    if (of == nullptr)
        return;
    of->off_words = words;
    files_.save_cursor(*of);
}

std::string outbox::off_words(const std::string& destination) const
{
    const cursor* of = find_cursor(destination);
    return of == nullptr ? std::string() : of->off_words;
}

void outbox::try_all_again()
{
    if (cursors_.empty())
        return;
    for (cursor& each : cursors_) {
        if (each.off_words.empty())
            continue;
        each.off_words.clear();
        files_.save_cursor(each);
    }
    for (refused_report& each : refused_.all()) {
        bool is_known = waits(each.report.id);
        if (!is_known)
            append(std::move(each.report));
        bool is_kept = is_known || waiting_.back().unsaved.empty();
        if (is_kept)
            refused_.remove(each);
    }
    changed_.all();
}

json::object to_json(const outbox& of, const std::string& why_waiting)
{
    json::array waiting;
    for (const waiting_report& each : of.waiting())
        waiting.push_back({{"id", each.id}, {"stage", name_of(each.stage)},
            {"iccid", or_null(each.iccid.text())}, {"words", or_null(why_waiting)}});
    json::array refused;
    for (const refused_report& each : of.refused())
        refused.push_back(
            {{"id", each.report.id}, {"stage", name_of(each.report.stage)}, {"words", each.words}});
    return {{"waiting", std::move(waiting)}, {"refused", std::move(refused)}};
}

}  // namespace agent::report
