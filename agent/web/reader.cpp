#include "agent/web/reader.hpp"

#include "agent/net/form.hpp"
#include "platform/text.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace agent::web {

using std::string_view;

phone phone_from(string_view user_agent)
{
    // "17_3" and "10" as one number: 1703, 1000; 0 if there is none.
    auto version_after = [user_agent](string_view name) {
        auto at = user_agent.find(name);
        if (at == user_agent.npos)
            return 0;
        const char* end = user_agent.data() + user_agent.size();
        int major = 0;
        int minor = 0;
        auto rest = std::from_chars(user_agent.data() + at + name.size(), end, major).ptr;
        if (rest != end && *rest == '_')
            std::from_chars(rest + 1, end, minor);
        constexpr int step = 100;
        return major * step + minor;
    };
    // What is older does nothing with the links.
    constexpr int least_apple = 1704;
    constexpr int least_android = 1000;
    bool is_apple =
        user_agent.find("iPhone") != user_agent.npos || user_agent.find("iPad") != user_agent.npos;
    if (is_apple)
        return version_after(" OS ") >= least_apple ? phone::apple : phone::none;
    return version_after("Android ") >= least_android ? phone::android : phone::none;
}

bool is_handheld(string_view user_agent)
{
    return user_agent.find("Mobile") != user_agent.npos
           || user_agent.find("Android") != user_agent.npos
           || user_agent.find("iPhone") != user_agent.npos
           || user_agent.find("iPad") != user_agent.npos;
}

bool is_preview(string_view user_agent)
{
    // By whole names: phones are called CUBOT, and messengers open pages for people, too.
    static constexpr string_view previews[] = {"facebookexternalhit", "telegrambot", "slackbot",
        "discordbot", "twitterbot", "linkedinbot", "googlebot", "bingbot", "applebot",
        "skypeuripreview", "viber/", "iframely", "embedly"};
    std::string known = platform::lower(std::string(user_agent));
    // WhatsApp's own begins so; its browser for people does not.
    return known.starts_with("whatsapp/")
           || std::ranges::any_of(
               previews, [&known](string_view each) { return known.find(each) != known.npos; });
}

namespace {

constexpr const char* phone_names[] = {"", "iphone", "samsung", "pixel"};

}  // namespace

const char* name_of(phone_menu which)
{
    return phone_names[static_cast<int>(which)];
}

phone_menu phone_menu_from(string_view name)
{
    const auto* found = std::ranges::find(phone_names, name);
    return found == std::end(phone_names)
               ? phone_menu::none
               : static_cast<phone_menu>(found - std::begin(phone_names));
}

std::string page_query::text() const
{
    std::string out;
    if (!language.empty())
        out = "?lang=" + language;
    if (phone != phone_menu::none)
        out += std::string(out.empty() ? "?" : "&") + "phone=" + name_of(phone);
    return out;
}

std::string query_value(const net::http_request& asked, string_view name)
{
    string_view target = asked.target;
    return net::form_value(target.substr(std::min(asked.path().size() + 1, target.size())), name);
}

chosen_language language_for(const net::http_request& asked, const std::string& configured)
{
    chosen_language out;
    out.in = print::find_language(query_value(asked, "lang"));
    out.is_chosen = out.in != nullptr;
    if (out.in == nullptr && !configured.empty())
        out.in = print::find_language(configured);
    if (out.in == nullptr)
        out.in = &print::choose_language(asked["accept-language"]);
    return out;
}

}  // namespace agent::web
