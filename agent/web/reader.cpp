#include "agent/web/reader.hpp"

#include "agent/net/form.hpp"
#include "platform/text.hpp"

#include <algorithm>
#include <charconv>

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

chosen_language language_for(const net::http_request& asked, const std::string& configured)
{
    chosen_language out;
    string_view target = asked.target;
    string_view query = target.substr(std::min(asked.path().size() + 1, target.size()));
    out.in = print::find_language(net::form_value(query, "lang"));
    if (out.in != nullptr)
        out.query = "?lang=" + out.in->code;
    if (out.in == nullptr && !configured.empty())
        out.in = print::find_language(configured);
    if (out.in == nullptr)
        out.in = &print::choose_language(asked["accept-language"]);
    return out;
}

}  // namespace agent::web
