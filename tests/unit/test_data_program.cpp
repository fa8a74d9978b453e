#include "agent/provision/data_program.hpp"

#include "agent/provision/error.hpp"
#include "platform/error.hpp"
#include "platform/storage.hpp"
#include "tests/support/run.hpp"
#include "tests/support/temporary.hpp"

#include "tests/support/catch.hpp"
#include <boost/json/parse.hpp>

using namespace agent;
using namespace agent::provision;
using namespace std::chrono_literals;

namespace {

data_order order()
{
    data_order out;
    out.iccid = iccid::from("89999010000000042007");
    out.network = {platform::registration_state::roaming, "Net"};
    out.wanted.apn = "internet";
    out.wanted.user = "web";
    out.wanted.password = platform::secret("p\"w");
    out.there.interface_name = "wwan0";
    out.there.addresses.push_back({.method = "static",
        .address = "10.0.0.2",
        .prefix = 30,
        .gateway = "10.0.0.1",
        .name_servers = {"9.9.9.9"},
        .mtu = 1430});
    return out;
}

struct fixture {
    asio::io_context io{};
    tests::temporary_directory files{};
    platform::logger log{platform::log_level::error, std::tmpfile()};

    result<void> run(const std::string& script, std::chrono::milliseconds limit = 10s)
    {
        std::string program =
            files.write("up", "#!/bin/sh\ncd \"$(dirname \"$0\")\"\n" + script, 0700);
        return tests::run(io, run_data_program(program, order(), limit, log));
    }
};

}  // namespace

TEST_CASE("the program is told network, access point and addresses in one line", "[data_program]")
{
    auto line = to_line(order());
    CHECK(line.find('\n') == line.size() - 1);
    auto told = boost::json::parse(line);
    CHECK(told.at("iccid").as_string() == "89999010000000042007");
    CHECK(told.at("interface").as_string() == "wwan0");
    CHECK(told.at("registration").as_string() == "roaming");
    CHECK(told.at("password").as_string() == "p\"w");
    const auto& address = told.at("addresses").at(0);
    CHECK(address.at("method").as_string() == "static");
    CHECK(address.at("prefix").as_int64() == 30);
    CHECK(address.at("nameServers").at(0).as_string() == "9.9.9.9");
    CHECK(boost::json::parse(to_line({})).at("password").is_null());
}

TEST_CASE("the program gets its line on its input, and 'up' as its argument", "[data_program]")
{
    fixture f;
    CHECK(f.run("[ \"$*\" = up ] && cat >told"));
    auto told = boost::json::parse(platform::read_file(f.files.path() + "/told").value());
    CHECK(told.at("apn").as_string() == "internet");
}

TEST_CASE("a program that fails, is killed or lasts too long has not set data up", "[data_program]")
{
    fixture f;
    auto refused = f.run("exit 3");
    CHECK(refused.error() == errc::not_online);
    CHECK(refused.error().detail().ends_with("exit status 3"));
    CHECK(f.run("kill -9 $$").error().detail().ends_with("signal 9"));
    CHECK(f.run("exec sleep 60", 50ms).error().detail().ends_with("did not end in time"));
}

TEST_CASE("a program that is not there is a fault of the configuration", "[data_program]")
{
    fixture f;
    auto done = tests::run(f.io, run_data_program("/nonexistent", order(), 1s, f.log));
    CHECK(done.error() == platform::errc::configuration);
}
