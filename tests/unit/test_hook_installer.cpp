#include "agent/esim/hook_installer.hpp"

#include "agent/esim/error.hpp"
#include "agent/lpa/error.hpp"
#include "platform/storage.hpp"
#include "tests/support/run.hpp"
#include "tests/support/started.hpp"
#include "tests/support/temporary.hpp"

#include "tests/support/catch.hpp"

namespace asio = boost::asio;
using namespace agent;
using namespace std::chrono_literals;
using esim::hook_installer;

namespace {

/// Somebody who accepts profiles, or not, and knows a confirmation code, or not.
class dialogue final : public lpa::download_dialogue {
public:
    lpa::decision answer = lpa::decision::yes;
    std::optional<platform::secret> code{};
    std::string offered{};
    std::vector<lpa::step> steps{};
    int tries_left = 0;

    void progress(lpa::step at, int) override { steps.push_back(at); }
    task<lpa::decision> approve(lpa::profile_metadata offer, bool) override
    {
        offered = offer.iccid.text();
        co_return answer;
    }
    task<platform::secret> confirmation_code(int left) override
    {
        tries_left = left;
        failure needed(lpa::errc::confirmation_needed, "nobody knows it");
        if (!code)
            co_return needed;
        co_return *code;
    }
};

/// What comes of it does not matter.
asio::awaitable<void> install(
    hook_installer& by, esim::install_order order, lpa::download_dialogue& with)
{
    co_await by.install(std::move(order), with);
}

constexpr const char* list = R"(
    [ "$1" = list ] && { echo '{"result":"ok","eid":"89049032123451234512345678901235"}'; exit; }
    read -r order
)";

struct fixture {
    asio::io_context io{};
    tests::temporary_directory files{};
    platform::logger log{};
    lpa::journal journal{files.path()};
    dialogue person{};

    /// An installer that does that once it has listed an empty card.
    std::unique_ptr<hook_installer> installer(
        const std::string& script, std::chrono::seconds limit = 10s)
    {
        esim::hook_settings out;
        out.program = files.write("hook", "#!/bin/sh\n" + std::string(list) + script, 0700);
        out.limit = limit;
        out.lock_directory = files.path();
        return std::make_unique<hook_installer>(out, journal, log);
    }
    result<lpa::download_outcome> install(hook_installer& by)
    {
        REQUIRE(tests::run(io, by.open()));
        esim::install_order order;
        order.code = activation_code::parse(platform::secret("LPA:1$smdp.example$SECRET")).value();
        return tests::run(io, by.install(std::move(order), person));
    }
};

}  // namespace

TEST_CASE("an installer gets the code on its input and never in its arguments", "[hook_installer]")
{
    fixture f;
    auto by = f.installer(R"(
        case "$*" in *SECRET*) exit 9 ;; esac
        case $order in *'"activationCode":"LPA:1$smdp.example$SECRET"'*) ;; *) exit 8 ;; esac
        echo '{"result":"ok","iccid":"8949000000000000001","profileName":"Worldwide"}')");
    auto came = f.install(*by);
    REQUIRE(came);
    CHECK(came->metadata.iccid.text() == "8949000000000000001");
    CHECK(came->metadata.name == "Worldwide");
    CHECK_FALSE(came->was_there);
    // Another run with the same code finds what this one did.
    auto code = activation_code::parse(platform::secret("LPA:1$smdp.example$SECRET")).value();
    auto known = f.journal.find(lpa::digest_of(code)).value();
    REQUIRE(known);
    CHECK(known->iccid.text() == "8949000000000000001");
}

TEST_CASE("an installer's offer is decided on, and what was decided is what comes of it",
    "[hook_installer]")
{
    const char* script = R"(
        echo '{"offers":{"iccid":"8949000000000000001"}}'; read -r said
        case $said in *accept*) echo '{"result":"ok","iccid":"8949000000000000001"}' ;;
        *postpone*) echo '{"result":"failed","error":"install_failed"}' ;; esac)";
    fixture f;
    auto by = f.installer(script);
    CHECK(f.install(*by));
    CHECK(f.person.offered == "8949000000000000001");
    CHECK(tests::run(f.io, by->close()));
    f.person.answer = lpa::decision::later;
    CHECK(f.install(*by).error() == lpa::errc::declined);
}

TEST_CASE("an installer that installs what was postponed is believed: it is on the card",
    "[hook_installer]")
{
    fixture f;
    f.person.answer = lpa::decision::later;
    auto by = f.installer(R"(
        echo '{"offers":{"iccid":"8949000000000000001"}}'; read -r said
        echo '{"result":"ok","iccid":"8949000000000000001"}')");
    CHECK(f.install(*by));
}

TEST_CASE("an installer asks for a confirmation code until it has one", "[hook_installer]")
{
    const char* script = R"(
        echo '{"needs":"confirmationCode","triesLeft":2}'; read -r said
        case $said in *1234*) echo '{"result":"ok","iccid":"8949000000000000001"}' ;;
        *) echo '{"result":"failed","error":"confirmation_needed"}' ;; esac)";
    fixture f;
    auto by = f.installer(script);
    CHECK(f.install(*by).error() == lpa::errc::confirmation_needed);
    CHECK(f.person.tries_left == 2);
    CHECK(tests::run(f.io, by->close()));
    f.person.code = platform::secret("1234");
    CHECK(f.install(*by));
}

TEST_CASE("an installation without a result is one whose outcome nobody knows", "[hook_installer]")
{
    fixture f;
    auto by = f.installer("exit 3");
    auto came = f.install(*by);
    REQUIRE_FALSE(came);
    CHECK(came.error() == lpa::errc::outcome_unknown);
    CHECK(came.error().detail().ends_with("install gave no result (exit status 3)"));
    // Everything else is asked again.
    CHECK(tests::run(f.io, by->enable(iccid::parse("8949000000000000001").value())).error()
          == esim::errc::hook_trouble);
}

TEST_CASE("an installer that is interrupted is ended with all that it started", "[hook_installer]")
{
    fixture f;
    std::string mark = f.files.path() + "/ended";
    auto by = f.installer("trap 'echo >" + mark
                          + "; exit' TERM; echo '{\"step\":\"loading\",\"percent\":7}'; "
                            "sleep 600 & wait");
    REQUIRE(tests::run(f.io, by->open()));
    esim::install_order order;
    order.code = activation_code::parse(platform::secret("LPA:1$smdp.example$SECRET")).value();
    tests::started running{f.io, install(*by, std::move(order), f.person)};
    REQUIRE(running.comes([&] { return f.person.steps.size() == 2; }));
    running.cancel();
    CHECK(running.comes_to_its_end());
    CHECK(platform::read_file(mark));
}

TEST_CASE("an installer that a killed process left running keeps the card", "[hook_installer]")
{
    fixture f;
    auto by = f.installer("exit 3");
    auto held = platform::device_lock::take(f.files.path() + "/hook", f.files.path());
    REQUIRE(held);
    CHECK(tests::run(f.io, by->open()).error() == platform::channel_errc::busy);
    held->release();
    CHECK(tests::run(f.io, by->open()));
}
