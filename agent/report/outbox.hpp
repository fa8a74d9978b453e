#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/report/event.hpp"
#include "platform/log.hpp"
#include "platform/wake.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace agent::report {

/// How much is kept for destinations that cannot be reached.
struct outbox_limits {
    std::size_t count = 1'000;
    std::size_t bytes = 1024 * 1024;
};

/// A report that waits, without its content.
struct waiting_report {
    std::uint64_t number = 0;  // its place in the order
    std::string id{};
    std::string iccid{};
    std::string stage{};
    std::size_t size = 0;
    std::string unsaved{};  // its content, as long as the disk did not take it
};

/// A report that a destination does not want.
struct refused_report {
    std::string file{};
    std::string destination{};
    std::string words{};  // the destination's
    std::string content{};
};

/// The reports that were not delivered yet, on disk, one file each (DESIGN, promise 2): durable
/// once add() returns, kept until every destination has them. Each destination has a place of
/// its own in their order.
class outbox {
public:
    outbox(std::string state_directory, outbox_limits limits, platform::logger& log);

    /// Reads what is there, for these destinations (by key). Sets damaged files aside and goes on;
    /// fails only if the directory cannot be read at all.
    result<void> load(const std::vector<std::string>& destinations);

    /// Keeps an event until it is delivered; one that waits already is not kept twice. Nothing is
    /// kept without a destination. When it is full, old ones give way: the newest of each eSIM
    /// stays, and what was dropped is itself reported. A disk that takes nothing is no failure:
    /// the report stays in memory and is written later.
    void add(const event& what);

    /// The next report for a destination; nothing if it has all, or was switched off.
    const waiting_report* next_for(const std::string& destination) const;
    result<std::string> content_of(const waiting_report& one) const;
    /// A destination has taken a report.
    void done(const std::string& destination, std::uint64_t number);
    /// A destination will never take it: it is set aside, see refused(). False if the disk does not
    /// take it: then it still waits.
    bool refuse(const std::string& destination, std::uint64_t number, const std::string& words);
    /// A destination wants nothing any more, until its configuration changes.
    void switch_off(const std::string& destination, const std::string& words);
    /// The words with which a destination was switched off; empty if it is on.
    std::string off_words(const std::string& destination) const;

    const std::vector<waiting_report>& waiting() const { return waiting_; }
    std::size_t waiting_for(const std::string& destination) const;
    std::vector<refused_report> refused() const;
    /// Puts what was refused back into the order, at its end.
    void take_up_refused();
    /// Writes what the disk did not take before; true if nothing is left unwritten.
    bool save_unsaved();

    /// Called with each CloudEvent that is new here, also without a destination.
    void on_add(std::function<void(const std::string&)> call) { on_add_ = std::move(call); }
    /// Called whenever there is something to send.
    platform::wake& changed() { return changed_; }

private:
    struct place {
        std::string destination{};
        std::uint64_t done = 0;
        std::string off_words{};
    };

    void load_report(const std::string& file);
    void load_place(place& of, std::uint64_t& highest);
    void append(std::string content, const std::string& id, const std::string& iccid,
        const std::string& stage);
    void make_room(const event& cause);
    std::size_t dropped_in(const waiting_report& one) const;
    void remove_at(std::size_t index);
    void forget_delivered();
    void save_place(const place& of);
    std::string file_of(std::uint64_t number) const;
    std::string place_file(const std::string& destination) const;
    place* find_place(const std::string& destination);
    std::size_t bytes() const;

    std::string directory_;
    outbox_limits limits_;
    platform::logger& log_;
    std::vector<waiting_report> waiting_;  // in the order of their numbers
    std::vector<place> places_;
    std::uint64_t next_number_ = 1;
    platform::wake changed_;
    std::function<void(const std::string&)> on_add_ = [](const std::string&) {};
};

/// What waits and what was refused: {"waiting": [...], "refused": [...]}.
boost::json::object to_json(const outbox& of);

/// What identifies a destination for its place in the outbox: a digest of its whole configuration,
/// so that another one is another destination.
std::string destination_key(const std::string& configuration);

}  // namespace agent::report
