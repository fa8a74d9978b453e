#pragma once

#include "agent/report/event.hpp"
#include "agent/report/what_to_drop.hpp"
#include "platform/log.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace agent::report {

/// How far a destination is in the order of the outbox.
struct cursor {
    std::string destination{};  // its key
    std::uint64_t done = 0;     // the last report it has
    std::string off_words{};    // why it wants no more; empty: it is on
};

/// Where the outbox rests: STATE/outbox/NUMBER.json, one file a report, and KEY.place, one a
/// destination.
class outbox_files {
public:
    outbox_files(std::string directory, platform::logger& log)
        : directory_(std::move(directory)), log_(log)
    {
    }

    /// The reports that are there, in their order. Damaged ones are set aside, after a word, and
    /// their numbers told in `damaged`. Fails if the directory cannot be read.
    result<std::vector<waiting_report>> load(std::vector<std::uint64_t>* damaged = nullptr) const;
    /// Fails with platform::errc::damaged for one that is none, which is set aside, and if there
    /// is none of that number.
    result<rendered_report> read(std::uint64_t number) const;
    result<void> write(std::uint64_t number, const std::string& cloud_event) const;
    void remove(std::uint64_t number) const;

    /// Where a destination is; at the beginning, after a word, if that cannot be read.
    cursor load_cursor(const std::string& destination) const;
    void save_cursor(const cursor& of) const;
    /// Removes the cursors of destinations that are not configured any more, and what those
    /// remembered themselves (KEY.posted).
    result<void> keep_cursors(const std::vector<cursor>& known) const;

    const std::string& directory() const { return directory_; }

private:
    std::string file_of(std::uint64_t number) const;
    std::string cursor_file(const std::string& destination) const;
    /// Removes a file with the generation before it.
    void forget(const std::string& file) const;

    std::string directory_;
    platform::logger& log_;
};

}  // namespace agent::report
