#include "agent/esim/native_installer.hpp"

namespace agent::esim {

task<lpa::es9_client*> native_installer::servers()
{
    auto info = co_await card_.basic_info();
    if (!info)
        co_return info.error();
    co_return servers_.for_card(*info);
}

task<lpa::download_outcome> native_installer::install(
    install_order what, lpa::download_dialogue& with)
{
    auto info = co_await card_.basic_info();
    if (!info)
        co_return info.error();
    auto server = servers_.for_card(*info);
    if (!server)
        co_return server.error();
    lpa::download_order order;
    order.code = std::move(what.code);
    order.on_card = std::move(what.on_card);
    order.card = std::move(*info);
    auto loading = lpa::download(card_, **server, std::move(order), with, journal_, log_);
    auto loaded = co_await std::move(loading);
    co_return std::move(loaded);
}

task<bool> native_installer::tell_installed(lpa::download_outcome what)
{
    auto server = co_await servers();
    if (!server)
        co_return server.error();
    lpa::installation_result& result = what.result;
    auto telling = lpa::deliver(card_, **server, result.about, std::move(result.whole));
    auto told = co_await std::move(telling);
    if (!told)
        log_.info("the install notification: " + told.error().message());
    co_return told.has_value();
}

task<std::vector<lpa::delivery>> native_installer::send_notifications(
    std::function<bool(const lpa::notification&)> is_left_out)
{
    auto server = co_await servers();
    if (!server)
        co_return server.error();
    auto sending = lpa::deliver_notifications(card_, **server, std::move(is_left_out));
    auto sent = co_await std::move(sending);
    co_return std::move(sent);
}

}  // namespace agent::esim
