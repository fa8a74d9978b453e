#include "agent/report/outbox.hpp"

#include "agent/base/digest.hpp"
#include "agent/base/json.hpp"
#include "platform/state_file.hpp"
#include "platform/storage.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>

namespace agent::report {
namespace {

constexpr const char* drop_stage = "dropped";

std::string name_of(const std::string& file)
{
    return std::filesystem::path(file).filename();
}

std::uint64_t number_in(const std::string& file)
{
    std::string name = name_of(file);
    std::uint64_t out = 0;
    std::from_chars(name.data(), name.data() + name.size(), out);
    return out;
}

}  // namespace

std::string destination_key(const std::string& configuration)
{
    auto hash = sha256(platform::view_of(configuration));
    hash.resize(8);
    return platform::to_hex(hash);
}

outbox::outbox(std::string state_directory, outbox_limits limits, platform::logger& log)
    : directory_(std::move(state_directory) + "/outbox"), limits_(limits), log_(log)
{
}

std::string outbox::file_of(std::uint64_t number) const
{
    char name[32];
    std::snprintf(name, sizeof name, "/%010llu.json", static_cast<unsigned long long>(number));
    return directory_ + name;
}

std::string outbox::place_file(const std::string& destination) const
{
    return directory_ + "/" + destination + ".place";
}

outbox::place* outbox::find_place(const std::string& destination)
{
    auto found = std::ranges::find(places_, destination, &place::destination);
    return found == places_.end() ? nullptr : &*found;
}

std::size_t outbox::bytes() const
{
    std::size_t out = 0;
    for (const waiting_report& each : waiting_)
        out += each.size;
    return out;
}

void outbox::load_report(const std::string& file)
{
    auto content = platform::load_once(file);
    if (!content) {
        log_.error("a report is lost: " + content.error().detail());
        return;
    }
    json_document document{*content};
    const json::value* root = document.root();
    const json::value* data = root != nullptr ? member(*root, "data") : nullptr;
    if (data == nullptr) {
        log_.error("a report is lost: " + file + " holds no CloudEvent");
        return;
    }
    waiting_report one;
    one.number = number_in(file);
    one.id = text(*root, "id");
    one.iccid = text(*data, "iccid");
    one.stage = text(*data, "stage");
    one.size = content->size();
    waiting_.push_back(std::move(one));
}

void outbox::load_place(place& of, std::uint64_t& highest)
{
    std::string word;
    auto content = platform::load_state(place_file(of.destination), &word);
    if (!content)
        word = content.error().detail();
    if (!word.empty())
        log_.warning(word + "; some reports may be sent again");
    if (!content || !*content)
        return;
    json_document document{**content};
    if (document.root() == nullptr)
        return;
    of.done = static_cast<std::uint64_t>(number(*document.root(), "done").value_or(0));
    of.off_words = text(*document.root(), "off");
    highest = std::max(highest, of.done);
}

result<void> outbox::load(const std::vector<std::string>& destinations)
{
    platform::remove_strays(directory_);
    platform::remove_strays(directory_ + "/refused");
    auto files = platform::list_files(directory_, ".json");
    if (!files)
        return files.error();
    for (const std::string& each : *files)
        load_report(each);
    std::uint64_t highest = waiting_.empty() ? 0 : waiting_.back().number;
    for (const std::string& each : destinations) {
        place one{.destination = each};
        load_place(one, highest);
        places_.push_back(std::move(one));
    }
    next_number_ = highest + 1;
    auto places = platform::list_files(directory_, ".place");
    if (!places)
        return places.error();
    for (const std::string& each : *places) {
        std::string key = std::filesystem::path(each).stem();
        if (find_place(key) != nullptr)
            continue;
        if (auto removed = platform::remove_file(each); !removed)
            log_.warning(removed.error().message());
    }
    if (!places_.empty())
        forget_delivered();
    return {};
}

void outbox::append(
    std::string content, const std::string& id, const std::string& iccid, const std::string& stage)
{
    waiting_report one;
    one.number = next_number_++;
    one.id = id;
    one.iccid = iccid;
    one.stage = stage;
    one.size = content.size();
    one.unsaved = std::move(content);
    waiting_.push_back(std::move(one));
    save_unsaved();
}

void outbox::add(const event& what)
{
    std::string content = to_cloud_event(what);
    on_add_(content);
    bool has_taker =
        std::ranges::any_of(places_, [](const place& each) { return each.off_words.empty(); });
    if (!has_taker)
        return;
    std::string id = id_of(what);
    bool waits_already = std::ranges::find(waiting_, id, &waiting_report::id) != waiting_.end();
    if (waits_already)
        return;
    append(std::move(content), id, what.iccid, what.stage);
    make_room(what);
    changed_.all();
}

void outbox::make_room(const event& cause)
{
    auto is_about_state = [](const waiting_report& one) {
        return one.stage != drop_stage && !one.stage.starts_with("balance")
               && !one.stage.starts_with("package");
    };
    auto is_newest = [&](std::size_t index) {
        for (std::size_t later = index + 1; later < waiting_.size(); ++later)
            if (waiting_[later].iccid == waiting_[index].iccid && is_about_state(waiting_[later]))
                return false;
        return is_about_state(waiting_[index]);
    };
    bool is_full = waiting_.size() > limits_.count || bytes() > limits_.bytes;
    if (!is_full || waiting_.size() < 2)
        return;
    // First the report of the loss, then the loss: one such report stands for all since the last
    // that was delivered.
    auto before = std::ranges::find(waiting_, drop_stage, &waiting_report::stage);
    std::uint64_t replaced = before == waiting_.end() ? 0 : before->number;
    std::size_t dropped = replaced == 0 ? 0 : dropped_in(*before);
    std::vector<std::uint64_t> victims;
    std::size_t size = bytes();
    std::size_t room = limits_.count > 1 && replaced == 0 ? 1 : 0;  // for the report of the loss
    for (std::size_t i = 0; i + 1 < waiting_.size(); ++i) {
        bool fits =
            waiting_.size() - victims.size() + room <= limits_.count && size <= limits_.bytes;
        if (fits)
            break;
        if (is_newest(i) || waiting_[i].stage == drop_stage)
            continue;
        victims.push_back(waiting_[i].number);
        size -= waiting_[i].size;
    }
    if (victims.empty())
        victims.push_back(waiting_.front().number);
    dropped += victims.size();
    log_.warning(
        "the outbox is full: " + std::to_string(victims.size()) + " old report(s) dropped");
    event drop = cause;
    drop.stage = drop_stage;
    drop.iccid.clear();
    drop.imsi.clear();
    drop.profile_state.clear();
    drop.more = json::object{{"droppedReports", dropped}};
    drop.occasion += ":" + cause.stage + ":" + std::to_string(dropped);
    append(to_cloud_event(drop), id_of(drop), "", drop_stage);
    if (replaced != 0)
        victims.push_back(replaced);
    for (std::uint64_t each : victims) {
        auto found = std::ranges::find(waiting_, each, &waiting_report::number);
        if (found != waiting_.end())
            remove_at(static_cast<std::size_t>(found - waiting_.begin()));
    }
}

std::size_t outbox::dropped_in(const waiting_report& one) const
{
    auto content = content_of(one);
    json_document document{content ? *content : std::string()};
    const json::value* data =
        document.root() != nullptr ? member(*document.root(), "data") : nullptr;
    int count = data != nullptr ? whole_number(*data, "droppedReports").value_or(0) : 0;
    return static_cast<std::size_t>(count);
}

bool outbox::save_unsaved()
{
    for (waiting_report& each : waiting_) {
        if (each.unsaved.empty())
            continue;
        auto saved = platform::save_once(file_of(each.number), each.unsaved);
        if (!saved) {
            log_.error("a report is only in memory: " + saved.error().message());
            return false;
        }
        each.unsaved.clear();
        each.unsaved.shrink_to_fit();
    }
    return true;
}

const waiting_report* outbox::next_for(const std::string& destination) const
{
    auto of = std::ranges::find(places_, destination, &place::destination);
    if (of == places_.end() || !of->off_words.empty())
        return nullptr;
    auto found = std::ranges::find_if(
        waiting_, [&](const waiting_report& each) { return each.number > of->done; });
    return found == waiting_.end() ? nullptr : &*found;
}

std::size_t outbox::waiting_for(const std::string& destination) const
{
    auto of = std::ranges::find(places_, destination, &place::destination);
    if (of == places_.end())
        return 0;
    return static_cast<std::size_t>(std::ranges::count_if(
        waiting_, [&](const waiting_report& each) { return each.number > of->done; }));
}

result<std::string> outbox::content_of(const waiting_report& one) const
{
    if (!one.unsaved.empty())
        return one.unsaved;
    return platform::load_once(file_of(one.number));
}

void outbox::remove_at(std::size_t index)
{
    bool is_saved = waiting_[index].unsaved.empty();
    std::string file = file_of(waiting_[index].number);
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(index));
    if (!is_saved)
        return;
    if (auto removed = platform::remove_file(file); !removed)
        log_.warning(removed.error().message());
}

