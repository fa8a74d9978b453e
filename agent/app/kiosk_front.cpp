#include "agent/app/kiosk_front.hpp"

#include "agent/print/printer.hpp"
#include "agent/print/receipt.hpp"

namespace agent {
namespace {

kiosk::session_store_settings session_store_settings_from(const config& settings)
{
    kiosk::session_store_settings out;
    out.lasts = settings.kiosk_minutes;
    out.poll = settings.kiosk_poll;
    return out;
}

kiosk::kiosk_settings kiosk_settings_from(const config& settings, const web::brand& look)
{
    kiosk::kiosk_settings out;
    out.has_page = settings.kiosk_listen.has_value();
    if (const auto& where = settings.kiosk_listen) {
        out.at.address = where->address;
        out.at.port = where->port;
        out.has_one_screen = where->is_loopback;
    }
    out.at.certificate_file = settings.kiosk_certificate_file;
    out.at.key_file = settings.kiosk_key_file;
    out.token_file = settings.kiosk_token_file;
    out.language = settings.kiosk_language;
    out.title = settings.kiosk_title;
    out.look = &look;
    out.wifi_ssid = settings.kiosk_wifi_ssid;
    out.wifi_password_file = settings.kiosk_wifi_password_file;
    out.has_self_service = settings.kiosk_self_service != self_service::no;
    out.takes_email = settings.kiosk_self_service == self_service::email;
    return out;
}

kiosk::display_settings display_settings_from(const config& settings)
{
    kiosk::display_settings out;
    out.framebuffer = settings.display_framebuffer;
    out.mode = settings.display_mode;
    constexpr int quarter = 90;
    out.quarters = settings.display_rotate / quarter;
    out.language = settings.kiosk_language;
    out.title = settings.kiosk_title;
    return out;
}

}  // namespace

kiosk_front::kiosk_front(asio::any_io_executor executor, const config& settings,
    const web::brand& look, const kiosk::session_store_parts& with)
    : title_(settings.kiosk_title)
    , printer_(settings.printer_port)
    , paper_(settings.printer_paper)
    , sessions_(executor, with, session_store_settings_from(settings))
    , kiosk_(executor, sessions_, with.api, kiosk_settings_from(settings, look), with.log)
{
    if (!printer_.empty())
        kiosk_.on_print([this](print::receipt what, const print::language& in) {
            return print(std::move(what), in);
        });
    if (settings.display_framebuffer.empty())
        return;
    display_ =
        std::make_unique<kiosk::display>(sessions_, display_settings_from(settings), with.log);
    sessions_.on_change([this] { display_->draw(); });
}

task<void> kiosk_front::print(print::receipt what, const print::language& in)
{
    what.title = title_;
    what.paper_millimetres = paper_;
    auto receipt = print::to_receipt(what, in);
    if (!receipt)
        co_return receipt.error();
    auto printing = print::send_to_printer(printer_, std::move(*receipt));
    co_return co_await std::move(printing);
}

result<void> kiosk_front::open()
{
    auto ready = kiosk_.listen();
    if (ready && display_)
        ready = display_->open();
    return ready;
}

asio::awaitable<void> kiosk_front::end()
{
    co_await sessions_.ended();
    if (display_)
        display_->blank();
}

}  // namespace agent
