#include "agent/web/brand.hpp"

#include "agent/base/json_members.hpp"
#include "agent/print/own_texts.hpp"
#include "agent/web/accent.hpp"
#include "agent/web/html.hpp"
#include "platform/error.hpp"
#include "platform/storage.hpp"
#include "platform/text.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

namespace agent::web {
namespace {

using std::string, std::string_view;

failure wrong(const string& path, const string& words)
{
    return failure(platform::errc::configuration, path + ": " + words);
}

/// Also for a link that leads nowhere, which is to be said and not passed over.
bool is_there(const string& path)
{
    std::error_code ignored;
    return std::filesystem::exists(std::filesystem::symlink_status(path, ignored));
}

/// A browser runs no script in a picture, and asks nobody for what is in it; one that needs either
/// would look different from what its maker saw.
bool is_svg(string_view content)
{
    constexpr std::size_t head = 1024;
    return content.substr(0, head).find("<svg") != content.npos
           && content.find("<script") == content.npos && content.find("<!ENTITY") == content.npos
           && content.find("href=\"http") == content.npos;
}

bool is_png(string_view content)
{
    return content.starts_with("\x89PNG\r\n\x1a\n");
}

bool is_jpeg(string_view content)
{
    return content.starts_with("\xff\xd8\xff");
}

struct picture_kind {
    string_view ending;
    const char* content_type;
    bool (*is)(string_view content);
    const char* what;
};

constexpr picture_kind kinds[] = {
    {".svg", "image/svg+xml", is_svg,
        "no SVG, or one with scripts, entities or parts from elsewhere; export it as plain SVG"},
    {".png", "image/png", is_png, "no PNG"},
    {".jpg", "image/jpeg", is_jpeg, "no JPEG"},
};

/// The file that is meant to be that picture and is called otherwise: "Logo.PNG"; empty for none.
string misnamed(const string& folder, string_view name)
{
    std::error_code ec;
    for (std::filesystem::directory_iterator each(folder, ec), end; each != end && !ec;
         each.increment(ec)) {
        const auto& path = each->path();
        bool is_meant = platform::lower(path.stem().string()) == name;
        bool is_right = std::ranges::any_of(kinds, [&path, name](const picture_kind& kind) {
            return path.filename().string() == string(name) + string(kind.ending);
        });
        if (is_meant && !is_right)
            return path.string();
    }
    return {};
}

/// The picture of that name in the folder, of whichever kind it is there.
result<picture> read_picture(const string& folder, string_view name)
{
    if (string path = misnamed(folder, name); !path.empty())
        return wrong(path, "a picture ends in .svg, .png or .jpg, in lower case");
    for (const picture_kind& each : kinds) {
        string path = folder + "/" + string(name) + string(each.ending);
        if (!is_there(path))
            continue;
        auto content = platform::read_file(path);
        if (!content)
            return content.error();
        if (!each.is(*content))
            return wrong(path, each.what);
        return picture{each.content_type, std::move(*content)};
    }
    return picture{};
}

result<string> style_of(string_view colour)
{
    auto wanted = parse_colour(colour);
    if (!wanted)
        return wanted.error();
    auto both = accent_of(*wanted);
    if (!both)
        return both.error();
    return ":root{--accent:" + both->on_light.text()
           + "}@media(prefers-color-scheme:dark){:root{--accent:" + both->on_dark.text() + "}}";
}

constexpr known_member members[] = {
    {"accent"},
    {"support"},
    {"openingHours"},
    {"staffed", json::kind::bool_},
};

result<void> take(brand& into, string_view name, const json::value& value)
{
    if (name == "staffed") {
        into.is_staffed = value.get_bool();
        return {};
    }
    string text(value.get_string());
    if (!platform::is_printable(text))
        return failure(platform::errc::configuration, string(name) + " holds control characters");
    if (name == "support")
        into.support = text;
    if (name == "openingHours")
        into.hours = text;
    if (name != "accent")
        return {};
    auto style = style_of(text);
    if (!style)
        return style.error();
    into.style = *style;
    return {};
}

result<void> read_settings(const string& path, brand& into)
{
    if (!is_there(path))
        return {};
    auto content = platform::read_file(path);
    if (!content)
        return content.error();
    auto read = read_members(*content, path, members,
        [&into](string_view name, const json::value& value) { return take(into, name, value); });
    return read ? result<void>() : wrong(path, read.error().message());
}

}  // namespace

const brand& plain_brand()
{
    static const brand plain;
    return plain;
}

result<brand> read_brand(const string& folder)
{
    brand out;
    if (folder.empty())
        return out;
    std::error_code ignored;
    if (!std::filesystem::is_directory(folder, ignored))
        return wrong(folder, "is no folder that can be read");
    auto logo = read_picture(folder, "logo");
    if (!logo)
        return logo.error();
    auto welcome = read_picture(folder, "welcome");
    if (!welcome)
        return welcome.error();
    auto texts = print::read_own_texts(folder + "/texts");
    if (!texts)
        return texts.error();
    out.logo = std::move(*logo);
    out.welcome = std::move(*welcome);
    out.texts = std::move(*texts);
    if (auto settings = read_settings(folder + "/brand.json", out); !settings)
        return settings.error();
    return out;
}

std::optional<net::server_response> brand_file_at(const brand& of, string_view path)
{
    struct file {
        string_view path;
        const string& content_type;
        const string& content;
    };
    static const string css = "text/css; charset=utf-8";
    const std::array<file, 3> files{file{"/brand/logo", of.logo.content_type, of.logo.content},
        file{"/brand/welcome", of.welcome.content_type, of.welcome.content},
        file{"/brand/style.css", css, of.style}};
    for (const file& each : files) {
        if (each.path != path || each.content.empty())
            continue;
        net::server_response out;
        out.content_type = each.content_type;
        out.body = each.content;
        out.headers.emplace_back("Cache-Control", "no-cache");
        return out;
    }
    return std::nullopt;
}

string brand_html(const brand& of, string_view title)
{
    if (of.logo.content.empty())
        return element("p", "class=\"brand\"", title);
    return "<p class=\"brand\"><img src=\"/brand/logo\" alt=\"" + escape(title) + "\"></p>";
}

string support_html(const string& contact, string_view hours, const print::language& in)
{
    string out;
    if (!contact.empty())
        out += escape(in["support"]) + " <bdi>" + contact + "</bdi>";
    if (!hours.empty())
        out += (out.empty() ? "" : "<br>") + escape(in["opening_hours"]) + " "
               + element("bdi", "", hours);
    return out.empty() ? out : "<p class=\"support\">" + out + "</p>";
}

}  // namespace agent::web
