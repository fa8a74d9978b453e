#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace agent::net {

/// What is served under a path. A part of the pattern that is "*" stands for any one part.
template <class Handler>
struct endpoint {
    std::string_view method;
    std::string_view pattern;  // "/v1/profiles/*/enable"
    Handler answer;
};

/// Where a request goes.
template <class Handler>
struct route {
    const endpoint<Handler>* to = nullptr;  // null: nothing is there
    bool is_known_path = false;             // but perhaps with another method
    std::vector<std::string> parts{};       // what the stars stand for, in their order
};

/// True if the path, without its query, fits; then `parts` is what the stars stand for.
bool fits(std::string_view pattern, std::string_view path, std::vector<std::string>& parts);

/// The endpoint for a method and path; the first that fits.
template <class Handler>
route<Handler> find_route(
    std::span<const endpoint<Handler>> all, std::string_view method, std::string_view path)
{
    route<Handler> out;
    for (const endpoint<Handler>& each : all) {
        std::vector<std::string> parts;
        if (!fits(each.pattern, path, parts))
            continue;
        out.is_known_path = true;
        if (each.method != method)
            continue;
        out.to = &each;
        out.parts = std::move(parts);
        return out;
    }
    return out;
}

}  // namespace agent::net
