#include "platform/account.hpp"

#include "platform/storage.hpp"
#include "tests/support/temporary.hpp"

#include "tests/support/catch.hpp"
#include <sys/stat.h>
#include <unistd.h>

TEST_CASE("who owns a directory is told, and root is taken for nobody", "[account]")
{
    tests::temporary_directory files;
    if (::geteuid() != 0) {
        CHECK(platform::owner_of(files.path(), "nobody-of-that-name")->user == ::geteuid());
        return;
    }
    CHECK_FALSE(platform::owner_of(files.path(), "nobody-of-that-name"));
    REQUIRE(::chown(files.path().c_str(), 4711, 4712) == 0);
    auto owner = platform::owner_of(files.path(), "nobody-of-that-name");
    REQUIRE(owner);
    CHECK(owner->user == 4711);
    CHECK(owner->name == "4711");
}

TEST_CASE("root can tell what another user may read, and above it", "[account]")
{
    if (::geteuid() != 0)
        return;  // nobody else can
    tests::temporary_directory files;
    std::string inside = files.path() + "/inside";
    REQUIRE(::mkdir(inside.c_str(), 0755) == 0);
    REQUIRE(::chmod(files.path().c_str(), 0755) == 0);
    std::string file = inside + "/secret";
    platform::write_file(file, "x").value();
    platform::account who{.name = "4711", .user = 4711, .group = 4711};
    CHECK_FALSE(platform::can_read(who, file));
    REQUIRE(::chown(file.c_str(), 4711, 4711) == 0);
    CHECK(platform::can_read(who, file));
    REQUIRE(::chmod(inside.c_str(), 0700) == 0);
    CHECK_FALSE(platform::can_read(who, file));
}
