#include "agent/web/html.hpp"

#include "platform/iso_time.hpp"
#include "platform/text.hpp"
#include "qr/matrix.hpp"
#include "qr/svg.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace agent::web {

using std::string, std::string_view;

namespace {

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

string steps(const print::language& in, std::initializer_list<const char*> keys)
{
    string out = "<ol>";
    for (const char* key : keys)
        out += element("li", "", in[key]);
    return out + "</ol>";
}

string qr_card(
    const platform::secret& text, string_view title, string_view description, card_size size)
{
    auto matrix = qr::encode(text.reveal());
    if (!matrix)
        return {};
    bool is_small = size == card_size::small;
    return string(is_small ? "<div class=\"card small\">" : "<div class=\"card\" id=\"code\">")
           + qr::to_svg(*matrix, title, description) + "</div>";
}

string message(sign kind, string_view title, string_view words, const string& more)
{
    struct drawing {
        const char* name;  // of the style
        const char* path;
    };
    static constexpr drawing drawings[] = {
        {"good", "<path d=\"M14 25l7 7 14-15\"/>"},
        {"bad", "<path d=\"M24 13v14m0 7v.1\"/>"},
        {"unsure", "<path d=\"M24 14v10l7 5\"/>"},
        {"welcome", "<path d=\"M16 12h11l6 6v18H16zM21 23h7v8h-7z\"/>"},
    };
    const drawing& drawn = drawings[static_cast<std::size_t>(kind)];
    string out = string("<section class=\"message ") + drawn.name
                 + "\"><svg viewBox=\"0 0 48 48\" aria-hidden=\"true\"><circle cx=\"24\" cy=\"24\" "
                   "r=\"22\"/>"
                 + drawn.path + "</svg>" + element("h1", "", title);
    if (!words.empty())
        out += paragraph(words);
    return out + more + "</section>";
}

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

string upright(const string& text)
{
    return "\u2066" + text + "\u2069";
}

string head_html(const page_head& head, const print::language& in)
{
    string out = "<!doctype html><html lang=\"" + in.code + "\" dir=\""
                 + (in.is_right_to_left ? "rtl" : "ltr")
                 + "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                   "content=\"width=device-width,initial-scale=1\"><meta name=\"color-scheme\" "
                   "content=\"light dark\">";
    if (!head.is_for_robots)
        out += "<meta name=\"robots\" content=\"noindex,nofollow,noarchive\">";
    out +=
        element("title", "", head.title)
        + "<link rel=\"icon\" href=\"data:,\"><link rel=\"stylesheet\" href=\"/page.css\">"
        + string(head.has_brand_style ? "<link rel=\"stylesheet\" href=\"/brand/style.css\">" : "")
        + "<script src=\"/shared.js\" defer></script><script src=\"/" + string(head.script)
        + "\" defer></script>";
    if (head.is_live)
        out += "<noscript><meta http-equiv=\"refresh\" content=\"5\"></noscript>";
    return out + "</head><body>";
}

string language_picker(string_view base, page_query chosen, const print::language& in)
{
    string name = escape(in["language"]);
    string out =
        "<a class=\"globe\" href=\"#languages\"><svg viewBox=\"0 0 24 24\" role=\"img\" "
        "aria-label=\""
        + name
        + "\"><circle cx=\"12\" cy=\"12\" r=\"10\"/><ellipse cx=\"12\" cy=\"12\" rx=\"4.5\" "
          "ry=\"10\"/><path d=\"M2.5 9h19m0 6h-19\"/></svg><span>"
        + escape(in["name"]) + "</span></a><nav id=\"languages\" aria-label=\"" + name + "\">";
    for (const print::language& each : print::languages()) {
        string current = each.code == in.code ? " aria-current=\"true\"" : "";
        chosen.language = each.code;
        out += "<a lang=\"" + each.code + "\" hreflang=\"" + each.code + "\" href=\"" + string(base)
               + escape(chosen.text()) + "\"" + current + ">" + escape(each["name"]) + "</a>";
    }
    return out + "<a class=\"close\" href=\"#\" aria-label=\"" + escape(in["done"])
           + "\"><svg viewBox=\"0 0 24 24\" aria-hidden=\"true\"><path d=\"M5 5l14 14m0-14L5 "
             "19\"/></svg></a></nav>";
}

}  // namespace agent::web