void outbox::forget_delivered()
{
    std::uint64_t all_have = next_number_;
    for (const place& each : places_)
        if (each.off_words.empty())
            all_have = std::min(all_have, each.done);
    while (!waiting_.empty() && waiting_.front().number <= all_have)
        remove_at(0);
}

void outbox::save_place(const place& of)
{
    json::object document{{"done", of.done}, {"off", of.off_words}};
    auto saved = platform::save_state(place_file(of.destination), json::serialize(document));
    if (!saved)
        log_.warning("reports may be sent again: " + saved.error().message());
}

void outbox::done(const std::string& destination, std::uint64_t number)
{
    place* of = find_place(destination);
    if (of == nullptr)
        return;
    of->done = std::max(of->done, number);
    // With one destination the missing file says it all; with more each keeps its place.
    if (places_.size() > 1)
        save_place(*of);
    forget_delivered();
}

bool outbox::refuse(const std::string& destination, std::uint64_t number, const std::string& words)
{
    auto one = std::ranges::find(waiting_, number, &waiting_report::number);
    if (one == waiting_.end())
        return true;
    auto content = content_of(*one);
    json::object document{{"destination", destination}, {"words", words},
        {"report", content ? *content : std::string()}};
    // By time, so that the first of the list is the oldest; numbers may begin anew.
    auto seconds = std::chrono::floor<std::chrono::seconds>(platform::read_clock().system);
    char time[32];
    std::snprintf(time, sizeof time, "/refused/%012lld-",
        static_cast<long long>(seconds.time_since_epoch().count()));
    std::string file = directory_ + time + one->id + "-" + destination + ".json";
    if (auto saved = platform::save_once(file, json::serialize(document)); !saved) {
        log_.error("setting a refused report aside: " + saved.error().message());
        return false;
    }
    auto all = platform::list_files(directory_ + "/refused", ".json");
    bool is_too_many = all && all->size() > std::max<std::size_t>(limits_.count / 10, 1);
    if (is_too_many)
        if (auto removed = platform::remove_file(all->front()); !removed)
            log_.warning(removed.error().message());
    done(destination, number);
    return true;
}

