#include "agent/cli/output/explain.hpp"

#include "agent/base/redact.hpp"
#include "agent/cli/output/output.hpp"
#include "platform/terminal.hpp"
#include "platform/text.hpp"

#include <boost/json/value.hpp>
#include <boost/system/system_error.hpp>

#include <cstdio>
#include <unistd.h>

namespace agent::cli {

void throw_exception_from_error(const problem& what, const boost::source_location&)
{
    throw boost::system::system_error(what.why().code(), what.why().detail());
}

explanation explain(const problem& what)
{
    explanation out;
    out.line = what.doing().empty() ? "" : what.doing() + ": ";
    out.line = platform::printable(redact(out.line)) + words_of(what.why());
    out.exit_status = exit_status_of(what.why().kind());
    out.name = what.why().name();
    out.advice = what.advice().empty() ? what.why().advice() : what.advice();
    return out;
}

std::string to_json(const explanation& what)
{
    boost::json::object error{{"name", what.name}, {"message", what.line}, {"advice", what.advice},
        {"exitStatus", what.exit_status}};
    boost::json::object document{{"error", std::move(error)}};
    return json_text(document) + "\n";
}

namespace {

/// On standard error; wrapped where people read it, and one line for programs.
void tell(const std::string& line)
{
    std::string safe = platform::printable(line);
    auto terminal = platform::terminal_size_of(STDERR_FILENO);
    int columns = terminal ? terminal->columns : static_cast<int>(safe.size()) + 1;
    constexpr std::size_t indent = 2;
    for (const std::string& each : wrapped(std::move(safe), indent, columns))
        std::fprintf(stderr, "%s\n", each.c_str());
}

}  // namespace

int report(const problem& what, bool json)
{
    explanation words = explain(what);
    if (json)
        print(to_json(words));
    flush_output();
    tell("esim-agent: " + words.line);
    if (!words.advice.empty())
        tell("  " + words.advice);
    return words.exit_status;
}

}  // namespace agent::cli
