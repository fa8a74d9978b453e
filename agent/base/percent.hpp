#pragma once

#include <string>
#include <string_view>

namespace agent {

/// Encodes everything but unreserved characters, for a path segment or a query value
/// (RFC 3986, section 2.3).
std::string percent_encode(std::string_view text);

/// Undoes percent_encode(); a stray "%" stays as it is.
std::string percent_decode(std::string_view text);

}  // namespace agent
