#pragma once

#include "agent/base/vocabulary.hpp"

#include <string>
#include <string_view>

namespace agent::web {

/// A colour of the screen (sRGB).
struct colour {
    int red = 0;
    int green = 0;
    int blue = 0;

    std::string text() const;  // "#00576e"
};

/// "#rrggbb"; fails for anything else.
result<colour> parse_colour(std::string_view text);

/// How well one reads on the other: 1 to 21 (WCAG 2.2, contrast ratio).
double contrast(const colour& one, const colour& other);

/// A shop's colour for what can be pressed, on light and on dark pages.
struct accent {
    colour on_light{};
    colour on_dark{};
};

/// On a dark page the colour becomes lighter until it reads well. Fails for one that reads at less
/// than 4.5 : 1 on a light page (WCAG 2.2, 1.4.3), and says how well it does.
result<accent> accent_of(const colour& wanted);

}  // namespace agent::web
