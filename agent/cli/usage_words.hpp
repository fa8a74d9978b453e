#pragma once

#include <string>
#include <string_view>

namespace agent::cli {

/// What is wrong with the words of a command line, in ours instead of CLI11's: `kind` is the name
/// of its error ("ExcludesError"), `told` what it says. As it stands, if CLI11 says it another way.
std::string usage_words(std::string_view kind, const std::string& told);

}  // namespace agent::cli
