#include "agent/report/refused_reports.hpp"

#include "agent/base/json.hpp"
#include "platform/state_file.hpp"
#include "platform/storage.hpp"

#include <boost/json/serialize.hpp>

#include <cstdio>

namespace agent::report {

bool refused_reports::add(
    const std::string& destination, const std::string& words, const rendered_report& what) const
{
    json::object document{
        {"destination", destination}, {"words", words}, {"report", what.cloud_event}};
    // By time, so that the first of the list is the oldest; numbers may begin anew.
    auto seconds = static_cast<long long>(platform::unix_seconds(platform::read_clock().system));
    char time[32];
    std::snprintf(time, sizeof time, "/%012lld-", seconds);
    std::string file = directory_ + time + what.id + "-" + destination + ".json";
    if (auto saved = platform::save_once(file, json::serialize(document)); !saved) {
        log_.error("setting a refused report aside: " + saved.error().message());
        return false;
    }
    auto all = platform::list_files(directory_, ".json");
    bool is_too_many = all && all->size() > most_;
    if (is_too_many)
        if (auto removed = platform::remove_file(all->front()); !removed)
            log_.warning(removed.error().message());
    return true;
}

std::vector<refused_report> refused_reports::all() const
{
    std::vector<refused_report> out;
    auto files = platform::list_files(directory_, ".json");
    if (!files)
        return out;
    for (const std::string& each : *files) {
        auto content = platform::load_once(each);
        json_document document{content ? *content : std::string()};
        if (document.root() == nullptr)
            continue;
        auto kept = read_report(text(*document.root(), "report"));
        if (!kept)
            continue;
        refused_report one;
        one.file = each;
        one.destination = text(*document.root(), "destination");
        one.words = text(*document.root(), "words");
        one.report = std::move(*kept);
        out.push_back(std::move(one));
    }
    return out;
}

void refused_reports::remove(const refused_report& one) const
{
    if (auto removed = platform::remove_file(one.file); !removed)
        log_.warning(removed.error().message());
}

void refused_reports::remove_strays() const
{
    platform::remove_strays(directory_);
}

}  // namespace agent::report
