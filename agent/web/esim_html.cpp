#include "agent/web/esim_html.hpp"

#include "agent/web/html.hpp"
#include "platform/text.hpp"

namespace agent::web {

using print::language;
using std::string, std::string_view;

namespace {

/// How long it is good, as HTML: until a day once it has begun, for so many days before.
string validity_of(const gigastore::balance& one, const language& in)
{
    bool is_running = one.activated_at && one.expires_at;
    if (is_running)
        return escape(in["valid_until"]) + " " + day_html(*one.expires_at);
    if (!one.validity_size)
        return {};
    string unit = platform::lower(one.validity_unit);
    constexpr int days_of_year = 365;
    bool counts_years = unit.starts_with("year");
    int days = *one.validity_size * (counts_years ? days_of_year : 1);
    if (counts_years || unit.starts_with("day"))
        return escape(in["valid_days"]) + " " + std::to_string(days);
    return escape(
        upright(std::to_string(*one.validity_size) + " " + platform::printable(one.validity_unit)));
}

string field(string_view id, string_view label, string_view value, const language& in)
{
    string at{id};
    return "<div class=\"field\"><label for=\"" + at + "\">" + escape(label)
           + "</label><input id=\"" + at + "\" readonly dir=\"ltr\" value=\"" + escape(value)
           + "\"><button type=\"button\" class=\"quiet\" data-copy=\"" + at + "\" data-done=\""
           + escape(in["copied"]) + "\" hidden>" + escape(in["copy"]) + "</button></div>";
}

}  // namespace

string package_row(const gigastore::balance& one, const language& in)
{
    const auto& left = one.available ? one.available : one.size;
    string what = left ? size_html(*left) : "";
    string good = validity_of(one, in);
    what += what.empty() || good.empty() ? good : " \u00b7 " + good;
    return row(one.name.empty() ? in["package"] : platform::printable(one.name), what);
}

string code_card(const activation_code& code, const language& in)
{
    return qr_card(code.text(), in["qr_title"], in["qr_text"]);
}

string by_hand(const activation_code& code, const language& in, bool is_open)
{
    string out = (is_open ? "<details open>" : "<details>") + element("summary", "", in["manual"])
                 + paragraph(in["manual_text"]);
    out += field("smdp", in["smdp"], code.smdp_address(), in);
    out += field("matching", in["matching"], code.matching_id().reveal(), in);
    out += field("whole", in["whole_code"], code.text().reveal(), in);
    return out + "</details>";
}

string install_link(const activation_code& code, phone on, const language& in)
{
    if (on == phone::none)
        return {};
    bool is_apple = on == phone::apple;
    platform::secret link = is_apple ? code.apple_link() : code.android_link();
    return "<p><a class=\"button\" rel=\"noreferrer\" href=\"" + escape(link.reveal()) + "\">"
           + escape(in[is_apple ? "apple" : "android"]) + "</a></p>";
}

}  // namespace agent::web
