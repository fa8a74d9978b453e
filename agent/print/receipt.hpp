#pragma once

#include "agent/base/iccid.hpp"
#include "agent/base/vocabulary.hpp"
#include "agent/print/texts.hpp"
#include "platform/secret.hpp"

#include <string>

namespace agent::print {

/// What somebody takes along on paper.
struct receipt {
    platform::secret code{};
    agent::iccid iccid{};
    platform::secret link{};  // to the customer's own page; empty: none
    std::string title{};      // whose it is; empty: the language's
    int paper_millimetres = 80;
};

/// What a receipt printer prints of it (ESC/POS): title, QR, what to do, the last digits of the
/// ICCID, and the link on a slip of its own. Fails for a code that is none, and one that no QR
/// holds.
result<std::string> to_receipt(const receipt& what, const language& in);

}  // namespace agent::print
