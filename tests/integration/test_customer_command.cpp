#include "tests/support/catch.hpp"
#include "tests/support/sandbox.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>

using namespace tests;

namespace {

bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

std::size_t longest_line(const std::string& text)
{
    std::size_t longest = 0;
    for (std::size_t start = 0; start < text.size();) {
        auto end = std::min(text.find('\n', start), text.size());
        longest = std::max(longest, end - start);
        start = end + 1;
    }
    return longest;
}

}  // namespace

TEST_CASE("customer show --reveal has the installation pages, and without it nothing has them",
    "[customer]")
{
    sandbox outside;
    std::string uid = outside.uid("several");
    const char* page = "https://portal.example/#/esim/profile?token=SAMPLE-TOKEN-1";
    CHECK(has(outside.agent({"customer", "show", uid, "--reveal"}).out, page));
    CHECK(has(outside.agent({"--json", "customer", "show", uid, "--reveal"}).out, page));
    CHECK_FALSE(has(outside.agent({"customer", "show", uid}).out, "token="));
    CHECK_FALSE(has(outside.agent({"--json", "customer", "show", uid}).out, "token="));
}

TEST_CASE("customer show prints what the support console shows, in 80 columns", "[customer]")
{
    sandbox outside;
    outside.admin("POST", "/esims/89999010000000042171/seen/AT");
    finished done = outside.agent({"customer", "show", outside.uid("several")});
    REQUIRE(done.status == 0);
    for (const char* part : {"b0d1c2e3-5a77-4e1b-9c55-2f0a6b1d7701", "https://portal.example/p/x1",
             "Residence      AT\n", "Total balance  3.41 GB\n", "Profiles       3\n",
             "89999010000000042171    001010000004217   INSTALLED", "Installed and switched on.",
             "Installed on   2025-03-02 09:01 UTC", ", in AT\n", "RELEASED",
             "QUARANTINE  (replaced)", "5c0b8a10-7d2e-4f39-8a41-000000000001", "activated",
             "purchased", "0.41 GB", "30 days", "1 year",
             "Started    2025-03-02 08:15 UTC, expires 2095-04-01 08:15 UTC",
             "ON_DEMAND, starts by itself", "retail 11.50 USD", "Application Programming Interface",
             "order-1007"}) {
        INFO(part);
        CHECK(has(done.out, part));
    }
    CHECK(longest_line(done.out) <= 80);
    CHECK_FALSE(has(done.out, "AAAA"));
    CHECK_FALSE(has(done.out, "TOKEN"));
}

TEST_CASE("customer show prints times in the device's zone, and in UTC for programs", "[customer]")
{
    sandbox outside;
    finished done = outside.agent({"customer", "show", outside.uid("several")},
        {.environment = {"TZ=CET-1CEST,M3.5.0,M10.5.0/3"}});
    CHECK(has(done.out, "2025-03-02 10:01 CET"));
    done = outside.agent({"--json", "customer", "show", outside.uid("several")});
    auto who = boost::json::parse(done.out).as_object();
    CHECK(who["relatedEsims"].at(0).at("activatedAt").as_string() == "2025-03-02T09:01:12.000000Z");
    CHECK(
        who["activatedItems"].at(0).at("activatedAt").as_string() == "2025-03-02T08:15:04.702110Z");
    CHECK(who["activatedItems"].at(1).at("size").at("megabytes").to_number<double>() == 3072);
    CHECK(who["totalAvailableBalance"].at("value").as_double() == 3.41);
    CHECK(who["email"].is_null());
    CHECK_FALSE(has(done.out, "LPA:"));
}

TEST_CASE("text from Gigastore cannot steer the terminal", "[customer]")
{
    sandbox outside;
    finished done = outside.agent({"customer", "show", outside.uid("none")});
    CHECK(done.status == 0);
    CHECK(done.out.find('\033') == std::string::npos);
    CHECK(has(done.out, "?[31mred?[0m@example.org"));
}

