#include "agent/kiosk/page.hpp"

#include "agent/base/activation_code.hpp"
#include "platform/iso_time.hpp"
#include "platform/text.hpp"
#include "qr/matrix.hpp"
#include "qr/svg.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace agent::kiosk {
namespace {

using print::languages;
using std::string, std::string_view;

/// <NAME ATTRIBUTES>the words of a key</NAME>
string element(string_view name, string_view attributes, string_view words)
{
    string out = "<";
    out += name;
    out += attributes.empty() ? "" : " ";
    out += attributes;
    out += ">";
    out += escape(words);
    out += "</";
    out += name;
    out += ">";
    return out;
}

string paragraph(string_view words)
{
    return element("p", "", words);
}

string steps(const language& in, std::initializer_list<const char*> keys)
{
    string out = "<ol>";
    for (const char* key : keys)
        out += element("li", "", in[key]);
    return out + "</ol>";
}

/// A button that asks the server for something: works without scripts, and with them in place.
string button(const page_view& view, string_view action, string_view attributes, string_view words)
{
    return "<form method=\"post\" action=\"" + view.base + string(action) + escape(view.query)
           + "\">" + element("button", attributes, words) + "</form>";
}

string decimal(double value)
{
    std::array<char, 32> digits{};
    constexpr int places = 2;
    auto end = std::to_chars(
        digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed, places);
    string out(digits.data(), end.ptr);
    while (out.ends_with('0'))
        out.pop_back();
    if (out.ends_with('.'))
        out.pop_back();
    return out;
}

/// Numbers and dates read from left to right, also within Arabic (Unicode's LRI and PDI).
string upright(const string& text)
{
    return "\u2066" + text + "\u2069";
}

/// A size in the largest unit that it fills; the script writes it in the reader's way (Intl).
string size_html(const gigastore::data_size& size)
{
    constexpr double step = 1024;
    auto megabytes = size.megabytes();
    if (!megabytes)
        return escape(upright(decimal(size.value) + " " + platform::printable(size.unit)));
    bool is_giga = *megabytes >= step;
    constexpr double exact_below = 10;
    bool is_whole = !is_giga && *megabytes >= exact_below;
    string value = decimal(is_giga    ? *megabytes / step
                           : is_whole ? std::round(*megabytes)
                                      : *megabytes);
    return "<data value=\"" + value + "\" data-unit=\"" + (is_giga ? "gigabyte" : "megabyte")
           + "\">" + upright(value + (is_giga ? " GB" : " MB")) + "</data>";
}

/// A day; the script writes it in the reader's way.
string day_html(platform::timestamp when)
{
    constexpr std::size_t date_size = 10;  // of "2025-03-02T08:15:04Z"
    string day = platform::to_iso(when).substr(0, date_size);
    return "<time datetime=\"" + day + "\">" + upright(day) + "</time>";
}

string row(string_view label, const string& html)
{
    return "<div>" + element("dt", "", label) + "<dd><bdi>" + html + "</bdi></dd></div>";
}

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

string package_row(const gigastore::balance& one, const language& in)
{
    const auto& left = one.available ? one.available : one.size;
    string what = left ? size_html(*left) : "";
    string good = validity_of(one, in);
    what += what.empty() || good.empty() ? good : " \u00b7 " + good;
    return row(one.name.empty() ? in["package"] : platform::printable(one.name), what);
}

string facts(const session& one, const language& in)
{
    constexpr std::size_t most = 3;
    string out = "<dl>";
    for (std::size_t i = 0; i < std::min(most, one.packages.size()); ++i)
        out += package_row(one.packages[i], in);
    if (one.total_balance)
        out += row(in["balance"], size_html(*one.total_balance));
    if (!one.iccid.empty())
        out += row(in["number"], "\u2026" + escape(one.iccid.last_four()));
    return "<section class=\"facts\">" + element("h2", "", in["about"]) + out + "</dl></section>";
}

string field(string_view id, string_view label, string_view value, const language& in)
{
    string at{id};
    return "<div class=\"field\"><label for=\"" + at + "\">" + escape(label)
           + "</label><input id=\"" + at + "\" readonly dir=\"ltr\" value=\"" + escape(value)
           + "\"><button type=\"button\" class=\"quiet\" data-copy=\"" + at + "\" data-done=\""
           + escape(in["copied"]) + "\" hidden>" + escape(in["copy"]) + "</button></div>";
}

string by_hand(const activation_code& code, const language& in)
{
    string out = "<details>" + element("summary", "", in["manual"]) + paragraph(in["manual_text"]);
    out += field("smdp", in["smdp"], code.smdp_address(), in);
    out += field("matching", in["matching"], code.matching_id().reveal(), in);
    out += field("whole", in["whole_code"], code.text().reveal(), in);
    return out + "</details>";
}

string on_this_phone(const activation_code& code, const page_view& view, const language& in)
{
    bool is_own_screen = view.base == "/";  // the shop's, which must not get the eSIM
    if (view.on == phone::none || is_own_screen)
        return {};
    bool is_apple = view.on == phone::apple;
    platform::secret link = is_apple ? code.apple_link() : code.android_link();
    return "<details open>" + element("summary", "", in["same_phone"])
           + paragraph(in["same_phone_text"]) + "<p><a class=\"button\" rel=\"noreferrer\" href=\""
           + escape(link.reveal()) + "\">" + escape(in[is_apple ? "apple" : "android"])
           + "</a></p></details>";
}

string state_line(string_view words, std::optional<int> percent)
{
    string out = "<p class=\"state\"><span class=\"pulse\" aria-hidden=\"true\"></span>";
    out += escape(words);
    if (percent)
        out += " <bdi>" + std::to_string(*percent) + "\u00a0%</bdi>";
    return out + "</p>";
}

string end_buttons(const page_view& view, const language& in)
{
    string out = "<div class=\"buttons\">";
    if (view.has_printer)
        out += button(view, "print", "class=\"quiet\"", in["print"]);
    return out + button(view, "end", "class=\"quiet\"", in["end"]) + "</div>";
}

string code_section(const page_view& view, const language& in)
{
    const session& one = *view.shown;
    auto code = activation_code::parse(one.activation_code);
    auto matrix = code ? qr::encode(code->text().reveal()) : std::nullopt;
    if (!matrix)
        return {};
    bool is_downloading = one.state == session_state::downloading;
    string out = "<section class=\"code\"><div class=\"card\" id=\"code\">";
    out += qr::to_svg(*matrix, in["qr_title"], in["qr_text"]);
    out += "</div>" + state_line(in[is_downloading ? "downloading" : "waiting"], one.percent);
    out += "</section><section class=\"how\">" + element("h1", "", in["scan_title"]);
    out += steps(in, {"scan_step1", "scan_step2", "scan_step3"});
    if (code->needs_confirmation_code())
        out += element("p", "class=\"note\"", in["confirmation"]);
    return out + on_this_phone(*code, view, in) + by_hand(*code, in) + facts(one, in)
           + end_buttons(view, in) + "</section>";
}

/// One thing to say, and what to do about it.
string message(string_view kind, string_view title, string_view words, const string& more)
{
    string sign = kind == "good"      ? "<path d=\"M14 25l7 7 14-15\"/>"
                  : kind == "bad"     ? "<path d=\"M24 13v14m0 7v.1\"/>"
                  : kind == "welcome" ? "<path d=\"M16 12h11l6 6v18H16zM21 23h7v8h-7z\"/>"
                                      : "<path d=\"M24 14v10l7 5\"/>";
    string out = "<section class=\"message " + string(kind)
                 + "\"><svg viewBox=\"0 0 48 48\" aria-hidden=\"true\"><circle cx=\"24\" cy=\"24\" "
                   "r=\"22\"/>"
                 + sign + "</svg>" + element("h1", "", title);
    if (!words.empty())
        out += paragraph(words);
    return out + more + "</section>";
}

string session_content(const page_view& view, const language& in)
{
    const session& one = *view.shown;
    auto now = steady_clock::now();
    if (one.shows_code(now))
        return code_section(view, in);
    string aside = "<div class=\"aside\">" + facts(one, in) + "<div class=\"buttons\">"
                   + button(view, "end", "", in["done"]) + "</div></div>";
    if (one.state == session_state::installed) {
        string next = element("h2", "", in["next"]) + steps(in, {"next1", "next2", "next3"});
        return message("good", in["installed"], "", next) + aside;
    }
    if (one.state == session_state::failed)
        return message("bad", in["failed"], in["failed_text"], "") + aside;
    return message("unsure", in["unsure"], in["unsure_text"], "") + aside;
}

string self_service(const page_view& view, const language& in)
{
    string out = "<form class=\"find\" method=\"post\" action=\"/find" + escape(view.query) + "\">";
    out +=
        element("label", "for=\"find\"", in[view.takes_email ? "find_label_email" : "find_label"]);
    out +=
        "<input id=\"find\" name=\"q\" required autofocus maxlength=\"100\" autocomplete=\"off\" "
        "autocapitalize=\"none\" spellcheck=\"false\" dir=\"auto\" aria-describedby=\"hint\">";
    out += element("p", "id=\"hint\" class=\"hint\"", in["find_hint"]);
    if (!view.notice.empty())
        out += element("p", "class=\"note\" role=\"alert\"", in[view.notice]);
    return out + element("button", "", in["find_button"]) + "</form>";
}

string content(const page_view& view, const language& in)
{
    if (view.shown != nullptr)
        return session_content(view, in);
    if (view.is_over)
        return message("unsure", in["over"], in["over_text"],
            "<p><a class=\"button\" href=\"/\">" + escape(in["done"]) + "</a></p>");
    if (!view.has_self_service)
        return message("welcome", in["welcome"], in["welcome_text"], "");
    return "<section class=\"message\">" + element("h1", "", in["find"]) + self_service(view, in)
           + "</section>";
}

/// Each in its own name; links, so that they work without scripts.
string language_picker(const page_view& view, const language& in)
{
    string out = "<nav aria-label=\"" + escape(in["language"]) + "\">";
    for (const language& each : languages()) {
        string current = each.code == in.code ? " aria-current=\"true\"" : "";
        out += "<a lang=\"" + each.code + "\" hreflang=\"" + each.code + "\" href=\"" + view.base
               + "?lang=" + each.code + "\"" + current + ">" + escape(each["name"]) + "</a>";
    }
    return out + "</nav>";
}

/// What the script shows by itself; it has no texts of its own.
string templates(const page_view& view, const language& in)
{
    string out = "<template id=\"offline\">" + message("bad", in["offline"], in["offline_text"], "")
                 + "</template>";
    bool is_installed = view.shown != nullptr && view.shown->state == session_state::installed;
    bool can_wait =
        is_installed || (view.shown != nullptr && view.shown->shows_code(steady_clock::now()));
    if (!can_wait)
        return out;
    return out + "<template id=\"more-time\"><div class=\"note more-time\" role=\"alert\">"
           + paragraph(in[is_installed ? "more_time_page" : "more_time"])
           + button(view, "extend", "", in["more_time_button"]) + "</div></template>";
}

const char* state_name(const page_view& view)
{
    if (view.shown == nullptr)
        return view.is_over ? "over" : "none";
    bool is_hidden = view.shown->state != session_state::installed
                     && view.shown->state != session_state::failed
                     && !view.shown->shows_code(steady_clock::now());
    return is_hidden ? "unsure" : name_of(view.shown->state);
}

}  // namespace

