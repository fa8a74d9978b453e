#include "agent/kiosk/wifi.hpp"

#include "platform/error.hpp"
#include "platform/storage.hpp"

namespace agent::kiosk {
namespace {

/// Text as a value of the code: what separates values there is escaped.
platform::wiped_string escaped(std::string_view text)
{
    platform::wiped_string out;
    out.reserve(2 * text.size() + 16);
    for (char each : text) {
        if (std::string_view("\\;,:\"").find(each) != std::string_view::npos)
            out += '\\';
        out += each;
    }
    return out;
}

}  // namespace

result<wifi> read_wifi(std::string ssid, const std::string& password_file)
{
    wifi out;
    out.ssid = std::move(ssid);
    if (password_file.empty())
        return out;
    auto password = platform::read_secret_file(password_file);
    if (!password)
        return password.error();
    constexpr std::size_t shortest = 8;
    constexpr std::size_t longest = 63;
    std::size_t size = password->reveal().size();
    if (size < shortest || size > longest)
        return failure(platform::errc::configuration,
            password_file
                + " holds no passphrase of a Wi-Fi network, which has 8 to 63 characters");
    out.password = std::move(*password);
    return out;
}

platform::secret to_code(const wifi& network)
{
    platform::wiped_string out;
    out.reserve(256);
    out += network.password.empty() ? "WIFI:T:nopass;S:" : "WIFI:T:WPA;S:";
    out += escaped(network.ssid);
    if (!network.password.empty()) {
        out += ";P:";
        out += escaped(network.password.reveal());
    }
    out += ";;";
    return platform::secret({out.data(), out.size()});
}

}  // namespace agent::kiosk
