// doctor: data through the modem, where the daemon awaits it.
#include "agent/cli/doctor/doctor.hpp"
#include "agent/provision/error.hpp"
#include "platform/error.hpp"

#include <net/if.h>
#include <sys/stat.h>
#include <unistd.h>

namespace agent::cli {
namespace {

constexpr const char* data = "data";

}  // namespace

bool is_runnable(examination& of, const char* check, const std::string& program)
{
    struct stat about {};
    failure wrong(platform::errc::configuration, program + " cannot be run");
    bool is_there = ::stat(program.c_str(), &about) == 0 && S_ISREG(about.st_mode);
    bool can_run = is_there && ::access(program.c_str(), X_OK) == 0;
    if (!can_run)
        of.fail(check, is_there ? wrong : wrong.saying(program + " is not there"),
            "Name another program, or make it executable for this user.");
    bool is_ours = about.st_uid == 0 || about.st_uid == ::geteuid();
    bool is_safe = is_ours && (about.st_mode & (S_IWGRP | S_IWOTH)) == 0;
    if (can_run && !is_safe)
        of.warn(check, program + " can be changed by others than root and this user",
            "Run: chown root " + program + "; chmod go-w " + program);
    return can_run && is_safe;
}

asio::awaitable<void> check_data(examination& of)
{
    const config& settings = of.with.settings;
    if (settings.data_online == data_mode::no)
        co_return;
    bool runs = settings.data_online == data_mode::connect && !settings.data_program.empty();
    if (runs && !is_runnable(of, data, settings.data_program))
        co_return;
    const std::string& interface = settings.modem_interface;
    if (interface.empty())
        co_return of.skip(data, "the daemon is told the interface by ModemManager");
    if (::if_nametoindex(interface.c_str()) == 0)
        co_return of.warn(data, "there is no interface " + interface,
            "'ip link' lists those there are; some come with the modem's connection only.");
    auto reached = co_await of.with.http->reach(settings.gigastore_url.where, interface);
    if (reached)
        of.ok(data, "Gigastore is reached by " + interface);
    else
        of.fail(data, failure(provision::errc::not_online,
                          "by " + interface + ": " + reached.error().detail()));
}

}  // namespace agent::cli
