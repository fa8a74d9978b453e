#include "tests/sandbox/faults.hpp"

#include <algorithm>
#include <cstdlib>
#include <iterator>

namespace sandbox {
namespace {

struct name {
    const char* text;
    fault_kind kind;
};

constexpr name names[] = {{"slow", fault_kind::slow}, {"drip", fault_kind::drip},
    {"cut", fault_kind::cut}, {"empty", fault_kind::empty}, {"html", fault_kind::html},
    {"wrong-json", fault_kind::wrong_json}, {"huge", fault_kind::huge},
    {"401-once", fault_kind::once_401}, {"429", fault_kind::too_many}, {"503", fault_kind::busy},
    {"redirect", fault_kind::redirect}};

}  // namespace

std::optional<fault> parse_fault(std::string_view text)
{
    fault out;
    if (auto at = text.find('@'); at != text.npos) {
        out.part = text.substr(at + 1);
        text = text.substr(0, at);
    }
    if (auto star = text.find('*'); star != text.npos) {
        out.left = std::atoi(std::string(text.substr(star + 1)).c_str());
        text = text.substr(0, star);
    }
    auto found = std::ranges::find_if(names, [&](const name& each) { return each.text == text; });
    if (found == std::end(names) || out.left == 0)
        return std::nullopt;
    out.kind = found->kind;
    if (out.kind == fault_kind::once_401)
        out.left = 1;
    return out;
}

std::string fault_names()
{
    std::string out;
    for (const name& each : names)
        out += (out.empty() ? "" : ", ") + std::string(each.text);
    return out;
}

std::optional<fault_kind> faults::take(std::string_view target)
{
    for (fault& each : active_) {
        if (each.left == 0 || target.find(each.part) == target.npos)
            continue;
        if (each.left > 0)
            --each.left;
        return each.kind;
    }
    return std::nullopt;
}

}  // namespace sandbox
