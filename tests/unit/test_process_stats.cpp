#include "platform/process_stats.hpp"

#include "tests/support/catch.hpp"

#include <cstdio>
#include <memory>

TEST_CASE("a process knows its memory and its open files", "[process_stats]")
{
    auto before = platform::read_process_stats();
    CHECK(before.resident_octets > 1'000'000);
    auto close = [](std::FILE* file) { std::fclose(file); };
    std::unique_ptr<std::FILE, decltype(close)> one{std::tmpfile()};
    CHECK(platform::read_process_stats().open_files == before.open_files + 1);
}
