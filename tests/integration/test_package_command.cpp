#include "tests/support/catch.hpp"
#include "tests/support/sandbox.hpp"

#include <boost/json/parse.hpp>

using namespace tests;

namespace {

const std::string used = "5c0b8a10-7d2e-4f39-8a41-000000000001";
const std::string unused = "5c0b8a10-7d2e-4f39-8a41-000000000002";

bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("package list prints what was sold, by date", "[package]")
{
    sandbox outside;
    finished done = outside.agent({"package", "list"});
    CHECK(done.status == 0);
    CHECK(has(done.out, used));
    CHECK(has(done.out, unused));
    auto count = [&](std::vector<std::string> words) {
        words.insert(words.begin(), {"--json", "package", "list"});
        return boost::json::parse(outside.agent(words).out).as_array().size();
    };
    CHECK(count({}) == 4);
    CHECK(count({"--from", "2025-03-02", "--to", "2025-03-02"}) == 2);
    CHECK(count({"--from", "2025-03-03"}) == 0);
    CHECK(count({"--to", "2025-03-01"}) == 0);
    CHECK(outside.agent({"package", "list", "--from", "yesterday"}).status == 2);
    CHECK(outside.agent({"package", "list", "--from", "2025-03-02", "--to", "2025-03-01"}).status
          == 2);
}

TEST_CASE("package list prints one customer's, by uid, e-mail or ICCID", "[package]")
{
    sandbox outside;
    auto ids = [&](std::vector<std::string> words) {
        words.insert(words.begin(), {"--json", "package", "list"});
        std::string out;
        boost::json::value all = boost::json::parse(outside.agent(words).out);
        for (const auto& each : all.as_array())
            out += std::string(each.at("uid").as_string()) + " ";
        return out;
    };
    std::string by_uid = ids({"--customer", outside.uid("plain")});
    CHECK(has(by_uid, "5c0b8a10-7d2e-4f39-8a41-111100000001"));
    CHECK(has(by_uid, "5c0b8a10-7d2e-4f39-8a41-111100000002"));
    CHECK_FALSE(has(by_uid, used));  // another customer's
    CHECK(ids({"--iccid", "89999010000000042007"}) == by_uid);
    CHECK(ids({"--email", "anna@example.org"}) == by_uid);
    CHECK(ids({"--email", "nobody@example.org"}).empty());
    CHECK(ids({"--customer", outside.uid("plain"), "--from", "2025-03-03"}).empty());
    finished wrong = outside.agent({"package", "list", "--customer", "nobody"});
    CHECK(wrong.status == 3);
    CHECK(has(wrong.err, "customer search"));
    CHECK(outside.agent({"package", "list", "--customer", "x", "--email", "y"}).status == 2);
}

TEST_CASE("package show says whether a package can be refunded, and why not", "[package]")
{
    sandbox outside;
    finished whole = outside.agent({"package", "show", unused});
    CHECK(whole.status == 0);
    CHECK(has(whole.out, "It can be refunded, if"));
    CHECK(has(outside.agent({"package", "show", used}).out, "some of it was used"));
    auto json = boost::json::parse(outside.agent({"--json", "package", "show", used}).out);
    CHECK(json.at("refundObstacle").as_string() == "used");
    outside.agent({"package", "refund", unused, "--yes"});
    CHECK(has(outside.agent({"package", "show", unused}).out, "was refunded already"));
    CHECK(outside.agent({"package", "show", "no-such-package"}).status == 3);
}

TEST_CASE("package activate starts an ON_DEMAND package", "[package]")
{
    sandbox outside;
    finished done = outside.agent({"package", "activate", unused, "--yes"});
    CHECK(done.status == 0);
    CHECK(has(done.out, "activated"));
    done = outside.agent({"package", "activate", unused, "--yes"});
    CHECK(done.status == 7);
    CHECK(has(done.err, "already active"));
    CHECK(outside.agent({"package", "activate", "no-such-package", "--yes"}).status == 3);
}

TEST_CASE("package activate and refund say what they do, and ask first", "[package]")
{
    auto [command, rules, question, state] =
        GENERATE(table<std::string, std::string, std::string, std::string>(
            {{"refund", "wholly unused", "Refund it? [y/N]", "refunded"},
                {"activate", "cannot be undone", "Activate it? [y/N]", "activated"}}));
    sandbox outside;
    finished done = outside.agent({"package", command, unused});
    CHECK(done.status == 2);
    CHECK(has(done.err, "--yes"));
    done = outside.agent({"package", command, unused}, {.input = "n\n", .columns = 80});
    CHECK(done.status == 130);
    CHECK(has(done.out, rules));
    CHECK(has(done.out, question));
    CHECK(has(done.out, "not " + state));
    done = outside.agent({"package", command, unused}, {.input = "y\n", .columns = 80});
    CHECK(done.status == 0);
    CHECK(has(done.out, state));
}

TEST_CASE("package refund run again says that it is refunded already", "[package]")
{
    sandbox outside;
    CHECK(outside.agent({"package", "refund", unused, "--yes"}).status == 0);
    finished done = outside.agent({"package", "refund", unused, "--yes"});
    CHECK(done.status == 0);
    CHECK(has(done.err, "refunded already"));
}

TEST_CASE("a refund that the rules forbid is told in the server's words", "[package]")
{
    sandbox outside;
    finished done = outside.agent({"package", "refund", used, "--yes"});
    CHECK(done.status == 7);
    CHECK(has(done.err, "HTTP 422: The package has already been used; a refund is not possible"));
    CHECK_FALSE(has(done.err, "refunded already"));
    CHECK(outside.agent({"package", "refund", "nothing", "--yes"}).status == 3);
    CHECK(outside.device({"package", "refund", unused, "--yes"}).status == 4);
}

TEST_CASE("a refund that is interrupted on its way is unknown", "[package]")
{
    sandbox outside{{"--fault", "slow@/refund"}};
    program_options options;
    options.interrupt_at = "authenticated";
    options.interrupt_after_ms = 500;
    finished done =
        outside.agent({"--log-level", "debug", "package", "refund", unused, "--yes"}, options);
    CHECK(done.status == 9);
    CHECK(has(done.err, "Look before trying again"));
}

TEST_CASE("Ctrl-D at the question is a no", "[package]")
{
    sandbox outside;
    finished done = outside.agent({"package", "refund", unused}, {.input = "\x04", .columns = 80});
    CHECK(done.status == 130);
    CHECK(has(done.out, "nothing was changed"));
}

TEST_CASE("a refund whose answer was lost is unknown, and is not repeated", "[package]")
{
    sandbox outside{{"--fault", "cut*1@/refund"}};
    finished done = outside.agent({"package", "refund", unused, "--yes"});
    CHECK(done.status == 9);
    CHECK(has(done.err, "Look before trying again"));
    done = outside.agent({"package", "refund", unused, "--yes"});
    CHECK(done.status == 0);
    CHECK(has(done.err, "refunded already"));
}
