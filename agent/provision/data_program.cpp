#include "agent/provision/data_program.hpp"

#include "agent/base/json.hpp"
#include "agent/base/redact.hpp"
#include "agent/provision/error.hpp"
#include "platform/child_process.hpp"
#include "platform/run_to_end.hpp"
#include "platform/text.hpp"
#include "platform/timeout.hpp"

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
    auto end_at = std::chrono::steady_clock::now() + limit;
    auto talking = platform::with_timeout(talk(**started, line, log), limit, late);
    auto ended = co_await platform::run_to_end(std::move(talking));
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    bool is_over = !ended->interruption && ended->value->has_value();
    // It may have closed its output, and go on.
    auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end_at - std::chrono::steady_clock::now());
    auto patience = is_over ? std::max(left, std::chrono::milliseconds(0)) : left.zero();
    auto ending = (*started)->end(patience);
    auto status = co_await std::move(ending);
    if (ended->interruption)
        std::rethrow_exception(ended->interruption);
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    if (!*ended->value)
        co_return ended->value->error();
    if (!status)
        co_return status.error();
    if (*status != 0)
        co_return failure(errc::not_online, program + " up: " + platform::ending_of(*status));
    co_return result<void>();
}

}  // namespace agent::provision
