#include "agent/report/outbox_files.hpp"

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

std::uint64_t number_in(const std::string& file)
{
    std::string name = std::filesystem::path(file).filename();
    std::uint64_t out = 0;
    std::from_chars(name.data(), name.data() + name.size(), out);
    return out;
}

result<rendered_report> read_file(const std::string& file)
{
    auto content = platform::load_once(file);
    if (!content)
        return content.error();
    auto out = read_report(std::move(*content));
    return out ? out : out.error().after(file + ": ");
}

}  // namespace

std::string outbox_files::file_of(std::uint64_t number) const
{
    char name[32];
    std::snprintf(name, sizeof name, "/%010llu.json", static_cast<unsigned long long>(number));
    return directory_ + name;
}

std::string outbox_files::cursor_file(const std::string& destination) const
{
    return directory_ + "/" + destination + ".place";
}

result<std::vector<waiting_report>> outbox_files::load(std::vector<std::uint64_t>* damaged) const
{
    platform::remove_strays(directory_);
    auto files = platform::list_files(directory_, ".json");
    if (!files)
        return files.error();
    std::vector<waiting_report> out;
    for (const std::string& each : *files) {
        auto content = read_file(each);
        if (!content) {
            log_.error("a report is lost: " + content.error().message());
            if (damaged != nullptr)
                damaged->push_back(number_in(each));
            continue;
        }
        waiting_report one;
        one.number = number_in(each);
        one.id = content->id;
        one.iccid = content->iccid;
        one.stage = content->stage;
        one.size = content->cloud_event.size();
        one.dropped_reports = content->dropped_reports;
        out.push_back(std::move(one));
    }
    return out;
}

result<rendered_report> outbox_files::read(std::uint64_t number) const
{
    return read_file(file_of(number));
}

result<void> outbox_files::write(std::uint64_t number, const std::string& cloud_event) const
{
    return platform::save_once(file_of(number), cloud_event);
}

void outbox_files::remove(std::uint64_t number) const
{
    if (auto removed = platform::remove_file(file_of(number)); !removed)
        log_.warning(removed.error().message());
}

cursor outbox_files::load_cursor(const std::string& destination) const
{
    cursor out;
    out.destination = destination;
    std::string word;
    auto content = platform::load_state(cursor_file(destination), &word);
    if (!content)
        word = content.error().detail();
    if (!word.empty())
        log_.warning(word + "; some reports may be sent again");
    if (!content || !*content)
        return out;
    json_document document{**content};
    if (document.root() == nullptr)
        return out;
    out.done = static_cast<std::uint64_t>(long_number(*document.root(), "done").value_or(0));
    out.off_words = text(*document.root(), "off");
    return out;
}

void outbox_files::save_cursor(const cursor& of) const
{
    json::object document{{"done", of.done}, {"off", of.off_words}};
    auto saved = platform::save_state(cursor_file(of.destination), json::serialize(document));
    if (!saved)
        log_.warning("reports may be sent again: " + saved.error().message());
}

void outbox_files::forget(const std::string& file) const
{
    for (const char* generation : {"", ".previous"})
        if (auto removed = platform::remove_file(file + generation); !removed)
            log_.warning(removed.error().message());
}

result<void> outbox_files::keep_cursors(const std::vector<cursor>& known) const
{
    for (std::string_view ending : {".place", ".posted"}) {
        auto files = platform::list_files(directory_, ending);
        if (!files)
            return files.error();
        for (const std::string& each : *files) {
            std::string key = std::filesystem::path(each).stem();
            if (std::ranges::find(known, key, &cursor::destination) == known.end())
                forget(each);
        }
    }
    return {};
}

}  // namespace agent::report
