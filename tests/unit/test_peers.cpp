#include "platform/peers.hpp"

#include "tests/support/catch.hpp"

#include <unistd.h>

using platform::peers_allowed;

namespace {

constexpr uid_t nobody = 65534;
constexpr gid_t nogroup = 65534;

}  // namespace

TEST_CASE("root and the agent's own user may connect, whatever the group", "[peers]")
{
    auto allowed = peers_allowed("");
    CHECK(allowed(0, 0, 1));
    CHECK(allowed(::geteuid(), nogroup, 1));
    CHECK(peers_allowed("no-such-group")(0, 0, 1));
}

TEST_CASE("others may connect as members of the group that is named, and of no other", "[peers]")
{
    CHECK_FALSE(peers_allowed("")(nobody, nogroup, 1));
    CHECK(peers_allowed("nogroup")(nobody, nogroup, 1));
    CHECK_FALSE(peers_allowed("daemon")(nobody, nogroup, 1));
    CHECK_FALSE(peers_allowed("no-such-group")(nobody, nogroup, 1));
}

TEST_CASE("a user that nobody knows is let in by its process's own group alone", "[peers]")
{
    constexpr uid_t unknown = 4'000'000;
    CHECK_FALSE(peers_allowed("daemon")(unknown, nogroup, 1));
}
