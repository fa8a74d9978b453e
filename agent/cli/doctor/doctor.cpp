#include "agent/cli/doctor/doctor.hpp"

#include "agent/cli/output/output.hpp"
#include "platform/storage.hpp"
#include "platform/text.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <unistd.h>

namespace agent::cli {
namespace {

const char* name_of(verdict one)
{
    constexpr const char* names[] = {"ok", "warning", "error", "skipped"};
    return names[static_cast<int>(one)];
}

const finding* first_error(const std::vector<finding>& all)
{
    auto found = std::ranges::find(all, verdict::error, &finding::is);
    return found == all.end() ? nullptr : &*found;
}

std::string line_of(const finding& one)
{
    constexpr std::size_t name_width = 16;
    constexpr std::size_t verdict_width = 9;
    constexpr std::size_t indent = name_width + verdict_width;
    std::vector<std::string> lines{cell(one.name, name_width) + cell(name_of(one.is), verdict_width)
                                   + platform::printable(one.words)};
    if (!one.advice.empty())
        lines.push_back(std::string(indent, ' ') + "-> " + platform::printable(one.advice));
    std::string out;
    for (std::string& line : lines)
        out += fitted(std::move(line), indent, STDOUT_FILENO);
    return out;
}

std::string summary_of(const std::vector<finding>& all)
{
    if (const finding* first = first_error(all))
        return "\nFix this first: " + first->name + ".\n";
    auto warnings = std::ranges::count(all, verdict::warning, &finding::is);
    return warnings == 0 ? "\nAll is well.\n"
                         : "\nIt works; " + std::to_string(warnings) + " to look at.\n";
}

boost::json::object document_of(const std::vector<finding>& all)
{
    json::array checks;
    for (const finding& each : all)
        checks.push_back({{"name", each.name}, {"verdict", name_of(each.is)},
            {"words", platform::printable(each.words)},
            {"advice", each.advice.empty() ? json::value() : json::value(each.advice)}});
    const finding* first = first_error(all);
    json::object out{{"healthy", first == nullptr},
        {"first", first != nullptr ? json::value(first->name) : json::value()}};
    out["checks"] = std::move(checks);
    return out;
}

}  // namespace

void examination::ok(std::string name, std::string words)
{
    finding one;
    one.name = std::move(name);
    one.words = std::move(words);
    findings.push_back(std::move(one));
}

void examination::warn(std::string name, std::string words, std::string advice)
{
    ok(std::move(name), std::move(words));
    findings.back().is = verdict::warning;
    findings.back().advice = std::move(advice);
}

void examination::fail(std::string name, const failure& why, std::string advice)
{
    explanation known = explain(problem({}, why, std::move(advice)));
    ok(std::move(name), known.line);
    findings.back().is = verdict::error;
    findings.back().advice = known.advice;
    findings.back().exit_status = known.exit_status;
}

void examination::skip(std::string name, const std::string& because)
{
    ok(std::move(name), because);
    findings.back().is = verdict::skipped;
}

bool examination::has_failed(const std::string& name) const
{
    auto found = std::ranges::find(findings, name, &finding::name);
    return found != findings.end() && found->is != verdict::ok && found->is != verdict::warning;
}

boost::json::object to_json(const examination& of)
{
    json::object out = document_of(of.findings);
    if (!of.modem_element.empty())
        out["modemElement"] = of.modem_element;
    return out;
}

namespace {

boost::system::result<void, problem> write_bundle(
    const std::string& file, const json::object& bundle)
{
    auto written = platform::write_file(file, json_text(bundle) + "\n");
    if (!written)
        return problem("writing the bundle", written.error());
    std::fprintf(stderr, "%s can be sent to support; it holds no secret.\n",
        platform::printable(file).c_str());
    return {};
}

}  // namespace

int diagnose(const failure& configuration, const doctor_options& options, bool json)
{
    explanation known = explain(problem({}, configuration));
    finding one;
    one.name = "configuration";
    one.is = verdict::error;
    one.words = known.line;
    one.advice = known.advice.empty() ? "Fix it, then run doctor again." : known.advice;
    const std::vector<finding> all{one};
    print(json ? json_text(document_of(all)) + "\n" : line_of(one) + summary_of(all));
    if (!options.bundle.empty())
        if (auto done = write_bundle(options.bundle, to_bundle(document_of(all))); !done)
            return report(done.error(), false);
    return known.exit_status;
}

command run(session& with, doctor_options options)
{
    examination of{with};
    using check = asio::awaitable<void> (*)(examination&);
    for (check each : {check_device, check_network, check_card, check_data, check_state}) {
        std::size_t shown = of.findings.size();
        co_await each(of);
        for (std::size_t i = shown; i < of.findings.size() && !with.json; ++i)
            print(line_of(of.findings[i]));
        flush_output();
    }
    print(with.json ? json_text(to_json(of)) + "\n" : summary_of(of.findings));
    if (!with.json && !of.modem_element.empty())
        print("\nThe modem that was found, for agent.xml:\n  " + of.modem_element + "\n");
    if (!options.bundle.empty())
        co_await fetch_log(of);
    if (!options.bundle.empty())
        if (auto done = write_bundle(options.bundle, to_bundle(of)); !done)
            co_return done.error();
    if (const finding* first = first_error(of.findings))
        with.status_instead = first->exit_status;
    co_return boost::system::result<void, problem>();
}

}  // namespace agent::cli
