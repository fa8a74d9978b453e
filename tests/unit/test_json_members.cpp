#include "agent/base/json_members.hpp"

#include "agent/control/answers.hpp"

#include "tests/support/catch.hpp"

#include <boost/json/serialize.hpp>

using namespace agent;

namespace {

constexpr known_member known[] = {{"customerUid"}, {"iccid"}, {"onScreen", json::kind::bool_}};

/// What is read, or why not.
std::string read(std::string_view body)
{
    std::string out;
    auto take = [&out](std::string_view name, const json::value& value) -> result<void> {
        out += std::string(name) + "=" + json::serialize(value) + ";";
        return {};
    };
    auto done = read_members(body, "the body", known, take);
    return done ? out : "refused: " + done.error().detail();
}

}  // namespace

TEST_CASE("a body's members are taken as they stand", "[json_members]")
{
    CHECK(
        read(R"({"customerUid":"C1","onScreen":false})") == R"(customerUid="C1";onScreen=false;)");
    CHECK(read("{}").empty());
}

TEST_CASE("what is unknown or of another kind is refused, with what there is", "[json_members]")
{
    CHECK(read(R"({"customer":"x"})")
          == "refused: 'customer' is not known; there are customerUid, iccid and onScreen");
    CHECK(read(R"({"customerUid":5})") == "refused: customerUid is of another type");
    CHECK(read(R"({"onScreen":"yes"})") == "refused: onScreen is of another type");
    auto odd = GENERATE("", "[]", "nothing", "{");
    CHECK(read(odd) == "refused: the body is no JSON object");
}

TEST_CASE("a customer is needed, and is no path", "[json_members]")
{
    CHECK(control::need_customer("7e0c4f52-11aa-4d0e-8d2f-5a3f9c0e0001"));
    auto odd = GENERATE("", "../../etc", "a/b");
    CHECK_FALSE(control::need_customer(odd));
}
