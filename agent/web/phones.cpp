#include "agent/web/phones.hpp"

#include "agent/web/html.hpp"

#include <algorithm>
#include <array>

namespace agent::web {

using print::language;
using std::string, std::string_view;

namespace {

/// A phone as people know it: the front of one, the backs of the others.
struct known_phone {
    phone_menu which = phone_menu::none;
    const char* called;    // a brand, or the key of a text
    const char* path_key;  // of the way through its menus
    const char* drawing;   // within a body of 24 by 44
};

constexpr std::array<known_phone, 3> phones{{
    {phone_menu::iphone, "iPhone", "path_iphone",
        "<rect x=\"8\" y=\"4\" width=\"8\" height=\"3\" rx=\"1.5\"/><path d=\"M8 40h8\"/>"},
    {phone_menu::samsung, "Samsung", "path_samsung",
        "<circle cx=\"7\" cy=\"8\" r=\"2\"/><circle cx=\"7\" cy=\"15\" r=\"2\"/>"
        "<circle cx=\"7\" cy=\"22\" r=\"2\"/>"},
    {phone_menu::pixel, "phone_other", "path_pixel",
        "<rect x=\"3\" y=\"8\" width=\"18\" height=\"7\" rx=\"3.5\"/>"
        "<circle cx=\"8\" cy=\"11.5\" r=\"1.5\"/><circle cx=\"13\" cy=\"11.5\" r=\"1.5\"/>"},
}};

const known_phone* find(phone_menu which)
{
    const auto* found = std::ranges::find(phones, which, &known_phone::which);
    return found == phones.end() ? nullptr : found;
}

string called(const known_phone& one, const language& in)
{
    const string& words = in[one.called];
    return words.empty() ? one.called : words;
}

string tile(const known_phone& one, string_view base, const page_query& chosen, const language& in)
{
    bool is_picked = chosen.phone == one.which;
    page_query next = chosen;
    next.phone = is_picked ? phone_menu::none : one.which;
    return "<a href=\"" + string(base) + escape(next.text()) + "\""
           + (is_picked ? " aria-current=\"true\"" : "")
           + "><svg viewBox=\"0 0 24 44\" aria-hidden=\"true\"><rect x=\"1\" y=\"1\" width=\"22\" "
             "height=\"42\" rx=\"4\"/>"
           + one.drawing + "</svg>" + escape(called(one, in)) + "</a>";
}

}  // namespace

string phone_picker(string_view base, const page_query& chosen, const language& in)
{
    string out = element("p", "class=\"hint\" id=\"pick\"", in["pick_phone"])
                 + "<nav class=\"phones\" aria-labelledby=\"pick\">";
    for (const known_phone& each : phones)
        out += tile(each, base, chosen, in);
    return out + "</nav>";
}

string menu_path(phone_menu which, const language& in)
{
    const known_phone* found = find(which);
    if (found == nullptr)
        return {};
    constexpr string_view between = " > ";
    string_view left = in[found->path_key];
    string out = "<span class=\"path\">";
    while (!left.empty()) {
        auto end = std::min(left.find(between), left.size());
        out += element("b", "", left.substr(0, end));
        left.remove_prefix(std::min(end + between.size(), left.size()));
        out += left.empty() ? "" : " ";
    }
    return out + "</span>";
}

string phone_check(const language& in)
{
    // A number, and so from left to right in every language.
    constexpr string_view code = "*#06#";
    string words = escape(in["phone_check_text"]);
    auto at = words.find(code);
    if (at != words.npos)
        words.replace(at, code.size(), "<bdi dir=\"ltr\">" + string(code) + "</bdi>");
    return "<details>" + element("summary", "", in["phone_check"]) + "<p>" + words
           + "</p></details>";
}

string scan_picture()
{
    return "<svg class=\"scan\" viewBox=\"0 0 60 44\" aria-hidden=\"true\">"
           "<path class=\"target\" d=\"M3 15v-6h6v6zM3 27v-6h6v6zM15 15v-6h6v6zM15 "
           "21h3v3h3v3h-6z\"/>"
           "<g class=\"hand\"><rect x=\"35\" y=\"1\" width=\"22\" height=\"42\" rx=\"4\"/>"
           "<path d=\"M42 40h8\"/><path class=\"tick\" d=\"M40 21l4 5 8-10\"/></g></svg>";
}

}  // namespace agent::web
