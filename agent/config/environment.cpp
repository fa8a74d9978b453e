#include "agent/config/keys.hpp"
#include "platform/error.hpp"

#include <string>

namespace agent {

result<void> read_environment(const char* const* environment, config& into)
{
    constexpr std::string_view prefix = "ESIM_AGENT_";
    for (; environment != nullptr && *environment != nullptr; ++environment) {
        std::string_view entry = *environment;
        if (!entry.starts_with(prefix))
            continue;
        auto equals = std::min(entry.find('='), entry.size());
        std::string name(entry.substr(0, equals));
        const config_key* key = find_config_key(name);
        if (key == nullptr && find_config_key(name + "_FILE") != nullptr)
            return failure(platform::errc::configuration,
                "environment: secrets are only "
                "taken from files; put it into one (mode 0600) and set "
                    + name + "_FILE");
        if (key == nullptr)
            return failure(platform::errc::configuration,
                "environment: unknown variable " + name + "; esim-agent(1) lists those there are");
        std::string_view value = entry.substr(std::min(equals + 1, entry.size()));
        if (auto done = key->set(into, value, {}); !done)
            return done.error().after("environment: " + name + ": ");
    }
    return {};
}

}  // namespace agent
