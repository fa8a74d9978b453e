#include "tests/support/catch.hpp"
#include "tests/support/sandbox.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <filesystem>

using namespace tests;

namespace {

const std::string world = "11111111-0000-4000-8000-000000000001";    // WWW, 11.50 USD
const std::string austria = "11111111-0000-4000-8000-000000000003";  // AT, 4.50 USD

bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

std::vector<std::string> create_for(const std::string& email)
{
    return {"customer", "create", "--item", world, "--email", email, "--yes"};
}

boost::json::value json_of(const sandbox& outside, std::vector<std::string> words)
{
    words.insert(words.begin(), "--json");
    return boost::json::parse(outside.agent(words).out);
}

/// How many customers of that address there are: each was charged for.
std::size_t customers(const sandbox& outside, const std::string& email)
{
    return json_of(outside, {"customer", "search", "--email", email}).as_array().size();
}

std::size_t packages(const sandbox& outside, const std::string& uid)
{
    return json_of(outside, {"package", "list", "--customer", uid}).as_array().size();
}

std::size_t unsettled(const sandbox& outside)
{
    std::size_t count = 0;
    std::error_code ec;
    for (const auto& each :
        std::filesystem::directory_iterator(outside.directory() + "/agent-state/sales", ec))
        count += each.path().extension() == ".json" ? 1U : 0U;
    return count;
}

}  // namespace

TEST_CASE("inventory list prints what is for sale, with ids and prices", "[sell]")
{
    sandbox outside;
    finished done = outside.agent({"inventory", "list"});
    CHECK(done.status == 0);
    CHECK(has(done.out, "eSIM Worldwide 3 GB"));
    CHECK(has(done.out, world));
    CHECK(has(done.out, "retail 11.50 USD, purchase 5.20 USD"));
    auto all = json_of(outside, {"inventory", "list"});
    CHECK(all.as_array().size() == 3);
    CHECK(all.at(2).at("countrySet").as_string() == "AT");
    CHECK(outside.device({"inventory", "list"}).status == 4);
}

TEST_CASE("customer create sells a first package, and shows the new eSIM's QR", "[sell]")
{
    sandbox outside;
    finished done = outside.agent(
        {"customer", "create", "--item", world, "--email", "new@example.org", "--country", "at"},
        {.input = "y\n", .columns = 80});
    CHECK(done.status == 0);
    CHECK(has(done.out, "For a new customer, new@example.org, with an eSIM."));
    CHECK(has(done.out, "retail 11.50 USD"));
    CHECK(has(done.out, "Buy it? [y/N]"));
    CHECK(has(done.out, "▀"));
    auto found = json_of(outside, {"customer", "search", "--email", "new@example.org"});
    REQUIRE(found.as_array().size() == 1);
    CHECK(found.at(0).at("countryOfResidence").as_string() == "AT");
    CHECK(unsettled(outside) == 0);
}

TEST_CASE("customer create tells a script whom and what it made, without the code", "[sell]")
{
    sandbox outside;
    auto words = create_for("new@example.org");
    words.insert(words.begin(), "--json");
    finished done = outside.agent(words);
    CHECK(done.status == 0);
    auto sold = boost::json::parse(done.out);
    std::string uid(sold.at("customerUid").as_string());
    CHECK(sold.at("earlier").as_bool() == false);
    CHECK(sold.at("package").at("name").as_string() == "eSIM Worldwide 3 GB");
    std::string iccid(sold.at("esim").at("iccid").as_string());
    CHECK_FALSE(has(done.out, "LPA:"));
    CHECK(outside.agent({"qr", "--uid", uid, "--iccid", iccid, "--format", "svg"}).status == 0);
}

TEST_CASE("customer create asks before credit is spent", "[sell]")
{
    sandbox outside;
    finished done = outside.agent({"customer", "create", "--item", world});
    CHECK(done.status == 2);
    CHECK(has(done.err, "--yes"));
    done = outside.agent({"customer", "create", "--item", world, "--email", "new@example.org"},
        {.input = "n\n", .columns = 80});
    CHECK(done.status == 130);
    CHECK(has(done.out, "nothing was bought"));
    CHECK(customers(outside, "new@example.org") == 0);
    CHECK(unsettled(outside) == 0);
}

