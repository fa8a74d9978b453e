#pragma once

#include "agent/report/event.hpp"
#include "agent/report/outbox_files.hpp"
#include "agent/report/refused_reports.hpp"
#include "agent/report/what_to_drop.hpp"
#include "platform/log.hpp"
#include "platform/wake.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace agent::report {

/// The reports that were not delivered yet, in their order, on disk (DESIGN, promise 2): durable
/// once add() returns, kept until every destination has them. Each destination has a cursor of its
/// own.
class outbox {
public:
    outbox(const std::string& state_directory, outbox_limits limits, platform::logger& log);

    /// Reads what is there, for these destinations (by key). Sets damaged files aside and goes on;
    /// fails only if the directory cannot be read at all.
    result<void> load(const std::vector<std::string>& destinations);

    /// Keeps an event until it is delivered; one that waits already is not kept twice. Nothing is
    /// kept without a destination. When it is full, old ones give way (what_to_drop()), and what
    /// was dropped is itself reported. A disk that takes nothing is no failure: the report stays
    /// in memory and is written later.
    void add(const event& what);

    /// The next report for a destination; null if it has all, or was switched off.
    const waiting_report* next_for(const std::string& destination) const;
    result<rendered_report> content_of(const waiting_report& one) const;
    /// A destination has taken a report.
    void done(const std::string& destination, std::uint64_t number);
    /// A destination will never take it: it is set aside, see refused(). False if the disk does not
    /// take it: then it still waits.
    bool refuse(const std::string& destination, std::uint64_t number, const std::string& words);
    /// A destination wants nothing any more, until its configuration changes or try_all_again():
    /// what it has not got is kept as long as there is room.
    void switch_off(const std::string& destination, const std::string& words);
    /// The words with which a destination was switched off; empty if it is on.
    std::string off_words(const std::string& destination) const;

    const std::vector<waiting_report>& waiting() const { return waiting_; }
    std::size_t waiting_for(const std::string& destination) const;
    std::vector<refused_report> refused() const { return refused_.all(); }
    /// Puts what was refused back into the order, at its end, and switches on what is off.
    void try_all_again();
    /// Writes what the disk did not take before; true if nothing is left unwritten.
    bool save_unsaved();
    /// How many reports are in memory alone, since the disk does not take them.
    std::size_t unsaved() const;
    /// Looks, each `pause`, whether there is room for them by now; until it is cancelled.
    asio::awaitable<void> write_when_there_is_room(std::chrono::milliseconds pause);

    /// Called with each CloudEvent that is new here, also without a destination.
    void on_add(std::function<void(const std::string&)> call) { on_add_ = std::move(call); }
    /// Called whenever there is something to send.
    platform::wake& changed() { return changed_; }

private:
    void append(rendered_report what);
    bool is_awaited(std::uint64_t number) const;
    void make_room(const event& cause);
    void remove(std::uint64_t number);
    void forget_delivered();
    cursor* find_cursor(const std::string& destination);
    const cursor* find_cursor(const std::string& destination) const;
    bool waits(const std::string& id) const;

    outbox_limits limits_;
    platform::logger& log_;
    outbox_files files_;
    refused_reports refused_;
    std::vector<waiting_report> waiting_;  // in the order of their numbers
    std::vector<cursor> cursors_;
    std::uint64_t next_number_ = 1;
    int damaged_ = 0;  // reports that were found damaged, and are not told as dropped yet
    platform::wake changed_;
    bool is_disk_told_ = false;  // that it takes nothing: once is enough
    std::function<void(const std::string&)> on_add_ = [](const std::string&) {};
};

/// What waits and what was refused: {"waiting": [...], "refused": [...]}; `why_waiting` is what the
/// destinations are known to be in trouble with.
boost::json::object to_json(const outbox& of, const std::string& why_waiting = {});

/// What identifies a destination: a digest of its whole configuration, so that another one is
/// another destination.
std::string destination_key(const std::string& configuration);

}  // namespace agent::report
