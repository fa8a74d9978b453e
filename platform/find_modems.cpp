#include "platform/find_modems.hpp"

#include "platform/storage.hpp"

#include <algorithm>
#include <filesystem>

namespace platform {
namespace {

namespace fs = std::filesystem;

/// An attribute in sysfs, without the line's end; empty if there is none.
std::string attribute(const fs::path& file)
{
    auto text = read_file(file);
    return text ? text->substr(0, text->find('\n')) : std::string();
}

std::string driver_of(const fs::path& interface)
{
    std::error_code ec;
    return fs::read_symlink(interface / "driver", ec).filename();
}

/// The nearest directory above that has such an attribute; empty if none has.
fs::path above(fs::path start, const char* name)
{
    std::error_code ec;
    for (; start.has_relative_path(); start = start.parent_path())
        if (fs::exists(start / name, ec))
            return start;
    return {};
}

std::string model_of(const fs::path& parent)
{
    std::string vendor = attribute(parent / "idVendor");
    if (vendor.empty()) {
        std::string maker = attribute(parent / "vendor");
        return maker.empty() ? "" : "PCI " + maker + ":" + attribute(parent / "device");
    }
    std::string words = attribute(parent / "manufacturer");
    std::string product = attribute(parent / "product");
    words += (words.empty() || product.empty() ? "" : " ") + product;
    words += words.empty() ? "" : ", ";
    return words + "USB " + vendor + ":" + attribute(parent / "idProduct");
}

/// The entries of a class in sysfs whose names begin so, in the order of their numbers.
std::vector<fs::path> entries(const fs::path& directory, std::string_view prefix)
{
    std::vector<fs::path> out;
    std::error_code ec;
    for (fs::directory_iterator each(directory, ec), end; each != end && !ec; each.increment(ec))
        if (each->path().filename().native().starts_with(prefix))
            out.push_back(each->path());
    auto order = [](const fs::path& path) {
        std::string name = path.filename();
        return std::pair(name.size(), name);
    };
    std::ranges::sort(out, {}, order);
    return out;
}

/// What udev says of a character device by its numbers ("188:2").
bool is_left_to_us(const std::string& root, const std::string& numbers)
{
    auto text = read_file(root + "/run/udev/data/c" + numbers);
    return text && text->find("E:ID_MM_PORT_IGNORE=1") != std::string::npos;
}

modem_port seen(const std::string& root, const fs::path& entry, channel_kind kind)
{
    std::error_code ec;
    fs::path place = fs::canonical(entry / "device", ec);
    fs::path parent = above(place, "idVendor");
    if (parent.empty())
        parent = above(place, "vendor");
    modem_port out;
    out.kind = kind;
    out.device = "/dev/" + entry.filename().native();
    out.modem = (parent.empty() ? place : parent).native();
    out.model = model_of(parent);
    out.usb_interface = attribute(above(place, "bInterfaceNumber") / "bInterfaceNumber");
    out.is_ours = is_left_to_us(root, attribute(entry / "dev"));
    return out;
}

/// /dev/cdc-wdm0, whose driver says what it speaks.
void add_control_ports(const std::string& root, std::vector<modem_port>& to)
{
    for (const fs::path& each : entries(root + "/sys/class/usbmisc", "cdc-wdm")) {
        std::string driver = driver_of(each / "device");
        if (driver.starts_with("qmi_wwan"))
            to.push_back(seen(root, each, channel_kind::qmi));
        else if (driver == "cdc_mbim")
            to.push_back(seen(root, each, channel_kind::mbim));
    }
}

channel_kind kind_of(std::string_view wwan_type)
{
    return wwan_type == "AT"     ? channel_kind::at
           : wwan_type == "MBIM" ? channel_kind::mbim
           : wwan_type == "QMI"  ? channel_kind::qmi
                                 : channel_kind::none;
}

/// /dev/wwan0mbim0 and the like (drivers/net/wwan). A USB modem's are its cdc-wdm once more.
void add_wwan_ports(const std::string& root, std::vector<modem_port>& to)
{
    for (const fs::path& each : entries(root + "/sys/class/wwan", "wwan")) {
        channel_kind kind = kind_of(attribute(each / "type"));
        if (kind == channel_kind::none)
            continue;
        modem_port one = seen(root, each, kind);
        auto is_same = [&](const modem_port& other) {
            return other.modem == one.modem && other.kind == one.kind;
        };
        if (std::ranges::none_of(to, is_same))
            to.push_back(std::move(one));
    }
}

/// Whether a serial port's driver, or its USB descriptor, says that it takes AT commands (USB CDC,
/// PSTN subclass 4.3: interface protocols 1 to 6). An Arduino says so, too: see find_modems().
bool takes_at(const fs::path& entry)
{
    std::string driver = driver_of(entry / "device");
    for (const char* each : {"option1", "qcserial", "sierra", "hso"})
        if (driver == each)
            return true;
    std::string protocol = attribute(entry / "device/bInterfaceProtocol");
    return driver == "cdc_acm" && protocol >= "01" && protocol <= "06";
}

void add_serial_ports(const std::string& root, std::vector<modem_port>& to)
{
    for (const char* prefix : {"ttyUSB", "ttyACM", "ttyHS"})
        for (const fs::path& each : entries(root + "/sys/class/tty", prefix))
            if (takes_at(each))
                to.push_back(seen(root, each, channel_kind::at));
}

/// Takes out the ports of the first one's modem, in the order in which they are tried.
std::vector<modem_port> take_modem(std::vector<modem_port>& from)
{
    auto order = [](const modem_port& port) {
        return port.kind == channel_kind::at ? "at" + port.usb_interface : std::string();
    };
    std::string modem = from.front().modem;
    std::vector<modem_port> out;
    for (const modem_port& each : from)
        if (each.modem == modem)
            out.insert(std::ranges::upper_bound(out, order(each), {}, order), each);
    std::erase_if(from, [&](const modem_port& each) { return each.modem == modem; });
    return out;
}

}  // namespace

std::vector<modem_port> find_modems(const std::string& root)
{
    std::vector<modem_port> all;
    add_control_ports(root, all);
    add_wwan_ports(root, all);
    add_serial_ports(root, all);
    std::vector<modem_port> out;
    while (!all.empty()) {
        std::vector<modem_port> its = take_modem(all);
        // An only port of class ACM may be anything's.
        bool is_dubious = its.size() == 1 && its.front().device.starts_with("/dev/ttyACM");
        if (!is_dubious)
            std::ranges::move(its, std::back_inserter(out));
    }
    return out;
}

}  // namespace platform
