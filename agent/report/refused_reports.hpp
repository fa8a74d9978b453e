#pragma once

#include "agent/report/event.hpp"
#include "platform/log.hpp"

#include <string>
#include <vector>

namespace agent::report {

/// A report that a destination does not want.
struct refused_report {
    std::string file{};
    std::string destination{};  // its key
    std::string words{};        // the destination's
    rendered_report report{};
};

/// Where reports rest that a destination refused: STATE/outbox/refused/, the oldest first.
class refused_reports {
public:
    /// Of more than `most` the oldest give way.
    refused_reports(std::string directory, std::size_t most, platform::logger& log)
        : directory_(std::move(directory)), most_(most), log_(log)
    {
    }

    /// Sets a report aside. False if the disk does not take it, after a word.
    bool add(const std::string& destination, const std::string& words,
        const rendered_report& what) const;
    /// All that can be read.
    std::vector<refused_report> all() const;
    void remove(const refused_report& one) const;
    void remove_strays() const;

private:
    std::string directory_;
    std::size_t most_;
    platform::logger& log_;
};

}  // namespace agent::report
