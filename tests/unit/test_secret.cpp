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

TEST_CASE("a secret keeps nothing inside itself, however short, also when it is moved", "[secret]")
{
    auto holds = [](const secret& object) {
        std::string bytes(reinterpret_cast<const char*>(&object), sizeof object);
        return bytes.find("unter2") != std::string::npos;
    };
    secret first("hunter2");
    CHECK_FALSE(holds(first));
    secret second = std::move(first);
    CHECK(second.reveal() == "hunter2");
    CHECK_FALSE(holds(first));
    CHECK_FALSE(holds(second));
}

TEST_CASE("memory through which secrets pass is wiped before it is given back", "[secret]")
{
    platform::wiping_allocator<char> memory;
    char* block = memory.allocate(64);
    std::fill_n(block, 64, 'S');
    platform::wipe(block, 64);
    CHECK(std::string(block, 64) == std::string(64, '\0'));
    memory.deallocate(block, 64);
}
