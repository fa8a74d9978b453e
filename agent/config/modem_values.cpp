// The values of <modem> and <data>.
#include "agent/config/value_words.hpp"
#include "agent/config/values.hpp"

#include <algorithm>
#include <iterator>

namespace agent::values {
namespace {

constexpr std::array control_names{"none", "at", "qmi", "mbim", "modemmanager", "auto"};
constexpr std::array installer_names{"native", "hook"};
constexpr std::array data_modes{"no", "await", "connect"};

}  // namespace

result<std::string> imei(std::string_view value)
{
    constexpr std::size_t digits = 15;
    bool fits = value.size() == digits && value.find_first_not_of("0123456789") == value.npos;
    return fits ? result<std::string>(std::string(value)) : bad_value("an IMEI is 15 digits");
}

namespace {

constexpr std::pair<const char*, bool lpa::device_capabilities::*> technology_names[] = {
    {"gsm", &lpa::device_capabilities::gsm}, {"umts", &lpa::device_capabilities::umts},
    {"lte", &lpa::device_capabilities::lte}, {"nr", &lpa::device_capabilities::nr}};

}  // namespace

result<lpa::device_capabilities> technologies(std::string_view value)
{
    lpa::device_capabilities out{.gsm = false, .umts = false, .lte = false, .nr = false};
    while (!value.empty()) {
        std::string_view word = value.substr(0, value.find(' '));
        value.remove_prefix(std::min(word.size() + 1, value.size()));
        auto found = std::ranges::find(
            technology_names, word, [](const auto& each) { return std::string_view(each.first); });
        if (found == std::end(technology_names))
            return bad_value("the technologies are some of 'gsm umts lte nr'");
        out.*found->second = true;
    }
    return out;
}

namespace {

/// What this build has not; nothing for what it has.
std::optional<failure> missing_in_build(std::string_view value)
{
#ifndef ESIM_AGENT_PCSC
    if (value == "pcsc")
        return bad_value("this esim-agent was built without PC/SC (ESIM_AGENT_PCSC)");
#endif
#ifndef ESIM_AGENT_QMI
    if (value == "qmi")
        return bad_value("this esim-agent was built without QMI (ESIM_AGENT_QMI)");
#endif
#ifndef ESIM_AGENT_MBIM
    if (value == "mbim")
        return bad_value("this esim-agent was built without MBIM (ESIM_AGENT_MBIM)");
#endif
#ifndef ESIM_AGENT_MODEMMANAGER
    if (value == "modemmanager")
        return bad_value(
            "this esim-agent was built without ModemManager (ESIM_AGENT_MODEMMANAGER)");
#endif
    static_cast<void>(value);
    return std::nullopt;
}

}  // namespace

result<platform::channel_kind> channel(std::string_view value)
{
    if (auto missing = missing_in_build(value))
        return *missing;
    return one_of<platform::channel_kind>(value, platform::channel_names,
        "the channel is one of auto, at, qmi, mbim, pcsc, socket", 1);
}

result<std::optional<platform::control_kind>> control(std::string_view value)
{
    if (auto missing = missing_in_build(value))
        return *missing;
    return maybe(one_of<platform::control_kind>(
        value, control_names, "the control is one of none, auto, modemmanager, at, qmi, mbim"));
}

result<data_mode> data_online(std::string_view value)
{
    return one_of<data_mode>(value, data_modes, "online is one of no, await, connect");
}

result<std::string> apn(std::string_view value)
{
    // 23.003, 9.1: labels of a domain name; some operators have an underscore, too.
    constexpr std::size_t longest = 100;
    constexpr std::string_view allowed =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._";
    bool fits = value.size() <= longest && value.find_first_not_of(allowed) == value.npos;
    return fits ? result<std::string>(std::string(value))
                : bad_value("an APN is letters, digits, '-', '.' and '_'; or auto");
}

result<sim_slot> slot(std::string_view value)
{
    constexpr unsigned most = 8;
    auto number = count(value);
    bool fits = number && *number <= most;
    if (!fits)
        return bad_value("a SIM slot is a number from 1 to 8");
    return sim_slot{static_cast<unsigned>(*number)};
}

result<std::size_t> segment(std::string_view value)
{
    constexpr std::size_t least = 16;
    constexpr std::size_t most = 255;
    auto size = count(value);
    bool fits = size && *size >= least && *size <= most;
    return fits ? size : bad_value("a segment is 16 to 255 octets");
}

result<platform::bytes> aid(std::string_view value)
{
    auto octets = platform::from_hex(value);
    bool fits = octets && octets->size() >= 5 && octets->size() <= 16;  // ISO 7816-4, 8.2.1.2
    return fits ? result<platform::bytes>(std::move(*octets))
                : bad_value("an AID is 10 to 32 hexadecimal digits");
}

result<installer_kind> installer(std::string_view value)
{
#ifndef ESIM_AGENT_HOOK
    if (value == "hook")
        return bad_value("this esim-agent was built without installers of one's own "
                         "(ESIM_AGENT_HOOK)");
#endif
    return one_of<installer_kind>(value, installer_names, "installer is native or hook");
}

std::string to_text(const lpa::device_capabilities& value)
{
    std::string out;
    for (const auto& [name, is_there] : technology_names)
        if (value.*is_there)
            out += (out.empty() ? "" : " ") + std::string(name);
    return out;
}

std::string to_text(platform::channel_kind value)
{
    return name_of(value);
}

std::string to_text(const std::optional<platform::control_kind>& value)
{
    return value ? control_names[static_cast<std::size_t>(*value)] : "";
}

std::string to_text(const platform::bytes& value)
{
    return platform::to_hex(value);
}

std::string to_text(data_mode value)
{
    return data_modes[static_cast<std::size_t>(value)];
}

std::string to_text(installer_kind value)
{
    return installer_names[static_cast<std::size_t>(value)];
}

}  // namespace agent::values
