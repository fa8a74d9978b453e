#include "platform/device_lock.hpp"

#include "platform/euicc_channel.hpp"
#include "platform/storage.hpp"
#include "tests/support/temporary.hpp"

#include "tests/support/catch.hpp"
#include <filesystem>
#include <unistd.h>

using namespace platform;

TEST_CASE("a device is locked as modem programs do it, and free again afterwards", "[lock]")
{
    tests::temporary_directory locks;
    std::string file = locks.path() + "/LCK..ttyUSB9";
    {
        auto held = device_lock::take("/dev/ttyUSB9", locks.path());
        REQUIRE(held);
        std::string content = read_file(file).value();
        CHECK(std::stol(content.substr(0, 10)) == ::getpid());
        CHECK(content[10] == '\n');
    }
    CHECK_FALSE(std::filesystem::exists(file));
}

TEST_CASE("who comes second is told who holds it", "[lock]")
{
    tests::temporary_directory locks;
    auto held = device_lock::take("/dev/x", locks.path());
    auto second = device_lock::take("/dev/x", locks.path());
    REQUIRE_FALSE(second);
    CHECK(second.error() == channel_errc::busy);
    std::string name = read_file("/proc/self/comm").value();
    name.pop_back();
    CHECK(second.error().detail()
          == "/dev/x is held by " + name + " (process " + std::to_string(::getpid()) + ")");
}

TEST_CASE("the lock of another modem program counts while that lives", "[lock]")
{
    tests::temporary_directory locks;
    locks.write("LCK..x", "         1\n", 0644);  // init
    CHECK(device_lock::take("/dev/x", locks.path()).error() == channel_errc::busy);
    locks.write("LCK..x", "   4194399\n", 0644);  // nobody: beyond the largest process id
    CHECK(device_lock::take("/dev/x", locks.path()));
    locks.write("LCK..x", "nonsense", 0644);
    CHECK(device_lock::take("/dev/x", locks.path()));
}

TEST_CASE("a lock that an agent left when it was killed is no lock", "[lock]")
{
    tests::temporary_directory locks;
    locks.write("LCK..x", "         1\nesim-agent\n", 0644);  // its number was given to another
    CHECK(device_lock::take("/dev/x", locks.path()));
}

TEST_CASE("what a killed agent wrote down is there until it is cleared away", "[lock]")
{
    tests::temporary_directory locks;
    locks.write("LCK..x", "   4194399\nesim-agent\nccho 2\n", 0644);
    {
        auto taken = device_lock::take("/dev/x", locks.path()).value();
        CHECK(taken.left_behind() == "ccho 2");
        CHECK(read_file(locks.path() + "/LCK..x")->ends_with("\nccho 2\n"));  // killed once more
        taken.note("csim 1");
        CHECK(read_file(locks.path() + "/LCK..x")->ends_with("\ncsim 1\n"));
        taken.note("");
        CHECK(read_file(locks.path() + "/LCK..x")->ends_with("\nesim-agent\n\n"));
    }
    CHECK(device_lock::take("/dev/x", locks.path())->left_behind().empty());
}

TEST_CASE("a link to a device is the device", "[lock]")
{
    tests::temporary_directory locks;
    std::string real = locks.write("real", "");
    std::string link = locks.path() + "/link";
    std::filesystem::create_symlink(real, link);
    auto held = device_lock::take(real, locks.path());
    CHECK(device_lock::take(link, locks.path()).error() == channel_errc::busy);
}

TEST_CASE("without a place for locks there are none, and that is no failure", "[lock]")
{
    CHECK(device_lock::take("/dev/x", ""));
}
