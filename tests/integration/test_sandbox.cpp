#include "tests/support/catch.hpp"
#include "tests/support/sandbox.hpp"

#include <boost/json/parse.hpp>
#include <fstream>

using namespace tests;
namespace json = boost::json;

namespace {

/// The API as a script would call it, with curl.
struct caller {
    const sandbox& outside;
    std::string token{};

    explicit caller(const sandbox& to) : outside(to)
    {
        token = std::string(call("POST", "/reseller/authenticate").at("accessToken").as_string());
    }

    finished curl(const std::string& method, const std::string& path, const std::string& body = "",
        const std::string& key = "") const
    {
        auto line = [](const std::string& file) {
            std::string text;
            std::getline(std::ifstream(file) >> std::ws, text);
            return text;
        };
        std::vector<std::string> words{
            "curl", "-s", "--cacert", outside.at("caFile"), "-X", method};
        if (token.empty())
            words.insert(words.end(), {"-u", line(outside.at("clientIdFile")) + ":"
                                                 + line(outside.at("clientSecretFile"))});
        else
            words.insert(words.end(), {"-H", "Authorization: Bearer " + token});
        if (!body.empty())
            words.insert(words.end(), {"-H", "Content-Type: application/json", "-d", body});
        if (!key.empty())
            words.insert(words.end(), {"-H", "idempotency-key: " + key});
        words.push_back(outside.at("gigastore") + path);
        return run_program(words);
    }

    json::object call(const std::string& method, const std::string& path,
        const std::string& body = "", const std::string& key = "") const
    {
        return json::parse(curl(method, path, body, key).out).as_object();
    }
};

const std::string sales = "/gigastore/activations/";
const std::string worldwide =
    R"("inventoryItemId":"11111111-0000-4000-8000-000000000001","metatag":"t")";

}  // namespace

TEST_CASE("the sandbox sells a first package, top-ups and more eSIMs", "[sandbox]")
{
    sandbox outside;
    caller api{outside};
    auto first = api.call("POST", sales + "register",
        "{" + worldwide + R"(,"customerEmail":"new@example.org","userCountry":"AT"})");
    CHECK(first["status"].as_string() == "success");
    std::string uid(first["customer"].at("uid").as_string());
    CHECK(first["esimProfile"].at("state").as_string() == "RELEASED");
    finished shown = outside.agent({"qr", "--uid", uid, "--reveal"});
    CHECK(shown.out.ends_with(
        std::string(first["esimProfile"].at("activationCode").as_string()) + "\n"));

    std::string order = "{" + worldwide + R"(,"customerUid":")" + uid + "\"}";
    CHECK(api.call("POST", sales + "top-up", order)["esimProfile"].is_null());
    CHECK(api.call("POST", sales + "top-up-with-profile", order)["esimProfile"].is_object());
    auto who = api.call("GET", sales + "customers/" + uid);
    CHECK(who["relatedEsims"].as_array().size() == 2);
    CHECK(who["activatedItems"].as_array().size() == 3);
    CHECK(who["totalAvailableBalance"].at("sizeValue").to_number<double>() == 9);
    CHECK(outside.agent({"qr", "--uid", uid}).status == 2);
}

TEST_CASE("the sandbox refuses what Gigastore refuses", "[sandbox]")
{
    sandbox outside;
    caller api{outside};
    auto status = [&](const std::string& path, const std::string& body) {
        auto answer = api.call("POST", sales + path, body);
        return answer.contains("status") && answer["status"].is_number()
                   ? answer["status"].to_number<int>()
                   : 200;
    };
    CHECK(status("register",
              "{" + worldwide + R"(,"expectedPrice":{"priceValue":11.5,"currencyCode":"USD"}})")
          == 200);
    CHECK(status("register",
              "{" + worldwide + R"(,"expectedPrice":{"priceValue":1,"currencyCode":"USD"}})")
          == 422);
    CHECK(status("register", R"({"inventoryItemId":"none"})") == 400);
    CHECK(status("register", "not JSON") == 400);
    CHECK(status("top-up", "{" + worldwide + R"(,"customerUid":"none"})") == 404);
    auto austrian = api.call("POST", sales + "register",
        R"({"inventoryItemId":"11111111-0000-4000-8000-000000000003","metatag":""})");
    std::string uid(austrian["customer"].at("uid").as_string());
    CHECK(status("top-up", "{" + worldwide + R"(,"customerUid":")" + uid + "\"}") == 422);
}

TEST_CASE("the sandbox answers a repeated idempotency key with the first answer", "[sandbox]")
{
    sandbox outside;
    caller api{outside};
    std::string order = "{" + worldwide + "}";
    std::string first = api.curl("POST", sales + "register", order, "key-1").out;
    CHECK(api.curl("POST", sales + "register", order, "key-1").out == first);
    CHECK(api.curl("POST", sales + "register", order, "key-2").out != first);
    CHECK(api.call("POST", sales + "top-up", order, "key-1")["status"].to_number<int>() == 409);
}

TEST_CASE("the sandbox has the other endpoints too", "[sandbox]")
{
    sandbox outside;
    caller api{outside};
    CHECK(api.call("GET", "/gigastore/version").contains("version"));
    CHECK(api.call("GET", "/gigastore/products/inventory")["items"].as_array().size() == 3);
    std::string item = "/gigastore/products/inventory/11111111-0000-4000-8000-000000000002";
    CHECK(api.call("PUT", item, R"({"name":"Small"})")["name"].as_string() == "Small");
    CHECK(api.call("GET", item)["name"].as_string() == "Small");
    CHECK(api.curl("GET", "/gigastore/esim/countries/WWW").out.find("\"AT\"") != std::string::npos);
    CHECK(api.curl("GET", "/gigastore/esim/countries/at/flag").out.starts_with("\x89PNG"));
    CHECK(api.call("GET", "/gigastore/esim/device/esim-capable").contains("devices"));
    CHECK(api.curl("GET", sales + "customers/" + outside.uid("plain") + "/profile-domains").out
          == "[]");
    CHECK(api.call("GET", "/gigastore/nothing")["status"].to_number<int>() == 404);
    CHECK(api.call("DELETE", sales + "customers")["status"].to_number<int>() == 405);
    auto active = api.call("GET", sales + "customers/" + outside.uid("several"));
    CHECK(active["relatedEsims"].as_array().size() == 2);
}

TEST_CASE("the sandbox remembers what was changed", "[sandbox]")
{
    temporary_directory kept;
    auto start = [&] {
        return std::make_unique<background_program>(
            std::vector<std::string>{built("esim-sandbox"), "--state", kept.path()});
    };
    auto run = [&](std::vector<std::string> words) {
        words.insert(words.begin(), {built("esim-agent"), "--config", kept.path() + "/agent.xml"});
        return run_program(words);
    };
    auto first = start();
    std::string uid = "7e0c4f52-11aa-4d0e-8d2f-5a3f9c0e0001";
    CHECK(run({"customer", "update", uid, "--email", "kept@example.org"}).status == 0);
    first.reset();
    auto second = start();
    CHECK(run({"customer", "show", uid}).out.find("kept@example.org") != std::string::npos);
}
