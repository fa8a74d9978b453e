#include "agent/kiosk/self_service.hpp"
#include "agent/kiosk/session_store.hpp"

#include "agent/net/error.hpp"

#include "agent/gigastore/choose.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scripted_gigastore.hpp"

#include "tests/support/catch.hpp"

using namespace std::chrono_literals;
using namespace agent;
using tests::http_answer, tests::scripted;

namespace {

struct fixture : tests::scripted_gigastore {
    kiosk::session_store_settings settings;
    std::optional<kiosk::session_store> store;
    std::optional<int> percent;  // of this device's own installation

    explicit fixture(std::deque<scripted> script) : scripted_gigastore(std::move(script))
    {
        settings.poll = 1s;
    }

    kiosk::session_store& open_store()
    {
        kiosk::session_store_parts with{.api = api,
            .outbox = outbox,
            .progress = [this](const agent::iccid&) { return percent; },
            .log = log};
        return store.emplace(io.get_executor(), std::move(with), settings);
    }

    result<std::string> open(const std::string& named = "")
    {
        kiosk::session_order what;
        what.customer_uid = "C1";
        what.named = named;
        return tests::run(io, store->open(std::move(what)));
    }

    /// Lets the loop run until `is_so`; false if it never is.
    bool comes(const std::function<bool()>& is_so)
    {
        for (int turns = 0; turns < 500 && !is_so(); ++turns) {
            io.restart();
            io.run_for(10ms);
        }
        return is_so();
    }
};

}  // namespace

TEST_CASE("a session shows the eSIM until it is installed, and tells each stage", "[kiosk]")
{
    fixture f{{tests::customer_with("RELEASED"), tests::customer_with("RELEASED"),
        tests::customer_with("INSTALLED")}};
    kiosk::session_store& store = f.open_store();
    kiosk::session* one = store.find(f.open().value());
    std::string id = one->id;
    CHECK(id.size() == 32);
    CHECK(store.on_screen() == one);
    CHECK(one->shows_code(kiosk::steady_clock::now()));
    store.note_shown(*one);
    store.note_shown(*one);
    REQUIRE(f.comes([&] { return store.find(id)->state == kiosk::session_state::installed; }));
    CHECK(one->activation_code.empty());
    CHECK(f.stages == std::vector<std::string>{"fetched", "shown", "installed"});
}

TEST_CASE("a download that this device knows of is shown with its percent", "[kiosk]")
{
    fixture f{{tests::customer_with("RELEASED"), tests::customer_with("RELEASED"),
        tests::customer_with("INSTALLED")}};
    kiosk::session_store& store = f.open_store();
    std::string id = f.open().value();
    f.percent = 45;
    REQUIRE(f.comes([&] { return store.find(id)->state == kiosk::session_state::downloading; }));
    CHECK(store.find(id)->percent == 45);
    CHECK(store.find(id)->shows_code(kiosk::steady_clock::now()));
    REQUIRE(f.comes([&] { return store.find(id)->state == kiosk::session_state::installed; }));
}

TEST_CASE("a session that began while all were ended is not opened", "[kiosk]")
{
    fixture f{{tests::customer_with("RELEASED")}};
    kiosk::session_store& store = f.open_store();
    bool has_ended = false;
    boost::asio::co_spawn(f.io, store.ended(), [&](std::exception_ptr) { has_ended = true; });
    REQUIRE(f.comes([&] { return has_ended; }));
    CHECK_FALSE(f.open());
    CHECK(store.on_screen() == nullptr);
}

TEST_CASE("a session is over in time, and nothing of it is left", "[kiosk]")
{
    fixture f{{tests::customer_with("RELEASED")}};
    f.settings.lasts = 0s;
    f.settings.poll = 60s;
    kiosk::session_store& store = f.open_store();
    auto opened = f.open();
    REQUIRE(f.comes([&] { return store.on_screen() == nullptr; }));
    CHECK(store.to_json().at("sessions").as_array().empty());
}

