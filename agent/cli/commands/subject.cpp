#include "agent/cli/commands/subject.hpp"

#include "agent/base/iccid.hpp"
#include "agent/gigastore/choose.hpp"
#include "agent/net/error.hpp"
#include "platform/storage.hpp"

#include <algorithm>

namespace agent::cli {

boost::system::result<subject, problem> read_code(const std::string& file)
{
    std::string doing = "reading the activation code";
    auto text = platform::read_secret_file(file);
    if (!text)
        return problem(doing, text.error());
    auto code = activation_code::parse(*text);
    if (!code)
        return problem(doing + " from " + (file == "-" ? "standard input" : file), code.error());
    subject found;
    found.code = std::move(*code);
    return found;
}

asio::awaitable<boost::system::result<subject, problem>> fetch_code(
    session& with, std::string uid, std::string iccid, std::vector<std::string> on_euicc)
{
    auto wanted = wanted_uid(with, std::move(uid));
    if (!wanted)
        co_return wanted.error();
    bool is_configured = *wanted == with.settings.customer_uid;
    std::string named = iccid.empty() && is_configured ? with.settings.customer_iccid : iccid;
    auto customer = co_await with.api.customer(*wanted);
    if (!customer)
        co_return about_customer("fetching customer " + *wanted, customer.error());
    auto chosen = gigastore::choose(customer->related_esims, named, on_euicc);
    if (!chosen)
        co_return problem("choosing an eSIM of customer " + *wanted, chosen.error());
    auto is_chosen = [&](const std::string& each) { return same_iccid(each, (*chosen)->iccid); };
    bool is_on_card = std::ranges::any_of(on_euicc, is_chosen);
    auto code = activation_code::parse((*chosen)->activation_code);
    if (!code && !is_on_card)
        co_return problem("reading the activation code of eSIM " + (*chosen)->iccid,
            failure(net::errc::malformed_answer, code.error().detail()),
            "Gigastore gave it like this; ask its support.");
    subject found;
    if (code)
        found.code = std::move(*code);
    found.customer_uid = customer->uid;
    found.iccid = (*chosen)->iccid;
    found.state = (*chosen)->state_text;
    co_return found;
}

}  // namespace agent::cli