TEST_CASE("customer list prints a line each, and stops at the limit", "[customer]")
{
    sandbox outside{{"--customers", "250"}};
    finished done = outside.agent({"customer", "list"});
    CHECK(done.status == 0);
    CHECK(std::count(done.out.begin(), done.out.end(), '\n') == 1 + 7 + 250);
    finished shown = outside.agent({"customer", "list"}, {.columns = 80});
    CHECK(longest_line(shown.out) <= 81);  // with the terminal's carriage return
    done = outside.agent({"customer", "list", "--limit", "105"});
    CHECK(std::count(done.out.begin(), done.out.end(), '\n') == 1 + 105);
    done = outside.agent({"--json", "customer", "list", "--limit", "105"});
    CHECK(boost::json::parse(done.out).as_array().size() == 105);
    done = outside.agent({"--json", "customer", "search", "--email", "nobody@example.org"});
    CHECK(boost::json::parse(done.out).as_array().empty());
}

TEST_CASE("customer search finds by e-mail, ICCID and UID, exact, by prefix or part", "[customer]")
{
    sandbox outside;
    auto find = [&](std::vector<std::string> words) {
        words.insert(words.begin(), {"--json", "customer", "search"});
        finished done = outside.agent(words);
        CHECK(done.status == 0);
        std::string uids;
        auto found = boost::json::parse(done.out);
        for (const auto& who : found.as_array())
            uids += std::string(who.at("uid").as_string()).substr(32) + " ";
        return uids;
    };
    CHECK(find({"--email", "kiosk7@example.org"}) == "0002 ");
    CHECK(find({"--email", "kiosk", "--match", "prefix"}) == "0002 ");
    CHECK(find({"--email", "kiosk"}).empty());
    CHECK(find({"--email", "o@example", "--match", "contains"}) == "0003 ");
    CHECK(find({"--iccid", "8999 9010 0000 0004 2410 6"}) == "7701 ");
    CHECK(find({"--uid", outside.uid("plain")}) == "0001 ");
    CHECK(outside.agent({"customer", "search", "--email", "nobody"})
              .out.ends_with("No customers found.\n"));
}

TEST_CASE("customer update changes e-mail and country, and shows the customer", "[customer]")
{
    sandbox outside;
    finished done = outside.agent({"customer", "update", outside.uid("plain"), "--email",
        "new@example.org", "--country", "fr"});
    CHECK(done.status == 0);
    CHECK(has(done.out, "E-mail         new@example.org\nResidence      FR\n"));
    CHECK(outside.agent({"customer", "update", "nobody", "--country", "FR"}).status == 3);
    for (const char* wrong : {"QQ", "UK", "a\tb@x.example", "x@y@z", "@"}) {
        const char* option =
            std::string(wrong).find('@') == std::string::npos ? "--country" : "--email";
        CHECK(
            outside.agent({"customer", "update", outside.uid("plain"), option, wrong}).status == 2);
    }
    CHECK(outside.agent({"customer", "update", outside.uid("plain"), "--email", ""}).status == 0);
    CHECK(
        boost::json::parse(outside.agent({"--json", "customer", "show", outside.uid("plain")}).out)
            .at("email")
            .is_null());
    CHECK(outside.agent({"customer", "update", outside.uid("plain"), "--country", "France"}).status
          == 2);
    CHECK(outside.agent({"customer", "update", outside.uid("plain"), "--email", "nonsense"}).status
          == 2);
    CHECK(outside.device({"customer", "update", outside.uid("plain"), "--country", "FR"}).status
          == 4);
}

TEST_CASE("customer show does not wait long for what is only an extra", "[customer]")
{
    sandbox outside{{"--fault", "slow@/connectivity"}};
    auto started = std::chrono::steady_clock::now();
    finished done = outside.agent({"customer", "show", outside.uid("several")});
    CHECK(done.status == 0);
    CHECK(has(done.out, "Last connected 2025-03-20"));
    CHECK(has(done.out, "Last connected not known"));
    CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(15));
}

TEST_CASE("e-mail addresses are whole where no terminal limits them", "[customer]")
{
    sandbox outside;
    std::string address = "a-rather-long-address-of-a-customer@example.org";
    CHECK(outside.agent({"customer", "update", outside.uid("plain"), "--email", address}).status
          == 0);
    CHECK(has(outside.agent({"customer", "list"}).out, address));
    finished done = outside.agent({"customer", "list"}, {.columns = 80});
    CHECK_FALSE(has(done.out, address));
    CHECK(has(done.out, "a-rather-long-address-~"));
}

TEST_CASE("the configured customer is the default", "[customer]")
{
    sandbox outside;
    program_options named{.environment = {"ESIM_AGENT_CUSTOMER_UID=" + outside.uid("kiosk")}};
    CHECK(has(outside.agent({"customer", "show"}, named).out, "kiosk7@example.org"));
}
