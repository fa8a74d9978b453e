#include "platform/child_process.hpp"

#include "platform/error.hpp"
#include "tests/support/run.hpp"
#include "tests/support/temporary.hpp"

#include "tests/support/catch.hpp"

#include <csignal>
#include <cstdlib>
#include <sys/wait.h>

namespace asio = boost::asio;
using namespace std::chrono_literals;
using platform::child_process;

namespace {

struct fixture {
    asio::io_context io{};

    std::unique_ptr<child_process> shell(const std::string& script)
    {
        return child_process::start(io.get_executor(), "/bin/sh", {"-c", script}).value();
    }
    std::string line(child_process& from) { return tests::run(io, from.read_line()).value(); }
    int end(child_process& of, std::chrono::milliseconds patience = 10s,
        std::chrono::milliseconds grace = 3s)
    {
        return tests::run(io, of.end(patience, grace)).value();
    }
};

}  // namespace

TEST_CASE("a program is asked and answers by lines", "[child_process]")
{
    fixture f;
    auto program = f.shell("read -r a; echo \"got $a\"; echo aside >&2; printf rest; exit 3");
    CHECK(tests::run(f.io, program->write("one\n")));
    CHECK(f.line(*program) == "got one");
    CHECK(f.line(*program) == "aside");
    CHECK(f.line(*program) == "rest");
    CHECK(tests::run(f.io, program->read_line()).error() == asio::error::eof);
    CHECK(WEXITSTATUS(f.end(*program)) == 3);
}

TEST_CASE("a program that reads nothing can still be written to", "[child_process]")
{
    fixture f;
    ::signal(SIGPIPE, SIG_DFL);
    auto program = f.shell("exec <&-; echo ready; read -r never");
    CHECK(f.line(*program) == "ready");
    CHECK(tests::run(f.io, program->write("nobody reads this\n")));
    f.end(*program);
}

TEST_CASE("a line without an end is refused before it fills the memory", "[child_process]")
{
    fixture f;
    auto program = f.shell("exec tr '\\0' x </dev/zero");
    CHECK(tests::run(f.io, program->read_line()).error() == platform::errc::too_long);
    CHECK(WIFSIGNALED(f.end(*program, 0s)));
}

TEST_CASE("what a program started ends with it", "[child_process]")
{
    fixture f;
    auto program = f.shell("sleep 600 & echo started; wait");
    CHECK(f.line(*program) == "started");
    CHECK(WTERMSIG(f.end(*program, 0s)) == SIGTERM);
    // The pipe has an end once nobody holds it.
    CHECK(tests::run(f.io, program->read_line()).error() == asio::error::eof);
}

TEST_CASE("who ignores SIGTERM is killed", "[child_process]")
{
    fixture f;
    auto program = f.shell("trap '' TERM; echo ready; sleep 600 & wait");
    CHECK(f.line(*program) == "ready");
    CHECK(WTERMSIG(f.end(*program, 0s, 10ms)) == SIGKILL);
}

TEST_CASE("a program gets no credentials of the environment", "[child_process]")
{
    fixture f;
    ::setenv("ESIM_AGENT_BEARER_FILE", "/run/credentials/bearer", 1);
    auto program = f.shell("env | grep -c ESIM_AGENT; echo $PATH");
    CHECK(f.line(*program) == "0");
    CHECK(f.line(*program) == std::getenv("PATH"));
    f.end(*program);
    ::unsetenv("ESIM_AGENT_BEARER_FILE");
}

TEST_CASE("a program that every user may change is not run", "[child_process]")
{
    fixture f;
    tests::temporary_directory files;
    std::string script = files.write("script", "#!/bin/sh\n", 0777);
    auto started = child_process::start(f.io.get_executor(), script, {});
    REQUIRE_FALSE(started);
    CHECK(started.error().detail().ends_with("run: chmod o-w " + script));
}

TEST_CASE("what cannot be run says so, and what to correct", "[child_process]")
{
    fixture f;
    tests::temporary_directory files;
    std::string script = files.write("script", "#!/bin/sh\n", 0600);
    for (const std::string& each : {script, std::string("/nowhere/program")}) {
        auto started = child_process::start(f.io.get_executor(), each, {});
        REQUIRE_FALSE(started);
        CHECK(started.error() == platform::errc::configuration);
        CHECK(started.error().detail().starts_with(each + " cannot be run: "));
    }
}
