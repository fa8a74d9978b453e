#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/cli/exit_status.hpp"

#include <boost/system/result.hpp>
#include <string>

namespace agent::cli {

/// Why a command did not do what it was asked: what it was doing, what came back, and what to
/// do next where the command knows better than explain().
class problem {
public:
    problem() = default;
    problem(std::string doing, failure why, std::string advice = {})
        : doing_(std::move(doing)), why_(std::move(why)), advice_(std::move(advice))
    {
    }

    const std::string& doing() const { return doing_; }
    const failure& why() const { return why_; }
    const std::string& advice() const { return advice_; }

private:
    std::string doing_;
    failure why_;
    std::string advice_;
};

[[noreturn]] void throw_exception_from_error(const problem& what, const boost::source_location&);

/// What a command ends with.
using command = asio::awaitable<boost::system::result<void, problem>>;

struct explanation {
    int exit_status = exit_internal;
    std::string name{};    // a word for scripts: "not_found"
    std::string line{};    // what was tried and what came back
    std::string advice{};  // what to do next; may be empty
};

/// A problem in words and as an exit status.
explanation explain(const problem& what);

/// The same as a JSON document: {"error": {...}}.
std::string to_json(const explanation& what);

/// Tells the user on standard error, and as JSON on standard output if asked to; gives the exit
/// status.
int report(const problem& what, bool json);

}  // namespace agent::cli
