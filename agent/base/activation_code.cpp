#include "agent/base/activation_code.hpp"

#include "agent/base/percent.hpp"
#include "platform/error.hpp"
#include "platform/text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace agent {
namespace {

constexpr std::size_t longest_code = 255;  // SGP.22, 4.1, without the prefix
constexpr std::size_t longest_host = 253;
constexpr std::string_view prefix = "LPA:";
constexpr std::string_view apple_base =
    "https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=";
constexpr std::string_view android_base =
    "https://esimsetup.android.com/esim_qrcode_provisioning?carddata=";

failure no_code(std::string why)
{
    return {platform::errc::usage, "this is no activation code: " + std::move(why)};
}

/// Takes the text up to the next "$" off the front of `rest`.
std::string_view take_field(std::string_view& rest)
{
    auto end = std::min(rest.find('$'), rest.size());
    std::string_view field = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return field;
}

bool is_host(std::string_view text)
{
    auto is_allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    };
    return !text.empty() && text.size() <= longest_host && std::ranges::all_of(text, is_allowed)
           && !text.starts_with('.') && !text.starts_with('-') && text.find("..") == text.npos;
}

/// "host" or "host:port"; a port is not in SGP.22, but test benches have one.
bool is_address(std::string_view text)
{
    auto colon = std::min(text.find(':'), text.size());
    if (!is_host(text.substr(0, colon)))
        return false;
    std::string_view port = text.substr(colon);
    if (port.empty())
        return true;
    port.remove_prefix(1);
    std::uint16_t number = 0;
    auto parsed = std::from_chars(port.data(), port.data() + port.size(), number);
    return parsed.ec == std::errc{} && parsed.ptr == port.data() + port.size() && number != 0;
}

std::string_view field_of(std::string_view rest, int index)
{
    if (!rest.empty())
        rest.remove_prefix(1);
    for (; index > 0; --index)
        take_field(rest);
    return take_field(rest);
}

platform::secret link(std::string_view base, const platform::secret& code)
{
    std::string encoded = percent_encode(code.reveal());
    platform::wiped_string text(base);
    text += encoded;
    platform::wipe(encoded.data(), encoded.size());
    return platform::secret(text);
}

/// Without what people cannot see: marks of byte order and direction, no-break and zero-width
/// spaces.
platform::wiped_string without_hidden(std::string_view text)
{
    platform::wiped_string out;
    out.reserve(std::max<std::size_t>(text.size(), longest_code));
    while (!text.empty()) {
        std::size_t hidden = platform::hidden_length(text);
        if (hidden == 0)
            out += text.front();
        text.remove_prefix(std::max<std::size_t>(hidden, 1));
    }
    return out;
}

/// The code in what people hand over.
platform::wiped_string unwrapped(std::string_view text)
{
    platform::wiped_string seen = without_hidden(text);
    std::string_view rest = platform::trim(seen);
    for (std::string_view scanner : {"QR-Code:", "QR:"})  // zbarimg's, and apps'
        if (platform::starts_with_ignoring_case(rest, scanner))
            rest = platform::trim(rest.substr(scanner.size()));
    for (std::string_view base : {apple_base, android_base}) {
        if (!platform::starts_with_ignoring_case(rest, base))
            continue;
        rest.remove_prefix(base.size());
        std::string decoded = percent_decode(rest.substr(0, rest.find_first_of("&#")));
        platform::wiped_string out = without_hidden(decoded);
        platform::wipe(decoded.data(), decoded.size());
        return out;
    }
    return platform::wiped_string(rest);
}

}  // namespace

result<activation_code> activation_code::parse(const platform::secret& text)
{
    platform::wiped_string code_text = unwrapped(text.reveal());
    std::string_view rest = code_text;
    if (platform::starts_with_ignoring_case(rest, prefix))
        rest.remove_prefix(prefix.size());
    // In what is no UTF-8, octets that stood around a hidden character may be one themselves.
    bool is_clean = platform::is_printable(rest) && without_hidden(rest) == rest;
    if (!is_clean)
        return no_code("it holds line breaks, control characters, or octets that are no UTF-8");
    if (rest.size() > longest_code)
        return no_code("it is longer than 255 characters");
    if (rest.find('$') == rest.npos || take_field(rest) != "1")
        return no_code("it does not begin with 'LPA:1$'");

    activation_code code;
    if (rest.find('$') == rest.npos)
        return no_code("there is no '$' behind the SM-DP+ address");
    code.smdp_address_ = platform::lower(take_field(rest));
    if (!is_address(code.smdp_address_))
        return no_code("the SM-DP+ address between the first two '$' is no host name");
    auto end = std::min(rest.find('$'), rest.size());
    code.matching_id_ = platform::secret(rest.substr(0, end));
    code.rest_ = rest.substr(end);
    return code;
}

std::string_view activation_code::smdp_oid() const
{
    return field_of(rest_, 0);
}

bool activation_code::has_odd_oid() const
{
    std::string_view oid = smdp_oid();
    bool is_number = oid.find_first_not_of("0123456789.") == oid.npos;
    bool is_oid = is_number && oid.find('.') != oid.npos;
    return !oid.empty() && !is_oid;
}

bool activation_code::needs_confirmation_code() const
{
    return field_of(rest_, 1) == "1";
}

platform::secret activation_code::text() const
{
    platform::wiped_string out;
    out.reserve(longest_code + prefix.size() + 1);  // on the heap from the start, where it is wiped
    out += prefix;
    out += "1$";
    out += smdp_address_;
    out += '$';
    out += matching_id_.reveal();
    out += rest_;
    return platform::secret(out);
}

platform::secret activation_code::apple_link() const
{
    return link(apple_base, text());
}

platform::secret activation_code::android_link() const
{
    return link(android_base, text());
}

std::ostream& operator<<(std::ostream& out, const activation_code& code)
{
    return out << "LPA:1$" << code.smdp_address() << "$\u2026";
}

}  // namespace agent
