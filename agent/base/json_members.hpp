#pragma once

#include "agent/base/json.hpp"
#include "agent/base/vocabulary.hpp"

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace agent {

/// A member that an object from outside may have.
struct known_member {
    std::string_view name;
    json::kind kind = json::kind::string;  // double_: any number
};

/// Takes a member that is known and of its kind.
using take_member = std::function<result<void>(std::string_view name, const json::value& value)>;

/// Reads a JSON object, in which every member must be known. Fails with platform::errc::usage for
/// what is none, with the members there are; `what` is what the text is called then: "the body".
result<void> read_members(std::string_view text, const std::string& what,
    std::span<const known_member> known, const take_member& take);

}  // namespace agent
