#pragma once

#include "platform/failure.hpp"

#include <string>
#include <string_view>

namespace agent {

/// A failure in words, without secrets and safe to show, on one line.
std::string words_of(const platform::failure& why);

/// `text` with every activation code, install link, credential and JWT in it replaced by "…"
/// (a code keeps its host), also where it is percent-encoded: for words that come from outside
/// or repeat what was typed, before anybody sees them.
std::string redact(std::string_view text);

}  // namespace agent
