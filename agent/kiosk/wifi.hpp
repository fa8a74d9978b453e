#pragma once

#include "agent/base/vocabulary.hpp"
#include "platform/secret.hpp"

#include <string>

namespace agent::kiosk {

/// The shop's network for its visitors, which their phones need to install an eSIM.
struct wifi {
    std::string ssid{};           // empty: there is none to show
    platform::secret password{};  // empty: it is open
};

/// Reads the password of a network, if it has one. Fails if the file cannot be read, or holds no
/// passphrase of WPA (8 to 63 characters, IEEE 802.11 J.4.1), with the file's name.
result<wifi> read_wifi(std::string ssid, const std::string& password_file);

/// What phones' cameras take for a network to join: "WIFI:T:WPA;S:...;P:...;;" (Wi-Fi Alliance,
/// WPA3 Specification 7).
platform::secret to_code(const wifi& network);

}  // namespace agent::kiosk
