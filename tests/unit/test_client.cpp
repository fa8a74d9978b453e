#include "agent/gigastore/client.hpp"

#include "platform/error.hpp"

#include "agent/net/error.hpp"
#include "tests/support/run.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/support/temporary.hpp"

#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>

#include "tests/support/catch.hpp"

using namespace std::chrono_literals;
using namespace agent;
using net::errc;
using tests::http_answer, tests::scripted, tests::scripted_server;

namespace {

const scripted token{.answer = http_answer(200, R"({"accessToken":"T1","expiresIn":86400})")};
const scripted second_token{
    .answer = http_answer(200, R"({"accessToken":"T2","expiresIn":86400})")};
const scripted refused{.answer = http_answer(401, R"({"message":"expired"})")};
const scripted one{.answer = http_answer(200, R"({"customer":{"uid":"C1"}})")};
const scripted missing{.answer = http_answer(404, "")};
const scripted nothing{.answer = http_answer(200, "")};

scripted page(std::initializer_list<const char*> uids)
{
    std::string body;
    for (const char* uid : uids)
        body +=
            (body.empty() ? "" : ",") + (R"j({"customer":{"uid":")j" + std::string(uid) + "\"}}");
    return {.answer = http_answer(200, R"({"customers":[)" + body + "]}")};
}

struct fixture {
    boost::asio::io_context io;
    platform::logger log{platform::log_level::error};
    tests::temporary_directory files;
    scripted_server server;
    net::http_client http;
    gigastore::client_settings settings;

    explicit fixture(std::deque<scripted> script)
        : server(io, std::move(script))
        , http({.tls = {.ca_file = tests::test_ca_file()}, .exchange_limit = 5s}, log)
    {
        settings.base =
            net::parse_url("https://localhost:" + std::to_string(server.port()) + "/gw").value();
        settings.credentials.client_id = files.write("id", "me\n");
        settings.credentials.client_secret = files.write("secret", "pass\n");
        settings.retries = {.first = 1ms, .longest = 1ms, .attempts = 3, .total = 1s};
        settings.page_size = 2;
    }

    gigastore::client api() { return {http, settings, log}; }
    bool saw(std::size_t index, const std::string& text)
    {
        return server.received().at(index).find(text) != std::string::npos;
    }
};

}  // namespace

TEST_CASE("a customer is fetched with a token that was asked for with id and secret", "[client]")
{
    scripted odd{.answer = http_answer(200, R"({"customer":{"uid":"a/b"}})")};
    fixture f{{token, odd, one}};
    auto api = f.api();
    CHECK(tests::run(f.io, api.customer("a/b"))->uid == "a/b");
    CHECK(f.saw(0, "POST /gw/reseller/authenticate HTTP/1.1"));
    CHECK(f.saw(0, "Authorization: Basic bWU6cGFzcw=="));
    CHECK(f.saw(1, "GET /gw/gigastore/activations/customers/a%2Fb?only_active_profiles=false "));
    CHECK(f.saw(1, "Authorization: Bearer T1"));
    CHECK(tests::run(f.io, api.customer("C1")));
    CHECK(f.server.received().size() == 3);
    CHECK(f.server.connections() == 1);
}

TEST_CASE("an answer about somebody else is refused", "[client]")
{
    fixture f{{token, one, one}};
    auto api = f.api();
    CHECK(tests::run(f.io, api.customer("C2")).error() == errc::malformed_answer);
    CHECK(tests::run(f.io, api.customer("c1")).has_value());
}

TEST_CASE("a wrong base URL is not taken for a missing customer", "[client]")
{
    fixture f{{missing}};
    auto api = f.api();
    auto who = tests::run(f.io, api.customer("C1"));
    CHECK(who.error().code() == platform::errc::configuration);
    CHECK(who.error().detail().find("asking for a token: HTTP 404") != std::string::npos);
    fixture g{{token, missing}};
    auto other = g.api();
    auto pages = other.customers();
    CHECK(tests::run(g.io, pages.next()).error().code() == platform::errc::configuration);
}

TEST_CASE("a token that runs out is renewed before the next request", "[client]")
{
    scripted short_lived{.answer = http_answer(200, R"({"accessToken":"T1","expiresIn":0})")};
    fixture f{{short_lived, one, second_token, one}};
    auto api = f.api();
    CHECK(tests::run(f.io, api.customer("C1")));
    CHECK(tests::run(f.io, api.customer("C1")));
    CHECK(f.saw(3, "Bearer T2"));
}

TEST_CASE("a refused token is renewed once", "[client]")
{
    SECTION("and the request repeated with the new one")
    {
        fixture f{{token, refused, second_token, one}};
        auto api = f.api();
        CHECK(tests::run(f.io, api.customer("C1")));
        CHECK(f.saw(3, "Bearer T2"));
    }
    SECTION("and a second refusal stands")
    {
        fixture f{{token, refused, second_token, refused, token, one}};
        auto api = f.api();
        CHECK(tests::run(f.io, api.customer("C1")).error() == errc::credentials_refused);
        CHECK(f.server.received().size() == 4);
    }
    SECTION("wrong id or secret are refused at once")
    {
        fixture f{{refused, token}};
        auto api = f.api();
        CHECK(tests::run(f.io, api.customer("C1")).error() == errc::credentials_refused);
        CHECK(f.server.received().size() == 1);
    }
}

