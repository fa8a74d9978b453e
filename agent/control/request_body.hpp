#pragma once

#include "agent/base/json.hpp"
#include "agent/base/vocabulary.hpp"

#include <functional>
#include <span>
#include <string_view>

namespace agent::control {

/// A member that a request's body may have.
struct known_member {
    std::string_view name;
    json::kind kind = json::kind::string;
};

/// Takes a member that is known and of its kind.
using take_member = std::function<result<void>(std::string_view name, const json::value& value)>;

/// Reads a JSON object, in which every member must be known. Fails as usage() for what is none,
/// with the members there are.
result<void> read_body(const platform::wiped_string& body, std::span<const known_member> known,
    const take_member& take);

/// Fails as usage() unless it can be a customer's UID.
result<void> need_customer(const std::string& uid);

}  // namespace agent::control
