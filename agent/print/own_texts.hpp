#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/print/texts.hpp"

#include <string>

namespace agent::print {

/// A shop's own words, CODE.json in a folder: of a language that there is, those that are to be
/// others; of another language, all of them. A folder that is not there holds none. Fails with
/// platform::errc::configuration, and says what is wrong in which file.
result<own_texts> read_own_texts(const std::string& folder);

}  // namespace agent::print
