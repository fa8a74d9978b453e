#include "agent/net/proxy.hpp"

#include "agent/base/base64.hpp"
#include "agent/base/percent.hpp"
#include "platform/error.hpp"
#include "platform/text.hpp"

namespace agent::net {

platform::secret basic_authorization(std::string_view user, std::string_view password)
{
    platform::wiped_string plain(user);
    plain += ':';
    plain += password;
    platform::wiped_string value("Basic ");
    value += to_base64(plain);
    return platform::secret(value);
}

result<proxy> parse_proxy(std::string_view text)
{
    std::string full(text);
    if (full.find("://") == std::string::npos)
        full.insert(0, "http://");  // curl and most others take a bare host:port
    auto parsed = parse_url(full);
    if (!parsed)
        return parsed.error();
    if (parsed->scheme != "http")
        return failure(platform::errc::configuration,
            "the proxy must be an http:// URL, not " + parsed->scheme + "://");
    proxy out;
    out.where = parsed->where;
    if (!parsed->userinfo.empty()) {
        auto colon = std::min(parsed->userinfo.find(':'), parsed->userinfo.size());
        std::string user = percent_decode(parsed->userinfo.substr(0, colon));
        std::string password = colon < parsed->userinfo.size()
                                   ? percent_decode(parsed->userinfo.substr(colon + 1))
                                   : "";
        out.authorization = basic_authorization(user, password);
        platform::wipe(password.data(), password.size());
        platform::wipe(parsed->userinfo.data(), parsed->userinfo.size());
    }
    platform::wipe(full.data(), full.size());
    return out;
}

std::vector<std::string> parse_no_proxy(std::string_view text)
{
    std::vector<std::string> entries;
    std::string entry;
    for (char c : std::string(text) + ",") {
        if (c != ',' && c != ' ') {
            entry += platform::lower(c);
            continue;
        }
        if (entry.starts_with('.'))
            entry.erase(0, 1);
        if (!entry.empty())
            entries.push_back(std::move(entry));
        entry.clear();
    }
    return entries;
}

bool is_exempt(const proxy_settings& settings, std::string_view host)
{
    for (const std::string& entry : settings.except) {
        if (entry == "*" || entry == host)
            return true;
        if (host.size() > entry.size() && host.ends_with(entry)
            && host[host.size() - entry.size() - 1] == '.')
            return true;
    }
    return false;
}

}  // namespace agent::net