void outbox::switch_off(const std::string& destination, const std::string& words)
{
    place* of = find_place(destination);
    if (of == nullptr)
        return;
    of->off_words = words;
    save_place(*of);
    forget_delivered();
}

std::string outbox::off_words(const std::string& destination) const
{
    auto of = std::ranges::find(places_, destination, &place::destination);
    return of == places_.end() ? std::string() : of->off_words;
}

std::vector<refused_report> outbox::refused() const
{
    std::vector<refused_report> out;
    auto files = platform::list_files(directory_ + "/refused", ".json");
    if (!files)
        return out;
    for (const std::string& each : *files) {
        auto content = platform::load_once(each);
        json_document document{content ? *content : std::string()};
        if (document.root() == nullptr)
            continue;
        refused_report one;
        one.file = each;
        one.destination = text(*document.root(), "destination");
        one.words = text(*document.root(), "words");
        one.content = text(*document.root(), "report");
        out.push_back(std::move(one));
    }
    return out;
}

void outbox::take_up_refused()
{
    if (places_.empty())
        return;
    for (const refused_report& each : refused()) {
        json_document document{each.content};
        const json::value* root = document.root();
        const json::value* data = root != nullptr ? member(*root, "data") : nullptr;
        std::string id = root != nullptr ? text(*root, "id") : std::string();
        bool is_known = std::ranges::find(waiting_, id, &waiting_report::id) != waiting_.end();
        if (data != nullptr && !is_known)
            append(each.content, id, text(*data, "iccid"), text(*data, "stage"));
        bool is_kept = data == nullptr || is_known || waiting_.back().unsaved.empty();
        if (!is_kept)
            continue;
        if (auto removed = platform::remove_file(each.file); !removed)
            log_.warning(removed.error().message());
    }
    changed_.all();
}

json::object to_json(const outbox& of)
{
    json::array waiting;
    for (const waiting_report& each : of.waiting())
        waiting.push_back({{"id", each.id}, {"stage", each.stage},
            {"iccid", each.iccid.empty() ? json::value() : json::value(each.iccid)}});
    json::array refused;
    for (const refused_report& each : of.refused()) {
        json_document document{each.content};
        const json::value* root = document.root();
        const json::value* data = root != nullptr ? member(*root, "data") : nullptr;
        refused.push_back({{"id", root != nullptr ? text(*root, "id") : std::string()},
            {"stage", data != nullptr ? text(*data, "stage") : std::string()},
            {"words", each.words}});
    }
    return {{"waiting", std::move(waiting)}, {"refused", std::move(refused)}};
}

}  // namespace agent::report
