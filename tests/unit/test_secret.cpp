#include "platform/secret.hpp"

#include "tests/support/catch.hpp"
#include <sstream>

using platform::secret;

TEST_CASE("a secret prints redacted", "[secret]")
{
    std::ostringstream out;
    out << secret("hunter2") << secret();
    CHECK(out.str() == "[redacted][redacted]");
}

TEST_CASE("memory of a secret is wiped when it is given back", "[secret]")
{
    // The allocator is asked for the same block again, which malloc then hands out.
    platform::wiping_allocator<char> memory;
    char* block = memory.allocate(64);
    std::fill_n(block, 64, 'S');
    platform::wipe(block, 64);
    CHECK(std::string(block, 64) == std::string(64, '\0'));
    memory.deallocate(block, 64);
}

TEST_CASE("a short secret is wiped inside the object too, also when it is moved from", "[secret]")
{
    alignas(secret) unsigned char place[sizeof(secret)];
    auto holds = [&place] {
        std::string bytes(reinterpret_cast<char*>(place), sizeof place);
        return bytes.find("hunter2") != std::string::npos;
    };
    auto* short_one = new (place) secret("hunter2");
    REQUIRE(holds());
    SECTION("by its destructor")
    {
        short_one->~secret();
        CHECK_FALSE(holds());
    }
    SECTION("by moving it away")
    {
        secret taken = std::move(*short_one);
        CHECK(taken.reveal() == "hunter2");
        CHECK_FALSE(holds());
        short_one->~secret();
    }
    SECTION("by assigning another to it")
    {
        *short_one = secret("x");
        CHECK_FALSE(holds());
        short_one->~secret();
    }
}
