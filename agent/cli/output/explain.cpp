#include "agent/cli/output/explain.hpp"

#include "agent/base/redact.hpp"
#include "agent/cli/output/output.hpp"
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

int report(const problem& what, bool json)
{
    explanation words = explain(what);
    if (json)
        print(to_json(words));
    flush_output();
    constexpr std::size_t indent = 2;
    std::string text =
        fitted("esim-agent: " + platform::printable(words.line), indent, STDERR_FILENO);
    if (!words.advice.empty())
        text += fitted("  " + platform::printable(words.advice), indent, STDERR_FILENO);
    std::fputs(text.c_str(), stderr);
    return words.exit_status;
}

}  // namespace agent::cli
