#include "agent/cli/commands/order.hpp"

#include "agent/esim/error.hpp"
#include "agent/gigastore/choose.hpp"
#include "platform/storage.hpp"

namespace agent::cli {

wanted_order read_code(const std::string& file)
{
    std::string doing = "reading the activation code";
    auto text = platform::read_secret_file(file, platform::hand_over_limit);
    if (!text)
        return problem(doing, text.error());
    auto code = activation_code::parse(*text);
    if (!code)
        return problem(doing + " from " + (file == "-" ? "standard input" : file), code.error());
    esim::order found;
    found.code = std::move(*code);
    return found;
}

asio::awaitable<wanted_order> fetch_order(
    session& with, std::string uid, std::string named, std::vector<iccid> on_card)
{
    auto wanted = wanted_uid(with, std::move(uid));
    if (!wanted)
        co_return wanted.error();
    bool is_configured = named.empty() && *wanted == with.settings.customer_uid;
    if (is_configured)
        named = with.settings.customer_iccid.text();
    auto fetching = esim::fetch_order(with.api, *wanted, std::move(named), std::move(on_card));
    auto found = co_await std::move(fetching);
    if (found)
        co_return std::move(*found);
    bool is_choice = found.error().code().category() == gigastore::choice_category();
    if (is_choice || found.error() == esim::errc::code_unreadable)
        co_return problem("choosing an eSIM of customer " + *wanted, found.error());
    co_return about_customer("fetching customer " + *wanted, found.error());
}

}  // namespace agent::cli
