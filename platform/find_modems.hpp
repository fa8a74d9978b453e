#pragma once

#include "platform/euicc_channel.hpp"

#include <string>
#include <vector>

namespace platform {

/// A port of this device behind which a card may be.
struct modem_port {
    channel_kind kind = channel_kind::none;
    std::string device{};         // "/dev/cdc-wdm0"; empty: whichever reader has an eUICC
    std::string modem{};          // what it is a port of: the same for all ports of one modem
    std::string model{};          // "Quectel EC25-E, USB 2c7c:0125"; empty if it tells none
    std::string usb_interface{};  // its number, two hexadecimal digits
    bool is_ours = false;         // udev keeps ModemManager off it (ID_MM_PORT_IGNORE)
};

/// The ports of the modems that the kernel knows (sysfs), modem by modem; of each its control ports
/// (QMI, MBIM) before its AT ports, these by interface number. Serial ports that nothing shows to
/// be a modem's are left out: UARTs, and adapters with anything behind them. `root` stands before
/// /sys and /run. Asks the kernel alone; no port is opened.
std::vector<modem_port> find_modems(const std::string& root = {});

}  // namespace platform
