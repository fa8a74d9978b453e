#include "agent/provision/data_program.hpp"

#include "agent/base/json.hpp"
#include "agent/base/redact.hpp"
#include "agent/provision/error.hpp"
#include "platform/child_process.hpp"
#include "platform/text.hpp"

#include <boost/asio/this_coro.hpp>

namespace agent::provision {
namespace {

json::object to_json(const platform::interface_address& what)
{
    json::object out{{"family", what.is_ipv6 ? 6 : 4}, {"method", what.method},
        {"address", or_null(what.address)}, {"prefix", what.prefix},
        {"gateway", or_null(what.gateway)},
        {"mtu", what.mtu == 0 ? json::value() : json::value(what.mtu)}};
    json::array& servers = out["nameServers"].emplace_array();
    for (const std::string& each : what.name_servers)
        servers.emplace_back(each);
    return out;
}

task<void> talk(
    platform::child_process& program, const platform::wiped_string& line, platform::logger& log)
{
    auto told = co_await program.write(line);
    if (!told)
        co_return told.error();
    program.close_input();
    while (true) {
        auto said = co_await program.read_line();
        if (!said && said.error() == asio::error::eof)
            co_return result<void>();
        if (!said)
            co_return said.error();
        log.info("data: " + platform::printable(redact(*said)));
    }
}

}  // namespace

platform::wiped_string to_line(const data_order& what)
{
    json::object out{json::make_shared_resource<wiping_resource>()};
    out["iccid"] = what.iccid.text();
    out["interface"] = or_null(what.there.interface_name);
    out["port"] = or_null(what.port);
    out["operator"] = or_null(what.network.network);
    out["registration"] = name_of(what.network.state);
    out["roaming"] = what.wanted.roams;
    out["apn"] = or_null(what.wanted.apn);
    out["user"] = or_null(what.wanted.user);
    out["password"] = nullptr;
    if (!what.wanted.password.empty())
        out["password"].emplace_string() = what.wanted.password.reveal();
    json::array& addresses = out["addresses"].emplace_array();
    for (const platform::interface_address& each : what.there.addresses)
        addresses.push_back(to_json(each));
    platform::wiped_string line = wiped_json(out);
    line += '\n';
    return line;
}

task<void> run_data_program(
    std::string program, data_order what, std::chrono::milliseconds limit, platform::logger& log)
{
    auto executor = co_await asio::this_coro::executor;
    std::vector<std::string> arguments(1, "up");
    auto started = platform::child_process::start(executor, program, arguments);
    if (!started)
        co_return started.error();
    platform::wiped_string line = to_line(what);
    failure late(errc::not_online, program + " did not end in time");
    // It may close its output, and go on: it has the whole limit.
    auto talking = platform::converse(**started, talk(**started, line, log), limit, late, limit);
    platform::conversation ended = co_await std::move(talking);
    if (!ended.said)
        co_return ended.said.error();
    if (!ended.status)
        co_return ended.status.error();
    if (*ended.status != 0)
        co_return failure(errc::not_online, program + " up: " + platform::ending_of(*ended.status));
    co_return result<void>();
}

}  // namespace agent::provision
