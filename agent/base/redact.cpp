#include "agent/base/redact.hpp"

#include "platform/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace agent {
namespace {

// Each begins a secret that ends at the next blank, quote or tag.
constexpr std::array<std::string_view, 9> starts{
    "LPA:1$", "1$", "LPA%3A1%24", "1%24", "carddata=", "token=", "Bearer ", "Basic ", "eyJ"};

/// The part of a secret that may stay: a code's host and the separator behind it.
std::string_view harmless_part(std::string_view start, std::string_view hidden)
{
    for (std::string_view separator : {"$", "%24"}) {
        if (!start.ends_with(separator))
            continue;
        auto end = hidden.find(separator);
        return end == hidden.npos ? std::string_view() : hidden.substr(0, end + separator.size());
    }
    return {};
}

}  // namespace

std::string redact(std::string_view text)
{
    std::string out;
    bool is_word_start = true;
    while (!text.empty()) {
        auto found = std::ranges::find_if(starts, [text](std::string_view start) {
            return platform::starts_with_ignoring_case(text, start);
        });
        if (found == starts.end() || !is_word_start) {
            is_word_start = std::isalnum(static_cast<unsigned char>(text.front())) == 0;
            out += text.front();
            text.remove_prefix(1);
            continue;
        }
        std::string_view hidden = text.substr(found->size());
        hidden = hidden.substr(0, hidden.find_first_of(" \t\r\n\"'<>"));
        out += text.substr(0, found->size());
        out += harmless_part(*found, hidden);
        out += "\u2026";
        text.remove_prefix(found->size() + hidden.size());
    }
    return out;
}

std::string words_of(const platform::failure& why)
{
    return platform::printable(redact(why.message()));
}

}  // namespace agent