TEST_CASE("an eSIM that was installed already, or is in error, opens no session", "[kiosk]")
{
    for (const char* state : {"INSTALLED", "DISABLED", "ERROR"}) {
        fixture f{{tests::customer_with(state), tests::customer_with(state)}};
        f.open_store();
        CHECK_FALSE(f.open());
        CHECK_FALSE(f.open("89999010000000042007"));
        CHECK(f.store->on_screen() == nullptr);
        CHECK(f.stages.empty());
    }
}

TEST_CASE("the next session on the screen ends the one before", "[kiosk]")
{
    fixture f{{tests::customer_with("RELEASED"), tests::customer_with("RELEASED")}};
    kiosk::session_store& store = f.open_store();
    std::string first = f.open().value();
    std::string second = f.open().value();
    CHECK(first != second);
    CHECK(store.find(first) == nullptr);
    CHECK(store.on_screen()->id == second);
    CHECK(store.end(second));
    CHECK_FALSE(store.end(second));
}

TEST_CASE("there are never more sessions at once than there may be", "[kiosk]")
{
    fixture f{{tests::customer_with("RELEASED")}};
    f.settings.most = 1;
    f.open_store();
    REQUIRE(f.open());
    CHECK_FALSE(f.open());
}

TEST_CASE("an eSIM that Gigastore no longer offers is told as failed", "[kiosk]")
{
    fixture f{{tests::customer_with("RELEASED"), tests::customer_with("ERROR")}};
    kiosk::session_store& store = f.open_store();
    std::string id = f.open().value();
    REQUIRE(f.comes([&] { return store.find(id)->state == kiosk::session_state::failed; }));
    CHECK(f.stages == std::vector<std::string>{"fetched", "failed"});
}

TEST_CASE("a session asks later after each failure, and not before Gigastore said", "[kiosk]")
{
    failure silent(net::errc::timeout);
    CHECK(kiosk::wait_after(silent, 1, 3s, 0) == 3s);
    CHECK(kiosk::wait_after(silent, 3, 3s, 0.99) > 6s);
    CHECK(kiosk::wait_after(silent, 30, 3s, 0.99) <= 15s);
    platform::failure_cause cause;
    cause.retry_after = 600s;
    failure busy = failure(net::errc::rate_limited).because(cause);
    CHECK(kiosk::wait_after(busy, 1, 3s, 0) == 600s);
}

TEST_CASE("a reference is looked up as what it can be, and no more", "[kiosk]")
{
    scripted items{.answer = http_answer(200, R"({"uid":"P1234567","customer":{"uid":"C9"}})")};
    scripted missing{.answer = http_answer(404, "")};
    scripted found{.answer = http_answer(200, R"({"customers":[{"customer":{"uid":"C8"}}]})")};
    scripted two{.answer = http_answer(
                     200, R"({"customers":[{"customer":{"uid":"A"}},{"customer":{"uid":"B"}}]})")};
    fixture f{{items, found, found, two, missing, missing}};
    auto find = [&f](const std::string& text, bool takes_email) {
        return tests::run(f.io, kiosk::find_customer(f.api, text, takes_email));
    };
    CHECK(find("P1234567", false).value().uid == "C9");
    CHECK(find("89999010000000042007", false).value().uid == "C8");
    CHECK(find(" a@example.org", true).value().uid == "C8");
    CHECK_FALSE(find("b@example.org", true));
    CHECK_FALSE(find("7e0c4f52-unknown", true));
    CHECK(f.server.received().size() == 6);
    // These are not even asked for.
    CHECK_FALSE(find("a@example.org", false));
    CHECK_FALSE(find("../../customers", true));
    CHECK_FALSE(find("", true));
    CHECK_FALSE(find(std::string(200, 'a'), true));
    CHECK(f.server.received().size() == 6);
}
