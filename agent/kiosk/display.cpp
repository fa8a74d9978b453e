#include "agent/kiosk/display.hpp"

#include "agent/base/activation_code.hpp"
#include "agent/base/redact.hpp"
#include "qr/screen.hpp"

namespace agent::kiosk {

display::display(session_store& sessions, display_settings settings, platform::logger& log)
    : sessions_(sessions)
    , settings_(std::move(settings))
    , log_(log)
    , in_(print::find_language(settings_.language) != nullptr
              ? print::drawable(*print::find_language(settings_.language))
              : print::languages().front())
{
}

result<void> display::open()
{
    auto opened = platform::framebuffer::open(settings_.framebuffer, settings_.mode);
    if (!opened)
        return opened.error().after("display: ");
    screen_ = std::move(*opened);
    draw();
    return {};
}

qr::bitmap display::picture(int width, int height)
{
    qr::screen_content what;
    what.title = settings_.title.empty() ? in_["title"] : settings_.title;
    session* one = sessions_.on_screen();
    if (one == nullptr) {
        what.state = in_["welcome"];
        what.more = {in_["welcome_text"]};
    } else if (one->shows_code(steady_clock::now())) {
        auto code = activation_code::parse(one->activation_code);
        if (code)
            what.code = qr::encode(code->text().reveal());
        bool is_downloading = one->state == session_state::downloading;
        what.state = in_[is_downloading ? "downloading" : "scan_title"];
        if (one->percent)
            what.state += " " + std::to_string(*one->percent) + " %";
        sessions_.note_shown(*one);
    } else if (one->state == session_state::installed) {
        what.state = in_["installed"];
        what.more = {in_["next1"], in_["next2"], in_["next3"]};
    } else {
        bool has_failed = one->state == session_state::failed;
        what.state = in_[has_failed ? "failed" : "unsure"];
        what.more = {in_[has_failed ? "failed_text" : "unsure_text"]};
    }
    return qr::to_screen(what, width, height);
}

void display::blank()
{
    auto drawn = screen_->draw([](int, int) { return false; });
    if (!drawn)
        log_.error("display: " + words_of(drawn.error()));
}

void display::draw()
{
    bool is_upright = settings_.quarters % 2 == 0;
    const platform::framebuffer_mode& mode = screen_->mode();
    qr::bitmap upright =
        is_upright ? picture(mode.width, mode.height) : picture(mode.height, mode.width);
    qr::bitmap turned = upright.turned(settings_.quarters);
    auto drawn = screen_->draw([&turned](int x, int y) { return turned.is_black(x, y); });
    if (!drawn)
        log_.error("display: " + words_of(drawn.error()));
}

}  // namespace agent::kiosk
