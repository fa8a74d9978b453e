#include "platform/find_modems.hpp"

#include "tests/support/temporary.hpp"

#include "tests/support/catch.hpp"

#include <filesystem>
#include <fstream>

using namespace platform;

namespace {

/// A device as the kernel shows it: /sys with its classes, and udev's notes.
class fake_device {
public:
    std::string root() const { return directory_.path(); }

    void write(const std::string& file, const std::string& text)
    {
        std::filesystem::path path = root() + "/" + file;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path) << text << "\n";
    }

    void link(const std::string& file, const std::string& target)
    {
        std::filesystem::path path = root() + "/" + file;
        std::filesystem::create_directories(path.parent_path());
        std::filesystem::create_symlink(target, path);
    }

    /// A USB device of that name ("1-1").
    void plug(const std::string& usb, const std::string& vendor, const std::string& product,
        const std::string& words)
    {
        std::string place = "sys/devices/usb1/" + usb;
        write(place + "/idVendor", vendor);
        write(place + "/idProduct", product);
        write(place + "/manufacturer", words.substr(0, words.find(' ')));
        write(place + "/product", words.substr(words.find(' ') + 1));
    }

    /// A port of its interface `number`.
    void add(const std::string& usb, const std::string& number, const std::string& driver,
        const std::string& entry, const std::string& protocol = "ff")
    {
        std::string interface = "sys/devices/usb1/" + usb + "/" + usb + ":1." + number;
        write(interface + "/bInterfaceNumber", "0" + number);
        write(interface + "/bInterfaceProtocol", protocol);
        // The driver of a ttyUSB is that of a device below the interface.
        bool is_serial = entry.starts_with("tty/ttyUSB");
        std::string place =
            is_serial ? interface + "/" + entry.substr(entry.find('/') + 1) : interface;
        std::filesystem::create_directories(root() + "/" + place);
        link(place + "/driver", "/sys/bus/drivers/" + driver);
        link("sys/class/" + entry + "/device", root() + "/" + place);
    }

    std::vector<std::string> found() const
    {
        std::vector<std::string> out;
        for (const modem_port& each : find_modems(root()))
            out.push_back(std::string(name_of(each.kind)) + " " + each.device);
        return out;
    }

private:
    tests::temporary_directory directory_;
};

using list = std::vector<std::string>;

}  // namespace

TEST_CASE("a device without a modem shows none", "[find-modems]")
{
    fake_device device;
    CHECK(device.found().empty());
}

TEST_CASE("a modem's control port comes before its AT ports, these by interface", "[find-modems]")
{
    fake_device device;
    device.plug("1-1", "2c7c", "0125", "Quectel EC25-E");
    device.add("1-1", "3", "option1", "tty/ttyUSB1");
    device.add("1-1", "2", "option1", "tty/ttyUSB10");
    device.add("1-1", "4", "qmi_wwan", "usbmisc/cdc-wdm0");
    CHECK(device.found() == list{"qmi /dev/cdc-wdm0", "at /dev/ttyUSB10", "at /dev/ttyUSB1"});
    CHECK(find_modems(device.root()).at(0).model == "Quectel EC25-E, USB 2c7c:0125");
}

TEST_CASE("modems are tried one after the other, each with all its ports", "[find-modems]")
{
    fake_device device;
    device.plug("1-1", "1199", "9079", "Sierra EM7455");
    device.plug("1-2", "2cb7", "0007", "Fibocom L850");
    device.add("1-2", "0", "cdc_mbim", "usbmisc/cdc-wdm1");
    device.add("1-1", "8", "qmi_wwan", "usbmisc/cdc-wdm0");
    device.add("1-2", "2", "cdc_acm", "tty/ttyACM0", "02");
    device.add("1-1", "3", "qcserial", "tty/ttyUSB2");
    CHECK(device.found()
          == list{"qmi /dev/cdc-wdm0", "at /dev/ttyUSB2", "mbim /dev/cdc-wdm1", "at /dev/ttyACM0"});
}

TEST_CASE("a serial port that may be anything is left alone", "[find-modems]")
{
    fake_device device;
    device.plug("1-1", "0403", "6001", "FTDI adapter");
    device.add("1-1", "0", "ftdi_sio", "tty/ttyUSB0");
    device.plug("1-2", "2341", "0043", "Arduino Uno");
    device.add("1-2", "0", "cdc_acm", "tty/ttyACM0", "01");
    device.plug("1-3", "1546", "1102", "u-blox TOBY");
    device.add("1-3", "2", "cdc_acm", "tty/ttyACM1", "01");
    device.add("1-3", "4", "cdc_acm", "tty/ttyACM2", "01");
    device.add("1-3", "6", "cdc_acm", "tty/ttyACM3", "ff");
    device.link("sys/class/tty/ttyS0/device", "/sys/devices/platform/serial8250");
    device.add("1-3", "7", "cdc_wdm", "usbmisc/cdc-wdm0");
    CHECK(device.found() == list{"at /dev/ttyACM1", "at /dev/ttyACM2"});
}

TEST_CASE("a modem on PCIe is found by its WWAN ports", "[find-modems]")
{
    fake_device device;
    std::string place = "sys/devices/pci0000:00/0000:01:00.0";
    device.write(place + "/vendor", "0x8086");
    device.write(place + "/device", "0x7560");
    std::filesystem::create_directories(device.root() + "/" + place + "/wwan/wwan0");
    for (const auto& [entry, type] : {std::pair("wwan0at0", "AT"), std::pair("wwan0mbim0", "MBIM"),
             std::pair("wwan0xmmrpc0", "XMMRPC")}) {
        device.write(std::string("sys/class/wwan/") + entry + "/type", type);
        device.link(std::string("sys/class/wwan/") + entry + "/device",
            device.root() + "/" + place + "/wwan/wwan0");
    }
    CHECK(device.found() == list{"mbim /dev/wwan0mbim0", "at /dev/wwan0at0"});
    CHECK(find_modems(device.root()).at(0).model == "PCI 0x8086:0x7560");
}

TEST_CASE("a USB modem's control port is not listed twice", "[find-modems]")
{
    fake_device device;
    device.plug("1-1", "2c7c", "0800", "Quectel RM500Q");
    device.add("1-1", "4", "qmi_wwan", "usbmisc/cdc-wdm0");
    device.write("sys/class/wwan/wwan0qmi0/type", "QMI");
    device.link("sys/class/wwan/wwan0qmi0/device", device.root() + "/sys/devices/usb1/1-1/1-1:1.4");
    CHECK(device.found() == list{"qmi /dev/cdc-wdm0"});
}

TEST_CASE("udev's note tells which port is left to us", "[find-modems]")
{
    fake_device device;
    device.plug("1-1", "2c7c", "0125", "Quectel EC25-E");
    device.add("1-1", "2", "option1", "tty/ttyUSB2");
    device.add("1-1", "3", "option1", "tty/ttyUSB3");
    device.write("sys/class/tty/ttyUSB2/dev", "188:2");
    device.write("sys/class/tty/ttyUSB3/dev", "188:3");
    device.write("run/udev/data/c188:2", "I:1\nE:ID_MM_PORT_IGNORE=1\nE:ID_BUS=usb");
    device.write("run/udev/data/c188:3", "E:ID_BUS=usb");
    auto ports = find_modems(device.root());
    REQUIRE(ports.size() == 2);
    CHECK(ports[0].is_ours);
    CHECK_FALSE(ports[1].is_ours);
}
