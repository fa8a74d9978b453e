#include "platform/at/at_reply.hpp"

#include "tests/support/catch.hpp"

using namespace platform::at;

namespace {

std::optional<reply> read(std::string text, const std::string& echo = "AT+X")
{
    reply_reader reader;
    return reader.take(text, echo);
}

}  // namespace

TEST_CASE("a reply ends with OK, ERROR or an error code", "[at]")
{
    CHECK(read("\r\nOK\r\n")->is_ok);
    CHECK_FALSE(read("\r\nERROR\r\n")->is_ok);
    CHECK_FALSE(read("\r\n+CME ERROR: 13\r\n")->is_ok);
    CHECK_FALSE(read("\r\n+CMS ERROR: 500\r\n")->is_ok);
    CHECK_FALSE(read("\r\n+CCHO: 1\r\n"));
    CHECK_FALSE(read("\r\nOKAY\r\n"));
}

TEST_CASE("a reply comes in pieces, with echo and unsolicited lines", "[at]")
{
    reply_reader reader;
    std::string text = "AT+CCHO=\"A0\"\r\r\n+CREG: 1\r\n\r\n+CCHO: 2\r\nRING\r\n\r\nOK\r\n";
    std::optional<reply> whole;
    for (char c : text) {
        REQUIRE_FALSE(whole);
        whole = reader.take(std::string(1, c), "AT+CCHO=\"A0\"");
        if (whole)
            break;
    }
    REQUIRE(whole);
    CHECK(session_in(*whole) == "2");
    CHECK(whole->lines.front() == "+CREG: 1");
}

TEST_CASE("a session comes with +CCHO or bare, as a number or a handle", "[at]")
{
    CHECK(session_in(*read("+CCHO: 3\r\nOK\r\n")) == "3");
    CHECK(session_in(*read("+CCHO:1\r\nOK\r\n")) == "1");
    CHECK(session_in(*read("2\r\nOK\r\n")) == "2");
    CHECK(session_in(*read("+CCHO: 000000000385a7cf\r\nOK\r\n")) == "000000000385a7cf");
    CHECK(session_in(*read("0\r\n+ccho: \"58992591\",9000\r\nOK\r\n")) == "58992591");
    CHECK(session_in(*read("OK\r\n")).empty());
    CHECK(session_in(*read("+CCHO: x\r\nOK\r\n")).empty());
}

TEST_CASE("an answer APDU is read quoted, bare, or broken over lines", "[at]")
{
    auto apdu = [](const std::string& text) { return apdu_in(*read(text + "OK\r\n"), "+CGLA:"); };
    CHECK(apdu("+CGLA: 4,\"9000\"\r\n").value() == platform::bytes{0x90, 0x00});
    CHECK(apdu("+CGLA: 4,9000\r\n").value().size() == 2);
    CHECK(apdu("+CGLA:8,\"0102\r\n9000\"\r\n").value().size() == 4);
    CHECK(apdu("+CGLA: 8,\"0102\r\n+CREG: 1\r\n9000\"\r\n").value().size() == 4);
    // Octets counted instead of digits; no prefix.
    CHECK(apdu("+CGLA: 2,\"9000\"\r\n").value().size() == 2);
    CHECK(apdu("+CREG: 1\r\n4,\"9000\"\r\n").value().size() == 2);
    for (const char* wrong : {"+CGLA: 6,\"9000\"\r\n", "+CGLA: 2,\"90\"\r\n",
             "+CGLA: x,\"9000\"\r\n", "+CGLA: 4,\"90x0\"\r\n", "+CGLA:\r\n",
             "+CSIM: 4,\"9000\"\r\n", "+CGLA: -4,\"9000\"\r\n"})
        CHECK_FALSE(apdu(wrong));
}

TEST_CASE("a refusal is said in the words of TS 27.007", "[at]")
{
    CHECK(read("+CME ERROR: 13\r\n")->refusal() == "SIM failure (+CME ERROR: 13)");
    CHECK(read("+CME ERROR: 10\r\n")->refusal() == "SIM not inserted (+CME ERROR: 10)");
    CHECK(read("+CME ERROR: 4711\r\n")->refusal() == "+CME ERROR: 4711");
    CHECK(read("+CME ERROR: no\033[31m\r\n")->refusal() == "+CME ERROR: no?[31m");
    CHECK(read("ERROR\r\n")->refusal() == "ERROR");
    CHECK(read("+CME ERROR: SIM busy\r\n")->refusal() == "+CME ERROR: SIM busy");
}

TEST_CASE("what the SIM lacks is known by number and by words", "[at]")
{
    using platform::channel_errc;
    CHECK(read("+CME ERROR: 14\r\n")->sim_trouble() == channel_errc::sim_busy);
    CHECK(read("+CME ERROR: sim pin required\r\n")->sim_trouble() == channel_errc::sim_pin);
    CHECK(read("+CME ERROR: 12\r\n")->sim_trouble() == channel_errc::sim_puk);
    CHECK(read("+CME ERROR: 10\r\n")->sim_trouble() == channel_errc::no_sim);
    CHECK_FALSE(read("+CME ERROR: 13\r\n")->sim_trouble());
    CHECK_FALSE(read("ERROR\r\n")->sim_trouble());
}

TEST_CASE("what comes behind a final line belongs to the next reply", "[at]")
{
    reply_reader reader;
    CHECK(reader.take("\r\nOK\r\n\r\n+CCHO: 1\r\n\r\nOK\r\n", "")->lines.empty());
    CHECK(session_in(*reader.take("", "")) == "1");
    CHECK_FALSE(reader.take("", ""));
}

TEST_CASE("a modem that never ends a line does not fill the memory", "[at]")
{
    reply_reader reader;
    std::string block(64 * 1024, 'x');
    for (int i = 0; i < 16; ++i)
        CHECK_FALSE(reader.take(block, ""));
    auto whole = reader.take("\r\nOK\r\n", "");
    REQUIRE(whole);
    CHECK(whole->lines.front().size() == reply_reader::longest_reply);
}
