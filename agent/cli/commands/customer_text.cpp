#include "agent/cli/commands/customer_output.hpp"
#include "agent/cli/output/output.hpp"
#include "agent/sale/offer.hpp"
#include "platform/terminal.hpp"
#include "platform/text.hpp"

#include <unistd.h>

namespace agent::cli {
namespace {

using gigastore::esim_state;

const char* meaning_of(const gigastore::esim& profile)
{
    bool is_released = profile.state == esim_state::released;
    if (is_released && !profile.is_active)
        return "Replaced by another: not to be installed any more.";
    if (is_released && profile.activation_code.empty())
        return "On no device, but without a code: ask Gigastore's support.";
    switch (profile.state) {
    case esim_state::released: return "On no device: ready to install.";
    case esim_state::installed: return "Installed and switched on.";
    case esim_state::disabled: return "Installed, but switched off in the device's settings.";
    case esim_state::error:
        return "Failed while installing: ask Gigastore's support to replace it.";
    case esim_state::other: return "Not a state that can be installed: ask Gigastore's support.";
    }
    return "";
}

std::string size_text(const std::optional<gigastore::data_size>& size)
{
    return size ? decimal(size->value) + " " + size->unit : "-";
}

std::string or_dash(std::string_view text)
{
    return text.empty() ? "-" : platform::printable(text);
}

std::string trimmed(std::string text)
{
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

std::string field(const char* name, const std::string& value)
{
    return cell(name, 15) + value + "\n";
}

std::string to_text(
    const gigastore::esim& profile, const std::optional<gigastore::connectivity>& seen)
{
    std::string out = cell(profile.iccid.empty() ? "no ICCID" : profile.iccid.text(), 24)
                      + cell(or_dash(profile.imsi), 18) + or_dash(profile.state_text)
                      + (profile.is_active ? "" : "  (replaced)") + "\n";
    out += std::string("  ") + meaning_of(profile) + "\n";
    if (profile.activated_at)
        out += "  Installed on   " + local_time(*profile.activated_at) + "\n";
    auto last_seen = seen && seen->last_seen ? seen->last_seen : profile.last_seen;
    // "Never" is what the API said, and not that it could not be asked.
    const char* otherwise = seen ? "never" : "not known";
    out += "  Last connected " + (last_seen ? local_time(*last_seen) : otherwise);
    if (seen && !seen->country.empty())
        out += ", in " + platform::printable(seen->country);
    return out + "\n";
}

std::string validity_text(std::optional<int> count, std::string unit)
{
    if (!count)
        return "-";
    bool is_one = *count == 1 && unit.ends_with('s');
    if (is_one)
        unit.pop_back();
    return std::to_string(*count) + " " + platform::printable(unit);
}

std::string mode_text(const gigastore::balance& balance, std::string_view status)
{
    if (balance.activation_mode.empty())
        return {};
    std::string out = platform::printable(balance.activation_mode);
    bool waits = status == "purchased" && balance.expires_at;
    return waits ? out + ", starts by itself " + local_time(*balance.expires_at) : out;
}

std::string prices_text(
    const std::optional<gigastore::price>& retail, const std::optional<gigastore::price>& purchase)
{
    std::string out;
    if (retail)
        out += "retail " + sale::price_text(*retail);
    if (purchase)
        out += (out.empty() ? "" : ", ") + ("purchase " + sale::price_text(*purchase));
    return out;
}

std::string indented(const char* name, const std::string& value)
{
    return value.empty() || value == "-" ? std::string() : "  " + cell(name, 11) + value + "\n";
}

}  // namespace

std::string for_sale_header()
{
    return cell("PACKAGE", 33) + cell("SIZE", 10) + cell("COUNTRIES", 12) + "VALID FOR\n";
}

std::string to_text(const gigastore::inventory_item& item)
{
    std::string valid =
        item.is_unlimited ? "without end" : validity_text(item.validity_size, item.validity_unit);
    std::string out = cell(or_dash(item.name), 32) + " " + cell(size_text(item.size), 10)
                      + cell(or_dash(item.country_set), 11) + " " + valid + "\n";
    out += indented("Id", or_dash(item.id));
    out += indented("Price", prices_text(item.retail_price, item.purchase_price));
    return out;
}

std::string item_header()
{
    return cell("PACKAGE", 33) + cell("SIZE", 10) + cell("LEFT", 10) + cell("STATUS", 12)
           + "VALID FOR\n";
}

std::string to_text(const gigastore::activated_item& item, platform::timestamp now)
{
    const auto& balance = item.balance;
    std::string out = cell(or_dash(balance.name), 32) + " " + cell(size_text(balance.size), 10)
                      + cell(size_text(left_of(item, now)), 10) + cell(status_of(item, now), 12)
                      + validity_text(balance.validity_size, balance.validity_unit) + "\n";
    out += indented("Purchase", or_dash(item.uid));
    out += indented("Customer", or_dash(item.customer_uid));
    out += indented("Mode", mode_text(balance, status_of(item, now)));
    if (balance.activated_at)
        out += indented("Started",
            local_time(*balance.activated_at)
                + (balance.expires_at ? ", expires " + local_time(*balance.expires_at) : ""));
    std::string channel = item.sales_channel.empty() ? item.sales_channel_type : item.sales_channel;
    if (item.sold_at || !channel.empty())
        out += indented("Sold", (item.sold_at ? local_time(*item.sold_at) : "")
                                    + (channel.empty() ? ""
                                                       : (item.sold_at ? ", by " : "by ")
                                                             + platform::printable(channel)));
    out += indented("Price", prices_text(item.retail_price, item.purchase_price));
    out += indented("Metatag", or_dash(item.metatag));
    return out;
}

std::string to_text(
    const gigastore::customer& who, const connectivities& seen, platform::timestamp now)
{
    std::string out;
    out += field("Customer", platform::printable(who.uid));
    out += field("E-mail", or_dash(who.email.value_or("")));
    out += field("Residence", or_dash(who.country_of_residence));
    out += field("Profile page", or_dash(who.profile_url));
    out += field("Total balance", size_text(who.total_available_balance));
    out += field("Profiles", std::to_string(who.related_esims.size()));

    if (!who.related_esims.empty())
        out += "\n" + cell("ICCID", 24) + cell("IMSI", 18) + "STATE\n";
    for (std::size_t i = 0; i < who.related_esims.size(); ++i)
        out += to_text(who.related_esims[i], i < seen.size() ? seen[i] : std::nullopt);

    out += who.activated_items.empty() ? "\nNo packages.\n" : "\n" + item_header();
    for (const auto& item : who.activated_items)
        out += to_text(item, now);
    return out;
}

std::string line_header()
{
    return cell("CUSTOMER", 37) + cell("BALANCE", 11) + cell("ESIMS", 9) + "E-MAIL\n";
}

std::string to_line(const gigastore::customer& who)
{
    std::size_t installed = 0;
    for (const auto& each : who.related_esims)
        installed += each.state == esim_state::installed ? 1U : 0U;
    std::string esims = std::to_string(who.related_esims.size());
    if (installed > 0)
        esims += ", " + std::to_string(installed) + " on";
    constexpr std::size_t rest = 80 - 37 - 11 - 9;
    std::string email = or_dash(who.email.value_or(""));
    bool is_terminal = platform::terminal_size_of(STDOUT_FILENO).has_value();
    return cell(who.uid, 36) + " " + cell(size_text(who.total_available_balance), 10) + " "
           + cell(esims, 8) + " " + (is_terminal ? trimmed(cell(email, rest)) : email) + "\n";
}

}  // namespace agent::cli
