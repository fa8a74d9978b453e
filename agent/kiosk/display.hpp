#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/kiosk/session_store.hpp"
#include "agent/print/texts.hpp"
#include "platform/framebuffer.hpp"
#include "qr/bitmap.hpp"

#include <optional>
#include <string>

namespace agent::kiosk {

struct display_settings {
    std::string framebuffer{};
    std::string mode{};  // of a plain file
    int quarters = 0;    // turned clockwise so often
    std::string language{};
    std::string title{};
};

/// The kiosk's screen without a browser: title, code and state, on a framebuffer.
class display {
public:
    display(session_store& sessions, display_settings settings, platform::logger& log);

    /// Fails if the screen cannot be drawn on.
    result<void> open();
    /// Draws what the kiosk's screen shows now.
    void draw();
    /// Leaves it blank: nobody is here any more.
    void blank();

private:
    qr::bitmap picture(int width, int height);

    session_store& sessions_;
    display_settings settings_;
    platform::logger& log_;
    const print::language& in_;
    std::optional<platform::framebuffer> screen_;
};

}  // namespace agent::kiosk
