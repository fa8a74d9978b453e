#include "agent/base/json_members.hpp"

#include "platform/error.hpp"

#include <algorithm>

namespace agent {
namespace {

/// "a, b and c"
std::string list_of(std::span<const known_member> all)
{
    std::string out;
    for (std::size_t i = 0; i < all.size(); ++i) {
        bool is_last = i + 1 == all.size();
        out += i == 0 ? "" : is_last ? " and " : ", ";
        out += all[i].name;
    }
    return out;
}

failure usage(std::string words)
{
    return {platform::errc::usage, std::move(words)};
}

}  // namespace

result<void> read_members(std::string_view text, const std::string& what,
    std::span<const known_member> known, const take_member& take)
{
    json_document document{text};
    if (document.root() == nullptr || !document.root()->is_object())
        return usage(what + " is no JSON object");
    for (const auto& each : document.root()->get_object()) {
        std::string_view name{each.key().data(), each.key().size()};
        auto found = std::ranges::find(known, name, &known_member::name);
        if (found == known.end())
            return usage("'" + std::string(name) + "' is not known; there are " + list_of(known));
        bool is_number = found->kind == json::kind::double_ && each.value().is_number();
        if (each.value().kind() != found->kind && !is_number)
            return usage(std::string(name) + " is of another type");
        if (auto taken = take(name, each.value()); !taken)
            return taken;
    }
    return {};
}

}  // namespace agent
