#include "agent/kiosk/page.hpp"

#include "agent/base/activation_code.hpp"
#include "agent/web/esim_html.hpp"
#include "agent/web/html.hpp"
#include "agent/web/phones.hpp"

#include <algorithm>

namespace agent::kiosk {
namespace {

using std::string, std::string_view;
using web::element, web::escape, web::message, web::paragraph, web::row, web::sign, web::steps;

/// A button that asks the server for something: works without scripts, and with them in place.
string button(const page_view& view, string_view action, string_view attributes, string_view words)
{
    return "<form method=\"post\" action=\"" + view.base + string(action)
           + escape(view.chosen.text()) + "\">" + element("button", attributes, words) + "</form>";
}

string facts(const session& one, const language& in)
{
    constexpr std::size_t most = 3;
    string out = "<dl>";
    for (std::size_t i = 0; i < std::min(most, one.packages.size()); ++i)
        out += web::package_row(one.packages[i], in);
    if (one.total_balance)
        out += row(in["balance"], web::size_html(*one.total_balance));
    if (!one.iccid.empty())
        out += row(in["number"], "\u2026" + escape(one.iccid.last_four()));
    return "<section class=\"facts\">" + element("h2", "", in["about"]) + out + "</dl></section>";
}

string on_this_phone(const activation_code& code, const page_view& view, const language& in)
{
    bool is_own_screen = view.base == "/";  // the shop's, which must not get the eSIM
    string link = is_own_screen ? "" : web::install_link(code, view.on, in);
    if (link.empty())
        return {};
    return "<details open>" + element("summary", "", in["same_phone"])
           + paragraph(in["same_phone_text"]) + link + "</details>";
}

string state_line(const string& picture, string_view words, std::optional<int> percent)
{
    string out = "<p class=\"state\">" + picture + escape(words);
    if (percent)
        out += " <bdi>" + std::to_string(*percent) + "\u00a0%</bdi>";
    return out + "</p>";
}

string end_buttons(const page_view& view, const language& in)
{
    string out = "<div class=\"buttons\">";
    if (view.network != nullptr && view.on == phone::none)
        out += button(view, "offline", "class=\"quiet\"", in["wifi_again"]);
    if (view.has_printer)
        out += button(view, "print", "class=\"quiet\"", in["print"]);
    return out + button(view, "end", "class=\"quiet\"", in["end"]) + "</div>";
}

/// The first of two codes: the network that a phone needs.
string wifi_section(const page_view& view, const language& in)
{
    string card = web::qr_card(to_code(*view.network), in["wifi_again"], in["wifi_qr"]);
    string out = "<section class=\"code\">" + card + "</section><section class=\"how\">"
                 + element("h1", "", in["wifi_title"]) + steps(in, {"wifi_step1", "wifi_step2"})
                 + "<dl>" + row(in["wifi_name"], escape(view.network->ssid));
    if (!view.network->password.empty())
        out += row(in["wifi_password"], escape(view.network->password.reveal()));
    return out + "</dl><div class=\"buttons\">" + button(view, "online", "", in["wifi_done"])
           + button(view, "end", "class=\"quiet\"", in["end"]) + "</div></section>";
}

/// What to do with the code: by the camera, or by the menus of the phone that was picked.
string scan_steps(const page_view& view, const language& in)
{
    if (view.on != phone::none)
        return steps(in, {"scan_step1", "scan_step2", "scan_step3"});
    string picker = web::phone_picker(view.base, view.chosen, in);
    string path = web::menu_path(view.chosen.phone, in);
    if (path.empty())
        return steps(in, {"scan_step1", "camera_step", "scan_step3"}) + picker;
    return "<ol>" + element("li", "", in["scan_step1"]) + "<li><span>" + escape(in["menu_step"])
           + path + "</span></li>" + element("li", "", in["scan_step3"]) + "</ol>" + picker;
}

string code_section(const page_view& view, const language& in)
{
    const session& one = *view.shown;
    auto code = activation_code::parse(one.activation_code);
    if (!code)
        return {};
    bool is_downloading = one.state == session_state::downloading;
    string out = "<section class=\"code\">" + web::code_card(*code, in);
    out += is_downloading ? state_line(
               "<span class=\"pulse\" aria-hidden=\"true\"></span>", in["downloading"], one.percent)
                          : state_line(web::scan_picture(), in["waiting"], one.percent);
    out += "</section><section class=\"how\">" + element("h1", "", in["scan_title"]);
    out += scan_steps(view, in);
    if (code->needs_confirmation_code())
        out += element("p", "class=\"note\"", in["confirmation"]);
    return out + on_this_phone(*code, view, in) + web::by_hand(*code, in) + web::phone_check(in)
           + end_buttons(view, in) + facts(one, in) + "</section>";
}

/// The customer's own page, for their phone.
string link_to_keep(const session& one, const language& in)
{
    if (one.link.empty())
        return {};
    return "<div class=\"keep\">"
           + web::qr_card(one.link, in["keep_link"], in["keep_link_text"], web::card_size::small)
           + "<div>" + element("h2", "", in["keep_link"]) + paragraph(in["keep_link_text"])
           + "</div></div>";
}

/// Whom a visitor can ask without staff.
string support(const page_view& view, const language& in)
{
    return web::support_html(escape(view.look->support), view.look->hours, in);
}

string session_content(const page_view& view, const language& in)
{
    const session& one = *view.shown;
    auto now = steady_clock::now();
    if (one.shows_code(now))
        return leads_to_wifi(view) ? wifi_section(view, in) : code_section(view, in);
    bool is_installed = one.state == session_state::installed;
    string aside = "<div class=\"aside\">" + facts(one, in)
                   + (is_installed ? link_to_keep(one, in) : "") + "<div class=\"buttons\">"
                   + button(view, "end", "", in["done"]) + "</div></div>";
    if (is_installed) {
        string next = element("h2", "", in["next"]) + steps(in, {"next1", "next2", "next3"});
        return message(sign::good, in["installed"], "", next) + aside;
    }
    string contact = support(view, in);
    if (one.state == session_state::failed)
        return message(sign::bad, in["failed"], in["failed_text"], contact) + aside;
    return message(sign::unsure, in["unsure"], in["unsure_text"], contact) + aside;
}

string self_service(const page_view& view, const language& in)
{
    string out =
        "<form class=\"find\" method=\"post\" action=\"/find" + escape(view.chosen.text()) + "\">";
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

/// The greeting in the other languages, one after the other, for who looks from afar.
string greetings(const language& in)
{
    string out = "<p class=\"greetings\" aria-hidden=\"true\">";
    for (const language& each : print::languages())
        if (each.code != in.code)
            out += "<span lang=\"" + each.code + "\" dir=\""
                   + (each.is_right_to_left ? "rtl" : "ltr") + "\">" + escape(each["welcome"])
                   + "</span>";
    return out + "</p>";
}

/// What stands below whatever the page says while nothing is open.
string below_welcome(const page_view& view, const language& in)
{
    string out = support(view, in);
    if (!view.look->welcome.content.empty())
        out += "<img class=\"picture\" src=\"/brand/welcome\" alt=\"\">";
    return greetings(in) + out;
}

string content(const page_view& view, const language& in)
{
    if (view.shown != nullptr)
        return session_content(view, in);
    if (view.is_over)
        return message(sign::unsure, in["over"], in["over_text"],
            support(view, in) + "<p><a class=\"button\" href=\"/\">" + escape(in["done"])
                + "</a></p>");
    if (!view.has_self_service)
        return message(sign::welcome, in["welcome"], in["welcome_text"], below_welcome(view, in));
    return "<section class=\"message\">" + element("h1", "", in["find"]) + self_service(view, in)
           + below_welcome(view, in) + "</section>";
}

/// What the script shows by itself; it has no texts of its own.
string templates(const page_view& view, const language& in)
{
    string out = "<template id=\"offline\">"
                 + message(sign::bad, in["offline"], in["offline_text"], support(view, in))
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
    if (leads_to_wifi(view))
        return "wifi";
    return is_hidden ? "unsure" : name_of(view.shown->state);
}

}  // namespace

bool leads_to_wifi(const page_view& view)
{
    return view.shown != nullptr && view.network != nullptr && view.on == phone::none
           && !view.shown->is_online && view.shown->state == session_state::waiting
           && view.shown->shows_code(steady_clock::now());
}

string to_html(const page_view& view, const language& in)
{
    string title = view.title.empty() ? in["title"] : view.title;
    // Without scripts a page has to load itself again to be true.
    bool is_live = view.shown != nullptr;
    string head = web::head_html({.title = title,
                                     .script = "page.js",
                                     .is_live = is_live,
                                     .has_brand_style = !view.look->style.empty()},
        in);
    string left;
    if (view.shown != nullptr)
        left = " data-left=\""
               + std::to_string(std::chrono::duration_cast<std::chrono::seconds>(
                   view.shown->ends_at - steady_clock::now())
                                    .count())
               + "\" data-session=\"" + view.shown->report_key + "\"";
    string notice = view.notice.starts_with("print") ? view.notice : "";
    return head + "<header>" + web::brand_html(*view.look, title)
           + web::language_picker(view.base, view.chosen, in)
           + "</header><main id=\"main\" data-base=\"" + view.base + "\" data-state=\""
           + state_name(view) + "\"" + left + ">" + content(view, in) + "</main>"
           + "<p id=\"live\" role=\"status\"" + (notice.empty() ? "" : " class=\"toast\"") + ">"
           + escape(notice.empty() ? "" : in[notice]) + "</p>" + templates(view, in)
           + (is_live ? "<noscript>" + paragraph(in["no_script"]) + "</noscript>" : "")
           + "</body></html>\n";
}

}  // namespace agent::kiosk