string escape(string_view text)
{
    string out;
    out.reserve(text.size());
    for (char each : text) {
        switch (each) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        default: out += each;
        }
    }
    return out;
}

phone phone_from(string_view user_agent)
{
    auto number_after = [user_agent](string_view name) {
        auto at = user_agent.find(name);
        int out = 0;
        if (at != user_agent.npos)
            std::from_chars(
                user_agent.data() + at + name.size(), user_agent.data() + user_agent.size(), out);
        return out;
    };
    // The links need iOS 17.4 and Android 10; what is older does nothing with them.
    constexpr int least_apple = 17;
    constexpr int least_android = 10;
    bool is_apple =
        user_agent.find("iPhone") != user_agent.npos || user_agent.find("iPad") != user_agent.npos;
    if (is_apple)
        return number_after(" OS ") >= least_apple ? phone::apple : phone::none;
    return number_after("Android ") >= least_android ? phone::android : phone::none;
}

string to_html(const page_view& view, const language& in)
{
    string title = view.title.empty() ? in["title"] : view.title;
    string head = "<!doctype html><html lang=\"" + in.code + "\" dir=\""
                  + (in.is_right_to_left ? "rtl" : "ltr")
                  + "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                    "content=\"width=device-width,initial-scale=1\"><meta name=\"color-scheme\" "
                    "content=\"light dark\">"
                  + element("title", "", title)
                  + "<link rel=\"icon\" href=\"data:,\"><link rel=\"stylesheet\" "
                    "href=\"/page.css\"><script src=\"/page.js\" defer></script>";
    // Without scripts a page has to load itself again to be true.
    bool is_live = view.shown != nullptr;
    if (is_live)
        head += "<noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript>";
    string left;
    if (view.shown != nullptr)
        left = " data-left=\""
               + std::to_string(std::chrono::duration_cast<std::chrono::seconds>(
                   view.shown->ends_at - steady_clock::now())
                                    .count())
               + "\" data-session=\"" + view.shown->report_key + "\"";
    string notice = view.notice.starts_with("print") ? view.notice : "";
    return head + "</head><body><header><p class=\"brand\">" + escape(title) + "</p>"
           + language_picker(view, in) + "</header><main id=\"main\" data-base=\"" + view.base
           + "\" data-state=\"" + state_name(view) + "\"" + left + ">" + content(view, in)
           + "</main>" + "<p id=\"live\" role=\"status\""
           + (notice.empty() ? "" : " class=\"toast\"") + ">"
           + escape(notice.empty() ? "" : in[notice]) + "</p>" + templates(view, in)
           + (is_live ? "<noscript>" + paragraph(in["no_script"]) + "</noscript>" : "")
           + "</body></html>\n";
}

}  // namespace agent::kiosk
