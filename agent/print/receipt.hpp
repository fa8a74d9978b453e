#pragma once

#include "agent/base/iccid.hpp"
#include "agent/base/vocabulary.hpp"
#include "agent/print/texts.hpp"
#include "platform/secret.hpp"

#include <string>

namespace agent::print {

/// What a receipt printer prints of a session (ESC/POS): title, QR, what to do, the last digits of
/// the ICCID. Fails for a code that is none.
result<std::string> to_receipt(const platform::secret& code, const std::string& title,
    const iccid& which, const language& in, int paper_millimetres);

}  // namespace agent::print
