#include "tests/support/catch.hpp"
#include "tests/support/sandbox.hpp"

#include <boost/json/parse.hpp>

#include <chrono>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace tests;

namespace {

/// A daemon that hangs: it accepts, and never answers.
class silent_daemon {
public:
    explicit silent_daemon(std::string path) : path_(std::move(path))
    {
        socket_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_un where{};
        where.sun_family = AF_UNIX;
        path_.copy(where.sun_path, sizeof where.sun_path - 1);
        REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&where), sizeof where) == 0);
        REQUIRE(::listen(socket_, 8) == 0);
    }
    ~silent_daemon() { ::close(socket_); }
    silent_daemon(const silent_daemon&) = delete;
    silent_daemon& operator=(const silent_daemon&) = delete;

private:
    std::string path_;
    int socket_ = -1;
};

}  // namespace

TEST_CASE(
    "a daemon that accepts and never answers may pass, and is told within seconds", "[status]")
{
    sandbox outside;
    std::string path = outside.directory() + "/silent.sock";
    silent_daemon hung{path};
    program_options options;
    options.environment = {"ESIM_AGENT_CONTROL_SOCKET=" + path};
    auto begin = std::chrono::steady_clock::now();
    auto words = GENERATE(std::vector<std::string>{"--json", "status"},
        std::vector<std::string>{"--json", "report", "list"});
    finished done = outside.device(words, options);
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(20));
    CHECK(done.status == 5);
    auto error = boost::json::parse(done.out).at("error").as_object();
    CHECK(error.at("name").as_string() == "daemon_silent");
    std::string advice{error.at("advice").as_string()};
    CHECK(advice.find("systemctl restart esim-agent") != std::string::npos);
    CHECK(advice.find("esim-agent status") == std::string::npos);
}

TEST_CASE("without a daemon, status says what it knew last", "[status]")
{
    sandbox outside;
    program_options options;
    options.environment = {"ESIM_AGENT_CONTROL_SOCKET=" + outside.directory() + "/none.sock"};
    finished done = outside.device({"--json", "status"}, options);
    CHECK(done.status == 0);  // what the state directory knows
    CHECK_FALSE(boost::json::parse(done.out).at("running").as_bool());
}
