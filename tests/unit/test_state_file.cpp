#include "platform/state_file.hpp"

#include "platform/storage.hpp"
#include "tests/support/temporary.hpp"

#include "tests/support/catch.hpp"
#include <filesystem>
#include <sys/stat.h>

using namespace platform;

TEST_CASE("state is there again, in a directory that only its owner can read", "[state]")
{
    tests::temporary_directory files;
    std::string path = files.path() + "/new/state";
    CHECK_FALSE(load_state(path).value());
    REQUIRE(save_state(path, "one"));
    CHECK(load_state(path).value() == "one");
    struct stat about {};
    ::stat((files.path() + "/new").c_str(), &about);
    CHECK((about.st_mode & 0777U) == 0700U);
}

TEST_CASE("a damaged generation gives way to the one before it", "[state]")
{
    tests::temporary_directory files;
    std::string path = files.path() + "/state";
    REQUIRE(save_state(path, "one"));
    REQUIRE(save_state(path, "two"));
    std::string whole = read_file(path).value();
    std::string damaged = GENERATE_COPY(std::string(), whole.substr(0, whole.size() - 1),
        whole + "x", "esim-agent-state 1 3 00000000\ntwo", "nonsense", whole.substr(0, 10));
    files.write("state", damaged);
    CHECK(load_state(path).value() == "one");
}

TEST_CASE("when no generation is whole, that is said with the file's name", "[state]")
{
    tests::temporary_directory files;
    std::string path = files.write("state", "nonsense");
    CHECK(load_state(path).error().detail()
          == path + " is damaged, and so is the generation before it");
    REQUIRE(save_state(path, "new"));
    CHECK(load_state(path).value() == "new");
}

TEST_CASE("nothing is written when nothing has changed", "[state]")
{
    tests::temporary_directory files;
    std::string path = files.path() + "/state";
    REQUIRE(save_state(path, "one"));
    auto before = std::filesystem::last_write_time(path);
    REQUIRE(save_state(path, "one"));
    CHECK(std::filesystem::last_write_time(path) == before);
    CHECK_FALSE(std::filesystem::exists(path + ".previous"));
}
