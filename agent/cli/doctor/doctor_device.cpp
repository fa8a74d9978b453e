// doctor: what is on this device before anything is asked: configuration, files, clock; and the
// daemon, and its disk.
#include "agent/cli/daemon_client.hpp"
#include "agent/cli/doctor/doctor.hpp"
#include "agent/cli/output/output.hpp"
#include "agent/config/keys.hpp"
#include "agent/net/error.hpp"
#include "agent/provision/memory.hpp"
#include "agent/sale/ledger.hpp"
#include "platform/account.hpp"
#include "platform/clock.hpp"
#include "platform/error.hpp"
#include "platform/storage.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace agent::cli {
namespace {

void check_configuration(examination& of)
{
    const config& settings = of.with.settings;
    bool has_reseller = !settings.client_id_file.empty();
    bool has_any =
        has_reseller || !settings.bearer_file.empty() || !settings.client_certificate_file.empty();
    if (!has_any) {
        failure why(platform::errc::configuration, "no credentials are configured");
        return of.fail("configuration", why,
            "Set bearer-file, client-certificate-file and client-key-file, or client-id-file and "
            "client-secret-file of <gigastore>; see esim-agent.xml(5).");
    }
    bool installs_alone = !settings.customer_uid.empty() || !settings.provision_directory.empty();
    bool is_risky = has_reseller && installs_alone && of.with.names_modem;
    if (is_risky)
        return of.warn("configuration",
            "a reseller's client id and secret are on a device that installs by itself",
            "They read every customer and spend credit: give the device a gateway's URL and a "
            "bearer token or certificate of its own.");
    std::string uid = settings.customer_uid;
    of.ok("configuration", uid.empty() ? "read; no customer is named" : "read; customer " + uid);
}

/// Whether a directory is the agent's already.
bool has_own_files(const std::string& directory)
{
    return ::access((directory + "/provision.json").c_str(), F_OK) == 0
           || ::access((directory + "/install.json").c_str(), F_OK) == 0;
}

struct hidden_file {
    failure why;
    std::string advice;
};

/// What the daemon's user cannot read, although root, who asks, can; nothing if it can read all.
std::optional<hidden_file> hidden_from_daemon(const session& with)
{
    auto daemon = platform::owner_of(with.settings.state_directory, "esim-agent");
    if (!daemon)
        return std::nullopt;
    std::vector<std::string> all = secret_files_of(with.settings);
    all.push_back(with.config_file);
    auto is_hidden = [&](const std::string& each) {
        return ::access(each.c_str(), F_OK) == 0 && !platform::can_read(*daemon, each);
    };
    auto found = std::ranges::find_if(all, is_hidden);
    if (found == all.end())
        return std::nullopt;
    namespace errc = boost::system::errc;
    failure why(errc::make_error_code(errc::permission_denied),
        *found + " cannot be read by " + daemon->name + ", the daemon's user");
    bool is_config = *found == with.config_file;
    std::string advice = is_config ? "Run: chgrp " + daemon->name + " " + *found + "; chmod 640 "
                                   : "Run: chown " + daemon->name + " " + *found + "; chmod 600 ";
    return hidden_file{std::move(why), advice + *found};
}

void check_files(examination& of)
{
    const config& settings = of.with.settings;
    int count = 0;
    for (const std::string& each : secret_files_of(settings)) {
        ++count;
        if (auto secret = platform::read_secret_file(each, std::chrono::seconds(1)); !secret)
            return of.fail("files", secret.error(),
                "Correct its name in the configuration, or make it readable for the agent's user "
                "alone: chmod 600.");
    }
    if (const auto hidden = hidden_from_daemon(of.with))
        return of.fail("files", hidden->why, hidden->advice);
    struct stat about {};
    bool is_there = ::stat(settings.state_directory.c_str(), &about) == 0;
    constexpr mode_t others = 077;
    const std::string& state = settings.state_directory;
    if (is_there && !S_ISDIR(about.st_mode))
        return of.fail("files", failure(platform::errc::configuration, state),
            "Name a directory of its own in <state directory=\"...\"/>.");
    if (is_there && (about.st_mode & others) != 0)
        return of.warn("files", state + " can be seen by other users",
            has_own_files(state) ? "Run: chmod 700 " + state
                                 : "Name a directory of its own in <state directory=\"...\"/>.");
    of.ok("files", std::to_string(count) + " with secrets, for their owner alone");
}

void check_clock(examination& of)
{
    auto now = platform::read_clock();
    if (now.is_plausible())
        return of.ok("clock", local_time(now.system));
    of.warn("clock",
        "it says " + local_time(now.system)
            + ", which was before this program was built; certificates are checked as of "
            + local_time(now.checked_at),
        "Set it (date -s, or NTP): reports and dates are wrong, and new certificates are refused.");
}

/// What to do about a directory that takes no file.
std::string advice_for_disk(const failure& why, const std::string& directory)
{
    namespace errc = boost::system::errc;
    if (why.code() == errc::read_only_file_system)
        return "It is mounted read-only: mount it for writing, or name another <state directory>.";
    if (why.code() == errc::permission_denied || why.code() == errc::operation_not_permitted)
        return "This user may not write there: run doctor as the agent's user, or correct the "
               "owner of "
               + directory + ".";
    return "Make room on it.";
}

void check_disk(examination& of)
{
    const std::string& directory = of.with.settings.state_directory;
    struct statvfs about {};
    // Where it is not there yet, it will be made.
    std::filesystem::path there{directory};
    std::error_code ec;
    while (!std::filesystem::exists(there, ec) && there.has_relative_path())
        there = there.parent_path();
    if (::statvfs(there.c_str(), &about) != 0)
        return of.fail("disk", failure(error_code(errno, boost::system::system_category()), there));
    constexpr std::uint64_t least = 512 * 1024;
    std::uint64_t free = std::uint64_t{about.f_bavail} * about.f_frsize;
    std::string words = std::to_string(free / 1024) + " kB free in " + there.string();
    std::string probe = there / "esim-agent.probe";
    auto written = platform::write_file(probe, "x");
    if (!written)
        return of.fail("disk", written.error(), advice_for_disk(written.error(), there));
    static_cast<void>(platform::remove_file(probe));
    if (free < least)
        return of.warn("disk", words, "Make room: state and reports need 512 kB.");
    of.ok("disk", words);
}

asio::awaitable<void> check_daemon(examination& of)
{
    auto answer = co_await ask_daemon(of.with, "GET", "/v1/status");
    if (!answer) {
        of.fail("daemon", answer.error());
        co_return;
    }
    if (!*answer && has_own_files(of.with.settings.state_directory)
        && !of.with.settings.customer_uid.empty()) {
        of.warn("daemon", "is not running", "Start it, if it should: systemctl start esim-agent.");
        co_return;
    }
    if (!*answer) {
        of.ok("daemon", "is not running");
        co_return;
    }
    of.is_daemon_there = true;
    json_document document{**answer};
    bool is_object = document.root() != nullptr && document.root()->is_object();
    if (is_object)
        of.status = json::value(*document.root(), {}).as_object();
    const json::value* trouble = is_object ? member(*document.root(), "trouble") : nullptr;
    if (trouble != nullptr)
        of.warn("daemon", "in trouble: " + text(*trouble, "name"), text(*trouble, "advice"));
    else
        of.ok("daemon", is_object ? text(*document.root(), "doing") : "");
}

}  // namespace

namespace {

/// Purchases that nobody was told the outcome of.
void check_sales(examination& of)
{
    auto all = sale::ledger(of.with.settings.state_directory).all();
    if (!all)
        return of.fail("sales", all.error());
    for (const sale::sale_record& each : *all)
        if (each.is_untold())
            of.warn("sales",
                "a package may have been bought on " + local_time(each.since)
                    + ", and nobody was told",
                "Run: esim-agent " + command_of(each.what)
                    + "; it shows the package, or buys it if it was not bought.");
}

}  // namespace

asio::awaitable<void> check_device(examination& of)
{
    check_configuration(of);
    check_files(of);
    check_clock(of);
    co_return;
}

asio::awaitable<void> check_state(examination& of)
{
    co_await check_daemon(of);
    co_await check_reports(of);
    check_sales(of);
    check_disk(of);
}

}  // namespace agent::cli
