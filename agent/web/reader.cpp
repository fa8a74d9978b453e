#include "agent/web/reader.hpp"

#include "agent/net/form.hpp"
#include "platform/text.hpp"

#include <algorithm>
#include <charconv>

namespace agent::web {

using std::string_view;

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
    // What is older does nothing with the links.
    constexpr int least_apple = 17;
    constexpr int least_android = 10;
    bool is_apple =
        user_agent.find("iPhone") != user_agent.npos || user_agent.find("iPad") != user_agent.npos;
    if (is_apple)
        return number_after(" OS ") >= least_apple ? phone::apple : phone::none;
    return number_after("Android ") >= least_android ? phone::android : phone::none;
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
    static constexpr string_view previews[] = {"bot", "facebookexternalhit", "whatsapp", "preview",
        "slack", "discord", "skype", "telegram", "crawler", "spider", "embed"};
    std::string known = platform::lower(std::string(user_agent));
    return std::ranges::any_of(
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
