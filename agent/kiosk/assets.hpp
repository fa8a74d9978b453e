#pragma once

#include <span>

namespace agent::kiosk {

/// A file of agent/kiosk/ that is built into the program.
struct asset {
    const char* name;  // "page.css", "de.json"
    const char* content;
};

std::span<const asset> assets();

}  // namespace agent::kiosk
