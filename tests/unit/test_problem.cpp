#include "agent/net/problem.hpp"

#include "agent/net/error.hpp"

#include "tests/support/catch.hpp"

using namespace agent::net;
using agent::net::errc, agent::net::http_response;

namespace {

http_response answer(unsigned status, std::string body, std::string type = "application/json")
{
    http_response out;
    out.status = status;
    out.body = body;
    out.headers.push_back({"Content-Type", agent::net::wiped_string(type)});
    return out;
}

}  // namespace

TEST_CASE("the server's own words are found in every form it may use", "[problem]")
{
    CHECK(words_of(answer(422, R"({"type":"about:blank","title":"T","detail":"D"})",
              "application/problem+json"))
          == "D");
    CHECK(words_of(answer(422, R"({"title":"T","status":422})")) == "T");
    CHECK(words_of(answer(400, R"({"message":"M","error":"E"})")) == "M");
    CHECK(words_of(answer(400, R"({"error":"E"})")) == "E");
    CHECK(words_of(answer(400, R"({"error":{"message":"N"}})")) == "N");
    CHECK(words_of(answer(400, "plain words\n", "text/plain")) == "plain words");
    auto nothing =
        GENERATE("", "{}", "[1]", "{\"message\":", "{\"message\":7}", "<html>Sorry</html>");
    CHECK(words_of(answer(500, nothing)).empty());
}

TEST_CASE("the server's words are kept short, on one line, and without secrets", "[problem]")
{
    CHECK(words_of(answer(400, std::string(5000, 'x'), "text/plain")).size() == 300);
    CHECK(words_of(answer(400, "a\r\nb\033[31mc", "text/plain")) == "a  b?[31mc");
    CHECK(
        words_of(answer(400, R"({"message":"LPA:1$h$SECRET was used"})")) == "LPA:1$h$… was used");
}

TEST_CASE("a status becomes a class that the caller can act on", "[problem]")
{
    CHECK_FALSE(problem_of(answer(200, "{}")).code());
    CHECK(problem_of(answer(404, R"({"message":"Who?"})")) == errc::not_found);
    CHECK(problem_of(answer(404, R"({"message":"Who?"})")).detail() == "HTTP 404: Who?");
    CHECK(problem_of(answer(401, "")) == errc::credentials_refused);
    CHECK(problem_of(answer(403, "")) == errc::not_allowed);
    CHECK(problem_of(answer(429, "")) == errc::rate_limited);
    CHECK(problem_of(answer(409, "")) == errc::refused);
    CHECK(problem_of(answer(422, "")) == errc::refused);
    CHECK(problem_of(answer(500, "<html>", "text/html")) == errc::server_trouble);
}

TEST_CASE("a login page in the way is called a captive portal", "[problem]")
{
    CHECK(problem_of(answer(200, "<html>Log in</html>", "text/html; charset=utf-8"))
          == errc::captive_portal);
    CHECK(problem_of(answer(200, " <!DOCTYPE html>")) == errc::captive_portal);
    CHECK(problem_of(answer(511, "")) == errc::captive_portal);
    http_response redirect = answer(302, "");
    redirect.headers.push_back({"Location", "http://portal/login?token=SECRET"});
    CHECK(problem_of(redirect) == errc::captive_portal);
    CHECK(problem_of(redirect).detail() == "HTTP 302 to http://portal/login");
}

TEST_CASE("Retry-After is passed on, and in words", "[problem]")
{
    http_response busy = answer(429, "");
    busy.headers.push_back({"Retry-After", "30"});
    CHECK(problem_of(busy).detail() == "HTTP 429; it asks to come back after 30 s");
    CHECK(problem_of(busy).cause()->retry_after == std::chrono::seconds(30));
}
