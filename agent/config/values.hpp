#pragma once

#include "agent/config/config.hpp"

#include <string>
#include <string_view>

// How each kind of value is read from text, and shown again. All that read fail with what is wrong
// and what is allowed.

namespace agent::values {

result<std::string> text(std::string_view value);
/// `directory` is where a relative path lies; empty: it stays as it is.
result<std::string> path(std::string_view value, const std::string& directory);
result<bool> yes_no(std::string_view value);
/// Nothing for "auto".
result<std::optional<bool>> yes_no_auto(std::string_view value);
result<std::size_t> count(std::string_view value);
/// A whole number of seconds, minutes, days, ...
template <class Duration>
result<Duration> duration(std::string_view value)
{
    auto number = count(value);
    return number ? result<Duration>(Duration(*number)) : number.error();
}
result<net::url> https_url(std::string_view value);
result<std::optional<net::url>> hook_url(std::string_view value);
result<std::optional<net::url>> broker_url(std::string_view value);
/// Where pages are found: "https://HOST[:PORT]".
result<std::optional<net::url>> page_url(std::string_view value);
result<std::optional<net::proxy>> proxy_url(std::string_view value);
result<std::vector<std::string>> hosts(std::string_view value);
/// Ids, separated by commas or blanks.
result<std::vector<std::string>> ids(std::string_view value);
result<agent::iccid> iccid(std::string_view value);
result<std::string> imei(std::string_view value);
/// Some of "gsm umts lte nr".
result<lpa::device_capabilities> technologies(std::string_view value);
result<platform::channel_kind> channel(std::string_view value);
result<std::optional<platform::control_kind>> control(std::string_view value);
result<installer_kind> installer(std::string_view value);
result<data_mode> data_online(std::string_view value);
result<std::string> apn(std::string_view value);
result<sim_slot> slot(std::string_view value);
result<std::size_t> segment(std::string_view value);
result<platform::bytes> aid(std::string_view value);
result<std::optional<report_format>> format(std::string_view value);
/// "127.0.0.1:8080" or "[::1]:8080"; port 0 is any that is free. No name.
result<std::optional<listen_address>> listen(std::string_view value);
result<agent::self_service> self_service(std::string_view value);
result<int> rotation(std::string_view value);
result<int> paper(std::string_view value);
result<std::string> printer_port(std::string_view value);
result<std::optional<platform::log_level>> level(std::string_view value);

// The same values as text: empty for none.

inline std::string to_text(const std::string& value)
{
    return value;
}
inline std::string to_text(bool value)
{
    return value ? "yes" : "no";
}
inline std::string to_text(const std::optional<bool>& value)
{
    return value ? to_text(*value) : "auto";
}
inline std::string to_text(int value)
{
    return std::to_string(value);
}
inline std::string to_text(sim_slot value)
{
    return value.number == 0 ? "" : std::to_string(value.number);
}
inline std::string to_text(std::size_t value)
{
    return std::to_string(value);
}
template <class Period>
std::string to_text(std::chrono::duration<std::int64_t, Period> value)
{
    return std::to_string(value.count());
}
inline std::string to_text(std::chrono::days value)
{
    return std::to_string(value.count());
}
inline std::string to_text(std::chrono::minutes value)
{
    return std::to_string(value.count());
}
inline std::string to_text(const agent::iccid& value)
{
    return value.text();
}
std::string to_text(const net::url& value);
std::string to_text(const std::optional<net::url>& value);
std::string to_text(const std::optional<net::proxy>& value);
std::string to_text(const std::vector<std::string>& value);
std::string to_text(const lpa::device_capabilities& value);
std::string to_text(platform::channel_kind value);
std::string to_text(const std::optional<platform::control_kind>& value);
std::string to_text(installer_kind value);
std::string to_text(data_mode value);
std::string to_text(const platform::bytes& value);
std::string to_text(const std::optional<report_format>& value);
std::string to_text(const std::optional<listen_address>& value);
std::string to_text(agent::self_service value);
std::string to_text(const std::optional<platform::log_level>& value);

}  // namespace agent::values
