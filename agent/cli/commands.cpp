#include "agent/cli/commands.hpp"

#include "agent/net/error.hpp"
#include "platform/error.hpp"

namespace agent::cli {

command run(session& with, command_options options)
{
    return std::visit([&with](auto& each) { return run(with, std::move(each)); }, options);
}

boost::system::result<std::string, problem> wanted_uid(const session& with, std::string given)
{
    if (!given.empty())
        return given;
    if (!with.settings.customer_uid.empty())
        return with.settings.customer_uid;
    failure missing(platform::errc::usage, "no customer was named");
    return problem({}, missing, "Give a UID, or configure <customer uid=\"...\"/>.");
}

problem about_customer(const std::string& doing, const failure& why)
{
    bool is_missing = why == net::errc::not_found;
    return {doing, why,
        is_missing ? "Check the UID; 'esim-agent customer search --email TEXT' finds customers."
                   : ""};
}

}  // namespace agent::cli
