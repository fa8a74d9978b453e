#include "agent/esim/hook_message.hpp"

#include "agent/esim/error.hpp"
#include "agent/lpa/error.hpp"
#include "agent/net/error.hpp"
#include "platform/euicc_channel.hpp"

#include "tests/support/catch.hpp"

using namespace agent::esim;
using agent::lpa::decision, agent::lpa::profile_state, agent::lpa::step;
using platform::failure, platform::failure_class, platform::secret;

namespace {

using answer = platform::result<hook_answer>;

answer answered(const std::string& line)
{
    hook_message said = read_hook_message(line);
    REQUIRE(std::holds_alternative<answer>(said));
    return std::get<answer>(said);
}

failure failed(const std::string& line)
{
    answer said = answered(line);
    REQUIRE_FALSE(said);
    return said.error();
}

bool is_remark(const std::string& line)
{
    return std::holds_alternative<hook_remark>(read_hook_message(line));
}

}  // namespace

TEST_CASE("what an installer lists is the card", "[hook_message]")
{
    hook_answer card = answered(R"({"result":"ok","eid":"89049032123451234512345678901235",
        "imei":"490154203237518","profiles":[
        {"iccid":"8949000000000000001","state":"enabled","profileName":"Worldwide",
         "serviceProviderName":"Gigastore","profilePolicyRules":["ppr2"]},
        {"iccid":"8949000000000000027","state":"disabled","nickname":"old"}]})")
                           .value();
    CHECK(card.eid == "89049032123451234512345678901235");
    CHECK(card.imei == "490154203237518");
    REQUIRE(card.profiles.size() == 2);
    CHECK(card.profiles[0].state == profile_state::enabled);
    CHECK(card.profiles[0].name == "Worldwide");
    CHECK(card.profiles[0].service_provider == "Gigastore");
    CHECK(card.profiles[0].rules.forbids_delete);
    CHECK(card.profiles[1].iccid.text() == "8949000000000000027");
    CHECK(card.profiles[1].nickname == "old");
}

TEST_CASE("a list that lacks what the daemon decides by is the installer's fault", "[hook_message]")
{
    for (const char* profile :
        {"{}", R"({"iccid":"8949000000000000001"})", R"({"iccid":"x","state":"enabled"})",
            R"({"iccid":"8949000000000000001","state":"on"})", "7"}) {
        INFO(profile);
        std::string line = R"({"result":"ok","eid":"1","profiles":[)" + std::string(profile) + "]}";
        CHECK(failed(line) == errc::hook_trouble);
    }
}

TEST_CASE("an installer's failures are those of the program itself", "[hook_message]")
{
    failure used =
        failed(R"({"result":"failed","subject":"8.2.6","reason":"3.8","detail":"used"})");
    CHECK(used.kind() == failure_class::refused);
    REQUIRE(used.cause() != nullptr);
    CHECK(used.cause()->reason == "3.8");
    CHECK(failed(R"({"result":"failed","error":"no_memory"})") == agent::lpa::errc::no_memory);
    CHECK(failed(R"({"result":"failed","error":"unreachable"})") == agent::net::errc::unreachable);
    CHECK(failed(R"({"result":"failed","error":"no_sim"})") == platform::channel_errc::no_sim);
    failure odd = failed(R"({"result":"failed","error":"cosmic_ray","detail":"bit 7"})");
    CHECK(odd == errc::hook_trouble);
    CHECK(odd.kind() == failure_class::may_pass);
    CHECK(odd.detail() == "bit 7");
}

TEST_CASE("no installer can put a code or control characters into a failure", "[hook_message]")
{
    std::string detail = failed(R"({"result":"failed","error":"card_problem",
        "detail":"LPA:1$smdp.example$SECRET-ID \u001b[31m"})")
                             .detail();
    CHECK(detail.find("SECRET-ID") == std::string::npos);
    CHECK(detail.find('\x1b') == std::string::npos);
}

TEST_CASE("steps, offers and questions are told apart", "[hook_message]")
{
    auto progress =
        std::get<hook_progress>(read_hook_message(R"({"step":"fetching","percent":140})"));
    CHECK(progress.at == step::fetching);
    CHECK(progress.percent == 100);
    auto offer = std::get<hook_offer>(read_hook_message(
        R"({"offers":{"iccid":"8949000000000000001","profileName":"W","needsConsent":true}})"));
    CHECK(offer.offered.iccid.text() == "8949000000000000001");
    CHECK(offer.needs_consent);
    auto question =
        std::get<hook_question>(read_hook_message(R"({"needs":"confirmationCode","triesLeft":2})"));
    CHECK(question.tries_left == 2);
}

TEST_CASE("what is no message goes to the log, and what is broken is a fault", "[hook_message]")
{
    CHECK(is_remark(""));
    CHECK(is_remark("+QESIM: 3"));
    CHECK(is_remark(R"({"step":"dancing"})"));
    CHECK(is_remark(R"({"somethingNew":1})"));
    CHECK(failed(R"({"result":"ok")") == errc::hook_trouble);
    CHECK(failed(R"({"result":"okay"})") == errc::hook_trouble);
    CHECK(failed(R"({"result":true})") == errc::hook_trouble);
}

TEST_CASE("what an installer is told is one line of JSON", "[hook_message]")
{
    CHECK(hook_order({}, {}, "") == "{}\n");
    CHECK(hook_order("activationCode", "LPA:1$h$i", "/dev/ttyUSB2")
          == "{\"activationCode\":\"LPA:1$h$i\",\"device\":\"/dev/ttyUSB2\"}\n");
    CHECK(hook_decision(decision::yes) == "{\"decision\":\"accept\"}\n");
    CHECK(hook_decision(decision::later) == "{\"decision\":\"postpone\"}\n");
    CHECK(hook_decision(decision::never) == "{\"decision\":\"reject\"}\n");
    secret code("12\"34");
    CHECK(hook_confirmation(&code) == "{\"confirmationCode\":\"12\\\"34\"}\n");
    CHECK(hook_confirmation(nullptr) == "{\"confirmationCode\":null}\n");
}
