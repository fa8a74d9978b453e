#include "agent/gigastore/types.hpp"

#include "tests/support/catch.hpp"

using namespace agent::gigastore;
using namespace std::chrono_literals;

TEST_CASE("sizes convert with 1 GB = 1024 MB", "[types]")
{
    CHECK(data_size{512, "MB"}.megabytes() == 512);
    CHECK(data_size{3, "gb"}.megabytes() == 3072);
    CHECK(data_size{1.5, "TB"}.megabytes() == 1.5 * 1024 * 1024);
    CHECK_FALSE(data_size{1, "PB"}.megabytes());
}

TEST_CASE("states are known in any case, and others are kept", "[types]")
{
    CHECK(esim_state_from("RELEASED") == esim_state::released);
    CHECK(esim_state_from("Installed") == esim_state::installed);
    CHECK(esim_state_from("disabled") == esim_state::disabled);
    CHECK(esim_state_from("ERROR") == esim_state::error);
    CHECK(esim_state_from("quarantine") == esim_state::other);
    CHECK(esim_state_from("") == esim_state::other);
}

TEST_CASE(
    "a package is purchased, activated, expired or refunded, as the console names it", "[types]")
{
    platform::timestamp now{1000s};
    activated_item item;
    item.balance.expires_at = now - 1s;
    CHECK(status_of(item, now) == "purchased");
    item.balance.activated_at = now - 100s;
    CHECK(status_of(item, now) == "expired");
    item.balance.expires_at = now + 1s;
    CHECK(status_of(item, now) == "activated");
    item.balance.expires_at = std::nullopt;
    CHECK(status_of(item, now) == "activated");
    item.status = "refunded";
    CHECK(status_of(item, now) == "refunded");
}

TEST_CASE("a package's status is the API's own word, if it gives one", "[types]")
{
    platform::timestamp now{1000s};
    activated_item item;
    item.status = "ACTIVATED";  // although it has no date
    CHECK(state_of(item, now) == package_state::activated);
    item.status = "On_Hold";
    CHECK(status_of(item, now) == "on_hold");
    CHECK(state_of(item, now) == package_state::purchased);
}

TEST_CASE("nothing is left of a package that was refunded", "[types]")
{
    activated_item item;
    item.balance.available = data_size{.value = 3, .unit = "GB"};
    CHECK(left_of(item, {})->value == 3);
    item.status = "REFUNDED";
    CHECK(left_of(item, {})->value == 0);
    CHECK(left_of(item, {})->unit == "GB");
}
