#include "tests/support/sandbox.hpp"

#include "tests/support/catch.hpp"
#include <boost/json/parse.hpp>

using namespace tests;

namespace {

const std::string order = "K7QX9-2F4M1";
constexpr int killed = 128 + 9;

/// A device whose power is cut by a fault, and which then runs the same command again.
class device {
public:
    explicit device(const sandbox& outside) : outside_(outside) {}

    /// False if the fault never struck: the installation ended before.
    bool is_cut(const std::string& fault)
    {
        outside_.start_over(order);
        outside_.admin("POST", "/esims/89999010000000042007/RELEASED");
        outside_.admin("POST", "/faults", fault);
        finished cut = install();
        outside_.admin("DELETE", "/faults");
        return cut.status == killed;
    }

    /// Empty if the device is as it should be after the command was run again.
    std::string recover()
    {
        finished again = install();
        if (again.status != 0)
            return again.err;
        auto card = outside_.card();
        if (card.at("profiles").as_array().size() != 1)
            return "not one profile";
        if (!card.at("profiles").at(0).at("enabled").as_bool())
            return "not enabled";
        if (!card.at("notifications").as_array().empty())
            return "notifications are left";
        auto kept = outside_.order(order);
        if (kept.at("state").as_string() != "installed" || kept.at("installations").as_int64() != 1)
            return "the order is not installed once";
        return "";
    }

private:
    finished install()
    {
        return outside_.over_socket({"install", "--uid", outside_.uid("plain"), "--yes"});
    }

    const sandbox& outside_;
};

}  // namespace

TEST_CASE("a power cut at any APDU loses no profile, installs none twice, and burns no order",
    "[power][sweep]")
{
    sandbox outside;
    device one{outside};
    int cuts = 0;
    while (cuts < 200 && one.is_cut("power-cut+" + std::to_string(cuts) + "*1")) {
        std::string wrong = one.recover();
        CAPTURE(cuts, wrong);
        REQUIRE(wrong.empty());
        ++cuts;
    }
    CHECK(cuts > 80);  // all of them: the last installation was not cut
    CHECK(cuts < 200);
}

TEST_CASE("a power cut before or after any exchange with the SM-DP+ does no harm either",
    "[power][sweep]")
{
    sandbox outside;
    device one{outside};
    int cuts = 0;
    for (const char* when : {"die", "die-after"})
        for (int exchange = 0; exchange < 20; ++exchange) {
            if (!one.is_cut(std::string(when) + "+" + std::to_string(exchange) + "*1"))
                break;
            std::string wrong = one.recover();
            CAPTURE(when, exchange, wrong);
            REQUIRE(wrong.empty());
            ++cuts;
        }
    CHECK(cuts == 2 * 5);  // five exchanges, before and after
}

TEST_CASE(
    "when the SM-DP+ took the code for used and the profile is not there, that is said", "[power]")
{
    sandbox outside;
    device one{outside};
    REQUIRE(one.is_cut("power-cut@86"));
    outside.admin("POST", "/orders/" + order, R"({"state":"error"})");
    finished again = outside.over_socket({"install", "--uid", outside.uid("plain"), "--yes"});
    CHECK(again.status == 7);
    CHECK(again.err.find(
              "This device has tried this code before: profile 89999010000000042007 is not "
              "on the card")
          != std::string::npos);
}
