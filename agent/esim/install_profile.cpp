#include "agent/esim/install_profile.hpp"

namespace agent::esim {

task<lpa::download_order> prepare_download(card_access on, activation_code code)
{
    lpa::download_order out;
    out.code = std::move(code);
    auto profiles = co_await on.card->profiles();
    if (!profiles)
        co_return profiles.error();
    out.on_card = std::move(*profiles);
    auto info = co_await on.card->basic_info();
    if (!info)
        co_return info.error();
    out.card = std::move(*info);
    co_return std::move(out);
}

task<lpa::download_outcome> install_profile(
    card_access on, lpa::download_order what, lpa::download_dialogue& with, platform::logger& log)
{
    auto servers = on.servers->for_card(what.card);
    if (!servers)
        co_return servers.error();
    auto loading = lpa::download(*on.card, **servers, std::move(what), with, *on.journal, log);
    auto loaded = co_await std::move(loading);
    co_return std::move(loaded);
}

}  // namespace agent::esim
