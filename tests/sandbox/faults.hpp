#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sandbox {

/// What the server does instead of answering well.
enum class fault_kind {
    slow,        // answers after a minute
    drip,        // a byte of the answer every 100 ms
    cut,         // half the body, then the connection is gone
    empty,       // 200 without a body
    html,        // 200 with a captive portal's login page
    wrong_json,  // 200 with JSON of another shape
    huge,        // 200 with a body that does not end
    once_401,    // 401, once
    too_many,    // 429 with Retry-After: 1
    busy,        // 503
    redirect,    // 302 to a login page
};

/// One fault, written NAME[*COUNT][@PART]: the first COUNT requests (default: all) whose path
/// or query holds PART (default: /gigastore).
struct fault {
    fault_kind kind = fault_kind::slow;
    int left = -1;  // -1 is for ever
    std::string part = "/gigastore";
};

/// Nothing if `text` names no fault.
std::optional<fault> parse_fault(std::string_view text);
/// The names that parse_fault() takes, with commas.
std::string fault_names();

/// The faults that are switched on.
class faults {
public:
    void add(fault one) { active_.push_back(std::move(one)); }
    void clear() { active_.clear(); }
    /// The fault for this request, if any; counts it.
    std::optional<fault_kind> take(std::string_view target);

private:
    std::vector<fault> active_;
};

}  // namespace sandbox