TEST_CASE("what cannot be bought is refused before anything is sent", "[sell]")
{
    sandbox outside;
    auto create = [&](std::vector<std::string> more) {
        auto words = create_for("new@example.org");
        words.insert(words.end(), more.begin(), more.end());
        return outside.agent(words);
    };
    finished dearer = create({"--price", "9.99"});
    CHECK(dearer.status == 2);
    CHECK(has(dearer.err, "the package costs 11.50 USD"));
    CHECK(create({"--price", "cheap"}).status == 2);
    CHECK(create({"--country", "Austria"}).status == 2);
    CHECK(create({"--start", "tomorrow"}).status == 2);
    CHECK(outside.agent({"customer", "create", "--item", world, "--email", "no", "--yes"}).status
          == 2);
    finished unknown = outside.agent({"customer", "create", "--item", "nothing", "--yes"});
    CHECK(unknown.status == 3);
    CHECK(has(unknown.err, "inventory list"));
    CHECK(customers(outside, "new@example.org") == 0);
    CHECK(create({"--price", "11.50"}).status == 0);
}

TEST_CASE("package top-up sells another package, with an eSIM if one is wanted", "[sell]")
{
    sandbox outside;
    std::string uid = outside.uid("plain");
    std::size_t before = packages(outside, uid);
    finished done = outside.agent({"package", "top-up", uid, "--item", world, "--yes"});
    CHECK(done.status == 0);
    CHECK(packages(outside, uid) == before + 1);
    CHECK(json_of(outside, {"customer", "show", uid}).at("relatedEsims").as_array().size() == 1);

    auto sold = json_of(outside, {"package", "top-up", uid, "--item", world, "--with-profile",
                                     "--start", "on-demand", "--metatag", "till-7/31", "--yes"});
    CHECK(sold.at("package").at("activationMode").as_string() == "ON_DEMAND");
    CHECK(sold.at("package").at("metatag").as_string() == "till-7/31");
    auto now = json_of(outside, {"customer", "show", uid});
    CHECK(now.at("relatedEsims").at(1).at("iccid") == sold.at("esim").at("iccid"));
    CHECK(outside.agent({"package", "top-up", "nobody", "--item", world, "--yes"}).status == 3);
}

TEST_CASE("a package for other countries is explained, and not asked for", "[sell]")
{
    sandbox outside{{"--fault", "die@/top-up"}};
    std::string uid = outside.uid("plain");
    finished done = outside.agent({"package", "top-up", uid, "--item", austria, "--yes"});
    CHECK(done.status == 7);
    CHECK(has(done.err, "country set AT, and the customer's are for WWW"));
    CHECK(has(done.err, "customer create"));
}

TEST_CASE("a sale that is refused is no sale, and is told in the server's words", "[sell]")
{
    sandbox outside{{"--credit", "6"}};
    CHECK(outside.agent(create_for("first@example.org")).status == 0);
    finished done = outside.agent(create_for("second@example.org"));
    CHECK(done.status == 7);
    CHECK(has(done.err, "credit does not suffice"));
    CHECK(outside.device(create_for("third@example.org")).status == 4);
    CHECK(unsettled(outside) == 0);
}

TEST_CASE("a sale whose answer is lost is found, and bought once", "[sell]")
{
    sandbox outside{{"--fault", "drop-after*1@/register", "--forgets-keys"}};
    finished done = outside.agent(create_for("new@example.org"));
    CHECK(done.status == 0);
    CHECK(customers(outside, "new@example.org") == 1);
    CHECK(unsettled(outside) == 0);
}

TEST_CASE("a sale that may have been made is unknown, until the same command settles it", "[sell]")
{
    std::string lost =
        GENERATE("drop", "drop-after", "500", "503", "not-json", "html", "redirect", "empty");
    sandbox outside{
        {"--fault", lost + "*1@/register", "--fault", "400*1@/activated-items", "--forgets-keys"}};
    finished done = outside.agent(create_for("new@example.org"));
    INFO(lost << ": " << done.err);
    CHECK(done.status == 9);
    CHECK(has(done.err, "Run the same command again"));
    CHECK(unsettled(outside) == 1);
    std::string found = outside.agent({"doctor"}).out;
    CHECK(has(found, "nobody was told"));
    CHECK(has(found, "customer create --item '" + world + "' --email 'new@example.org'"));
    CHECK(outside.agent(create_for("new@example.org")).status == 0);
    CHECK(customers(outside, "new@example.org") == 1);
    CHECK(unsettled(outside) == 0);
    CHECK(outside.agent(create_for("new@example.org")).status == 0);  // a second one is meant now
    CHECK(customers(outside, "new@example.org") == 2);
}