TEST_CASE("several requests that wait for a token share one renewal", "[client]")
{
    fixture f{{token, one, one, one}};
    auto api = f.api();
    int ended = 0;
    for (int i = 0; i < 3; ++i)
        boost::asio::co_spawn(f.io, api.customer("C1"),
            [&](std::exception_ptr, platform::result<gigastore::customer> who) {
                CHECK(who);
                if (++ended == 3)
                    f.io.stop();
            });
    f.io.run_for(5s);
    CHECK(ended == 3);
    int authentications = 0;
    for (const std::string& request : f.server.received())
        authentications += request.find("/authenticate") != std::string::npos ? 1 : 0;
    CHECK(authentications == 1);
}

TEST_CASE("a bearer token comes from its file, also when the file changes", "[client]")
{
    fixture f{{refused, one, refused}};
    f.settings.credentials = {.bearer = f.files.write("bearer", "B1")};
    auto api = f.api();
    SECTION("a new one in the file is tried")
    {
        CHECK(tests::run(f.io, api.customer("C1")).error() == errc::credentials_refused);
        f.files.write("bearer", "B2");
        CHECK(tests::run(f.io, api.customer("C1")));
        CHECK(f.saw(1, "Bearer B2"));
    }
    SECTION("a file that others can read is refused, with the chmod that mends it")
    {
        f.files.write("bearer", "B1", 0604);
        auto who = tests::run(f.io, api.customer("C1"));
        CHECK(who.error().detail().find("run: chmod 600 " + f.files.path() + "/bearer")
              != std::string::npos);
    }
}

TEST_CASE("a gateway that knows the device by its certificate gets no token", "[client]")
{
    fixture f{{one}};
    f.settings.credentials = {.has_client_certificate = true};
    auto api = f.api();
    CHECK(tests::run(f.io, api.customer("C1")));
    CHECK_FALSE(f.saw(0, "Authorization"));
}

TEST_CASE("customers come page after page until an empty one", "[client]")
{
    auto uids_of = [](fixture& f, gigastore::customer_pages pages) {
        std::string uids;
        while (true) {
            auto some = tests::run(f.io, pages.next());
            REQUIRE(some);
            if (some->empty())
                return uids;
            for (const auto& who : *some)
                uids += who.uid;
        }
    };
    SECTION("also when a page is smaller than asked for")
    {
        fixture f{{token, page({"A", "B"}), page({"C"}), page({"D", "E"}), page({})}};
        auto api = f.api();
        CHECK(uids_of(f, api.customers()) == "ABCDE");
        CHECK(f.saw(1, "/customers?page_size=2&page_index=0&only_active_profiles=false "));
        CHECK(f.saw(4, "page_index=3"));
    }
    SECTION("or one that repeats, from a server that knows no pages")
    {
        fixture f{{token, page({"A", "B"}), page({"A", "B"})}};
        auto api = f.api();
        CHECK(uids_of(f, api.customers()) == "AB");
    }
    SECTION("found by e-mail, UID or ICCID")
    {
        fixture f{{token, page({"A"}), page({})}};
        auto api = f.api();
        gigastore::search query{
            gigastore::search_key::iccid, "8999", gigastore::search_mode::prefix};
        CHECK(uids_of(f, api.search_customers(query)) == "A");
        CHECK(f.saw(1, "POST /gw/gigastore/activations/search-customers "));
        CHECK(f.saw(1, R"("searchKey":"ICCID","searchQuery":"8999","searchMode":"startsWith")"));
    }
}

TEST_CASE("a customer's e-mail and country are changed", "[client]")
{
    fixture f{{token, nothing}};
    auto api = f.api();
    CHECK(
        tests::run(f.io, api.update_customer("C1", {.email = "x@y", .country_of_residence = {}})));
    CHECK(f.saw(1, "PUT /gw/gigastore/activations/customers/C1 "));
    CHECK(f.saw(1, R"({"customerEmail":"x@y"})"));
}

TEST_CASE("a refund is asked for on the documented path, then on the likely one", "[client]")
{
    fixture f{{token, missing, nothing}};
    auto api = f.api();
    CHECK(tests::run(f.io, api.refund("I1")));
    CHECK(f.saw(1, "POST /gw/activations/activated-items/I1/refund "));
    CHECK(f.saw(2, "POST /gw/gigastore/activations/activated-items/I1/refund "));
}

TEST_CASE("activations and refunds are never repeated blindly", "[client]")
{
    auto trouble = GENERATE(scripted{.hang_up = true}, scripted{.answer = http_answer(500, "")},
        scripted{.answer = http_answer(504, "")});
    fixture f{{token, trouble, nothing, nothing}};
    auto api = f.api();
    CHECK(tests::run(f.io, api.refund("I1")).error() == errc::outcome_unknown);
    CHECK(f.server.received().size() == 2);
    fixture g{{token, trouble, nothing}};
    auto other = g.api();
    CHECK(tests::run(g.io, other.activate("I1")).error() == errc::outcome_unknown);
    CHECK(g.server.received().size() == 2);
}

TEST_CASE("the connectivity of an eSIM may be unknown", "[client]")
{
    fixture f{{token, missing, {.answer = http_answer(200, R"({"country":"AT"})")}}};
    auto api = f.api();
    CHECK_FALSE(
        tests::run(f.io, api.connectivity(agent::iccid::from("89999010000000042007"))).value());
    CHECK(tests::run(f.io, api.connectivity(agent::iccid::from("89999010000000042007")))
              .value()
              ->country
          == "AT");
}
