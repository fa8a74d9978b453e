#include "platform/log.hpp"

#include "tests/support/catch.hpp"
#include <cstdlib>
#include <string>

using platform::log_level, platform::logger;

namespace {

std::string written(log_level least, log_level level, std::string_view text)
{
    char* data = nullptr;
    std::size_t size = 0;
    std::FILE* out = ::open_memstream(&data, &size);
    logger(least, out).write(level, text);
    std::fclose(out);
    std::string result(data, size);
    std::free(data);
    return result;
}

}  // namespace

TEST_CASE("a line is written from its level on", "[log]")
{
    CHECK(written(log_level::warning, log_level::error, "x") == "esim-agent: error: x\n");
    CHECK(written(log_level::warning, log_level::warning, "x") == "esim-agent: warning: x\n");
    CHECK(written(log_level::warning, log_level::info, "x").empty());
    CHECK(written(log_level::debug, log_level::debug, "x") == "esim-agent: debug: x\n");
}

TEST_CASE("a log line is one line, whatever is in it", "[log]")
{
    CHECK(written(log_level::info, log_level::info, "a\nb\033[31m\x7f")
          == "esim-agent: info: a?b?[31m?\n");
}

TEST_CASE("the last lines are kept for whoever asks later, also what is not shown", "[log]")
{
    logger log{log_level::error, std::tmpfile()};
    log.info("before anybody wanted it");
    log.keep_recent();
    log.debug("not kept");
    for (int i = 0; i < 250; ++i)
        log.info("line " + std::to_string(i) + "\x1b[31m");
    REQUIRE(log.recent().size() == 200);
    CHECK(log.recent().front().ends_with("Z info: line 50?[31m"));
    CHECK(log.recent().back().ends_with(" info: line 249?[31m"));
}

TEST_CASE("levels have the names of the command line", "[log]")
{
    CHECK(platform::log_level_from("debug") == log_level::debug);
    CHECK(platform::log_level_from("error") == log_level::error);
    CHECK_FALSE(platform::log_level_from("DEBUG"));
    CHECK_FALSE(platform::log_level_from(""));
}
