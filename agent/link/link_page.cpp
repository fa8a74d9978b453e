#include "agent/link/link_page.hpp"

#include "agent/gigastore/choose.hpp"
#include "agent/web/esim_html.hpp"
#include "agent/web/html.hpp"
#include "platform/text.hpp"

namespace agent::link {
namespace {

using gigastore::esim_state;
using print::language;
using std::string, std::string_view;
using web::element, web::escape, web::message, web::paragraph, web::row, web::sign, web::steps;

const char* name_of(page_state state)
{
    switch (state) {
    case page_state::installable: return "waiting";
    case page_state::installed: return "installed";
    case page_state::failed: return "failed";
    case page_state::unsure: return "unsure";
    case page_state::preview: return "none";
    case page_state::over: break;
    }
    return "over";
}

string folded(string_view words, const string& html, bool is_open = false)
{
    return string(is_open ? "<details open>" : "<details>") + element("summary", "", words) + html
           + "</details>";
}

/// A link that a phone follows, if the contact is of a kind that has one.
string contact_html(const string& contact)
{
    bool is_page = contact.starts_with("https://");
    bool is_mail = !is_page && contact.find('@') != contact.npos;
    bool is_number = contact.starts_with('+');
    string shown = escape(contact);
    if (!is_page && !is_mail && !is_number)
        return shown;
    string target = is_mail ? "mailto:" : is_number ? "tel:" : "";
    for (char each : contact)
        if (each != ' ')
            target += each;
    return "<a href=\"" + escape(target) + "\">" + shown + "</a>";
}

string support(const page_view& view, const language& in)
{
    string contact = view.support.empty() ? "" : contact_html(platform::printable(view.support));
    return web::support_html(contact, view.look->hours, in);
}

string number_row(const page_view& view, const language& in)
{
    if (view.iccid.empty())
        return {};
    return row(in["number"], "\u2026" + escape(view.iccid.last_four()));
}

string packages(const page_view& view, const language& in)
{
    string out;
    for (const gigastore::balance& each : gigastore::packages_left(*view.who, view.now))
        out += web::package_row(each, in);
    return out.empty() ? paragraph(in["nothing_left"]) : "<dl>" + out + "</dl>";
}

/// What somebody gets who installs it.
string about(const page_view& view, const language& in)
{
    return "<section class=\"facts\">" + element("h2", "", in["about"]) + packages(view, in)
           + "<dl>" + number_row(view, in) + "</dl></section>" + support(view, in);
}

/// On a phone its own button comes first, since nobody scans their own screen.
string installable_html(const page_view& view, const language& in)
{
    string button = web::install_link(*view.code, view.on, in);
    string card = web::code_card(*view.code, in);
    string by_hand = web::by_hand(*view.code, in, view.is_handheld && button.empty());
    string note;
    if (view.code->needs_confirmation_code())
        note = element("p", "class=\"note\"", in["link_confirmation"]);
    if (view.is_handheld)
        return "<section class=\"how\">" + element("h1", "", in["title"])
               + paragraph(in["scan_step1"]) + button + note + folded(in["link_scan"], card)
               + by_hand + about(view, in) + "</section>";
    return "<section class=\"code\">" + card + "</section><section class=\"how\">"
           + element("h1", "", in["scan_title"])
           + steps(in, {"scan_step1", "scan_step2", "link_step"}) + note + by_hand + about(view, in)
           + "</section>";
}

string state_row(const page_view& view, const language& in)
{
    bool is_off = view.which->state == esim_state::disabled;
    return row(in["state_label"], escape(in[is_off ? "state_disabled" : "state_installed"]));
}

/// What a customer wants to know afterwards.
string installed_html(const page_view& view, const language& in)
{
    string out = "<section class=\"facts\">";
    if (view.who->total_available_balance)
        out += element("h1", "", in["balance"]) + "<p class=\"total\"><bdi>"
               + web::size_html(*view.who->total_available_balance) + "</bdi></p>";
    else
        out += element("h1", "", in["about"]);
    out += packages(view, in) + element("h2", "", in["about"]) + "<dl>" + state_row(view, in);
    if (view.which->activated_at)
        out += row(in["installed_on"], web::day_html(*view.which->activated_at));
    if (view.which->last_seen)
        out += row(in["last_used"], web::day_html(*view.which->last_seen));
    out += number_row(view, in) + "</dl></section><section class=\"how\">";
    out += folded(in["not_working"], steps(in, {"next1", "next2", "next3"}), true);
    out += folded(in["new_phone"], paragraph(in["new_phone_text"]));
    return out + support(view, in) + "</section>";
}

string content(const page_view& view, const language& in)
{
    switch (view.state) {
    case page_state::installable: return installable_html(view, in);
    case page_state::installed: return installed_html(view, in);
    case page_state::failed:
        return message(sign::bad, in["failed"], in["link_failed_text"],
            "<dl>" + number_row(view, in) + "</dl>" + support(view, in));
    case page_state::unsure:
        return message(sign::unsure, in["unsure"], in["link_unsure_text"], support(view, in));
    case page_state::preview: return message(sign::welcome, in["title"], "", "");
    case page_state::over: break;
    }
    return message(sign::unsure, in["over"], in["link_over_text"], support(view, in));
}

}  // namespace

page_state state_of(const gigastore::esim& one, bool shows_code)
{
    if (gigastore::is_on_device(one))
        return page_state::installed;
    if (!gigastore::is_installable(one))
        return page_state::failed;
    return shows_code ? page_state::installable : page_state::over;
}

string to_html(const page_view& view, const language& in)
{
    string title = view.title.empty() ? in["title"] : view.title;
    bool is_live = view.state == page_state::installable || view.state == page_state::unsure
                   || view.state == page_state::failed;
    return web::head_html({.title = title,
                              .script = "link.js",
                              .is_live = is_live,
                              .is_for_robots = false,
                              .has_brand_style = !view.look->style.empty()},
               in)
           + "<header>" + web::brand_html(*view.look, title)
           + (view.state == page_state::preview ? "" : web::language_picker(view.base, {}, in))
           + "</header><main id=\"main\" class=\"personal\" data-state=\"" + name_of(view.state)
           + "\">" + content(view, in) + "</main>"
           + "<p id=\"live\" role=\"status\"></p></body></html>\n";
}

}  // namespace agent::link