#ifdef KILL_AT_LIBRARY
TEST_CASE("a sale that is killed at any moment is charged once, and comes out", "[sell]")
{
    sandbox outside{{"--forgets-keys"}};
    bool is_through = false;
    std::size_t moment = 0;
    while (!is_through) {
        std::string email = "killed-" + std::to_string(++moment) + "@example.org";
        program_options options;
        options.environment = {"LD_PRELOAD=" KILL_AT_LIBRARY, "KILL_AT=" + std::to_string(moment)};
        auto words = create_for(email);
        words.insert(words.begin(), "--json");
        finished first = outside.agent(words, options);
        is_through = first.status == 0;
        bool is_known = !first.out.empty() && unsettled(outside) == 0;
        finished last = is_known ? first : outside.agent(words);
        INFO("killed at moment " << moment << ": " << last.err);
        REQUIRE((is_known || last.status == 0));
        CHECK(boost::json::parse(last.out).at("esim").at("state").as_string() == "RELEASED");
        CHECK(customers(outside, email) == 1);
        CHECK(unsettled(outside) == 0);
    }
    CHECK(moment > 10);  // 1 is the first request, and the sale is on disk before it is sent
}

TEST_CASE("a top-up that is killed brings the eSIM that came with it", "[sell]")
{
    sandbox outside{{"--forgets-keys"}};
    std::string uid = outside.uid("plain");
    bool is_through = false;
    std::size_t moment = 0;
    while (!is_through) {
        std::size_t before = packages(outside, uid);
        program_options options;
        options.environment = {
            "LD_PRELOAD=" KILL_AT_LIBRARY, "KILL_AT=" + std::to_string(++moment)};
        std::vector<std::string> words{
            "--json", "package", "top-up", uid, "--item", world, "--with-profile", "--yes"};
        finished first = outside.agent(words, options);
        is_through = first.status == 0;
        bool is_known = !first.out.empty() && unsettled(outside) == 0;
        finished last = is_known ? first : outside.agent(words);
        INFO("killed at moment " << moment << ": " << last.err);
        REQUIRE((is_known || last.status == 0));
        CHECK(packages(outside, uid) == before + 1);
        auto now = json_of(outside, {"customer", "show", uid});
        CHECK(boost::json::parse(last.out).at("esim").at("iccid")
              == now.at("relatedEsims").as_array().back().at("iccid"));
    }
}
#endif

TEST_CASE("a sale with a metatag is made once, and its metatag is no other's", "[sell]")
{
    sandbox outside{{"--forgets-keys"}};
    auto words = create_for("new@example.org");
    words.insert(words.end(), {"--metatag", "shop-1"});
    CHECK(outside.agent(words).status == 0);
    finished again = outside.agent(words);
    CHECK(again.status == 0);
    CHECK(has(again.err, "An earlier run bought this"));
    CHECK(customers(outside, "new@example.org") == 1);
    auto other = create_for("other@example.org");
    other.insert(other.end(), {"--metatag", "shop-1"});
    finished refused = outside.agent(other);
    CHECK(refused.status == 2);
    CHECK(has(refused.err, "another purchase's"));
    CHECK(customers(outside, "other@example.org") == 0);
}

TEST_CASE("what was bought comes out although the package is for sale no more", "[sell]")
{
    sandbox outside{{"--fault", "drop-after*1@/register", "--fault", "400*1@/activated-items",
        "--forgets-keys"}};
    auto words = create_for("new@example.org");
    CHECK(outside.agent(words).status == 9);
    words.insert(words.end(), {"--price", "99"});
    outside.fault("400@/inventory");
    CHECK(outside.agent(words).status == 0);
    CHECK(customers(outside, "new@example.org") == 1);
}

TEST_CASE("a full disk buys nothing", "[sell]")
{
    sandbox outside;
    std::string blocked = outside.directory() + "/agent-state/sales";
    std::filesystem::create_directories(outside.directory() + "/agent-state");
    std::filesystem::create_symlink("/dev/full", blocked);
    finished done = outside.agent(create_for("new@example.org"));
    CHECK(done.status != 0);
    CHECK(has(done.err, blocked));
    CHECK(customers(outside, "new@example.org") == 0);
}

TEST_CASE("customer show finds one by e-mail or ICCID", "[sell]")
{
    sandbox outside;
    finished done = outside.agent({"customer", "show", "--email", "anna@example.org"});
    CHECK(done.status == 0);
    CHECK(has(done.out, outside.uid("plain")));
    CHECK(has(outside.agent({"customer", "show", "--iccid", "8999 9010 0000 0004 2007"}).out,
        outside.uid("plain")));
    CHECK(outside.agent({"customer", "show", "--email", "nobody@example.org"}).status == 3);
    CHECK(outside.agent({"customer", "show", "x", "--email", "anna@example.org"}).status == 2);
    outside.agent(create_for("anna@example.org"));
    finished several = outside.agent({"customer", "show", "--email", "anna@example.org"});
    CHECK(several.status == 2);
    CHECK(has(several.err, "customer search"));
}
