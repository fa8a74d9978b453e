#pragma once

#include <string>

namespace platform {

/// Whether this device has a way to the network.
enum class uplink {
    none,        // no route
    only_modem,  // only through `modem_interface`, which goes down while a profile is changed
    present,
};

/// Asks the kernel for its route to `host` if that is an address ("localhost" is one, too), else
/// for any default route, IPv4 or IPv6; without one an address of any interface counts. Sends
/// nothing.
uplink find_uplink(const std::string& host, const std::string& modem_interface);

}  // namespace platform
