#pragma once

#include <string>
#include <string_view>

namespace agent::net {

/// The value of the first field of that name in a form's body, or in a query
/// (application/x-www-form-urlencoded); empty if there is none.
std::string form_value(std::string_view form, std::string_view name);

}  // namespace agent::net
