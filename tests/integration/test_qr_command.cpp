#include "tests/support/catch.hpp"
#include "tests/support/decode.hpp"
#include "tests/support/sandbox.hpp"

#include <boost/json/parse.hpp>
#include <filesystem>
#include <sys/stat.h>

using namespace tests;

namespace {

const std::string code = "LPA:1$smdp.sandbox.example$K7QX9-2F4M1";

}  // namespace

TEST_CASE("qr shows a customer's eSIM in every format, and each decodes to its code", "[qr]")
{
    sandbox outside{{"--smdp", "smdp.sandbox.example"}};
    auto qr = [&](const std::string& format) {
        finished done = outside.agent({"qr", "--uid", outside.uid("plain"), "--format", format});
        REQUIRE(done.status == 0);
        CHECK(done.err == "eSIM 89999010000000042007 (RELEASED) at smdp.sandbox.example\n");
        return done.out;
    };
    CHECK(scan_bytes(qr("svg"), "x.svg") == code);
    CHECK(scan_bytes(qr("png"), "x.png") == code);
    CHECK(scan_bytes(qr("pbm"), "x.pbm") == code);
    CHECK(scan_bytes(pbm_of(grid_from_utf8(qr("utf8")), 4), "x.pbm") == code);
    CHECK(scan_bytes(pbm_of(grid_from_ansi(qr("ansi")), 4), "x.pbm") == code);
    CHECK(scan_bytes(pbm_of(grid_from_ascii(qr("ascii")), 4), "x.pbm") == code);
}

TEST_CASE("qr holds an install link where that is asked for", "[qr]")
{
    sandbox outside{{"--smdp", "smdp.sandbox.example"}};
    auto link = [&](const std::string& kind) {
        return scan_bytes(
            outside.agent({"qr", "--uid", outside.uid("plain"), "--format", "pbm", "--link", kind})
                .out,
            "x.pbm");
    };
    std::string rest =
        ".com/esim_qrcode_provisioning?carddata=LPA%3A1%24smdp.sandbox.example%24K7QX9-2F4M1";
    CHECK(link("apple") == "https://esimsetup.apple" + rest);
    CHECK(link("android") == "https://esimsetup.android" + rest);
    CHECK(link("gigastore").starts_with("https://portal.example/#/esim/profile?token="));
}

TEST_CASE(
    "qr --link gigastore --reveal prints the link that can be sent, and nothing else does", "[qr]")
{
    sandbox outside;
    std::string page = "https://portal.example/#/esim/profile?token=";
    finished quiet = outside.agent({"qr", "--uid", outside.uid("plain"), "--link", "gigastore"});
    CHECK(quiet.status == 0);
    CHECK(quiet.out.find(page) == std::string::npos);
    CHECK(quiet.err.find(page) == std::string::npos);
    finished told =
        outside.agent({"qr", "--uid", outside.uid("plain"), "--link", "gigastore", "--reveal"});
    CHECK(told.out.find("\n" + page) != std::string::npos);
    CHECK(told.err.find("as Gigastore's installation page") != std::string::npos);
}

TEST_CASE("a receipt and a code from a file have no installation page", "[qr]")
{
    sandbox outside;
    finished done = outside.agent(
        {"qr", "--code-file", "-", "--link", "gigastore"}, {.input = "LPA:1$smdp.example$ID"});
    CHECK(done.status == 3);
    CHECK(done.err.find("gives no installation page") != std::string::npos);
    done = outside.agent({"qr", "--uid", outside.uid("plain"), "--link", "gigastore", "--format",
        "escpos", "--output", "/dev/null"});
    CHECK(done.status == 2);
}

TEST_CASE("qr writes a file that only its owner can read, whole or not at all", "[qr]")
{
    sandbox outside{{"--smdp", "smdp.sandbox.example"}};
    temporary_directory files;
    std::string file = files.path() + "/code.png";
    finished done = outside.agent({"qr", "--uid", outside.uid("plain"), "--output", file});
    REQUIRE(done.status == 0);
    CHECK(done.out.empty());
    CHECK(scan(file) == code);
    struct stat about {};
    ::stat(file.c_str(), &about);
    CHECK((about.st_mode & 0777) == 0600);

    done = outside.agent(
        {"qr", "--uid", outside.uid("plain"), "--format", "svg", "--output", "/dev/full"});
    CHECK(done.status == 1);
    CHECK(done.err.find("writing /dev/full: No space left on device") != std::string::npos);
    done = outside.agent(
        {"qr", "--uid", outside.uid("plain"), "--format", "svg"}, {.output_to = "/dev/full"});
    CHECK(done.status == 1);
    CHECK(done.err.find("writing standard output: No space left on device") != std::string::npos);
    done = outside.agent(
        {"qr", "--uid", outside.uid("plain"), "--output", files.path() + "/no/such.svg"});
    CHECK(done.status == 2);
}

TEST_CASE("qr takes a code from a file or from standard input", "[qr]")
{
    temporary_directory files;
    std::string agent = built("esim-agent");
    std::string given = "LPA:1$SMDP.Example.com$x_Y-9";
    std::string file = files.write("code", given + "\n");
    std::string shown = "LPA:1$smdp.example.com$x_Y-9";
    finished done = run_program({agent, "qr", "--code-file", file, "--format", "pbm"});
    CHECK(scan_bytes(done.out, "x.pbm") == shown);
    done = run_program({agent, "qr", "--code-file", "-", "--format", "pbm"}, {.input = given});
    CHECK(scan_bytes(done.out, "x.pbm") == shown);

    done = run_program({agent, "qr", "--code-file", files.write("open", given, 0644)});
    CHECK(done.status == 2);
    CHECK(done.err.find("chmod 600") != std::string::npos);
    done = run_program({agent, "qr", "--code-file", "-"}, {.input = "https://example.org/SECRET"});
    CHECK(done.status == 2);
    CHECK(done.err.find("this is no activation code") != std::string::npos);
    CHECK(done.err.find("SECRET") == std::string::npos);
    CHECK(run_program({agent, "qr", "--code-file", "/no/such/file"}).status == 2);
    CHECK(run_program({agent, "qr", "--code-file", "-"}, {.input = ""}).status == 2);
}

TEST_CASE("qr never shows the configured customer for an empty name", "[qr]")
{
    sandbox outside{{"--smdp", "smdp.sandbox.example"}};
    program_options configured{.environment = {"ESIM_AGENT_CUSTOMER_UID=" + outside.uid("kiosk"),
                                   "ESIM_AGENT_CUSTOMER_ICCID=89999010000000042254"}};
    CHECK(outside.agent({"qr", "--format", "svg"}, configured).status == 0);
    for (std::vector<std::string> words :
        {std::vector<std::string>{"qr", "--uid", ""}, {"qr", "--code-file", ""},
            {"qr", "--iccid", ""}, {"qr", "--output", ""}, {"customer", "show", ""},
            {"package", "refund", "", "--yes"}, {"--config", "", "qr"}}) {
        finished done = outside.agent(words, configured);
        CHECK(done.status == 2);
        CHECK(done.out.empty());
    }
    // The configured ICCID belongs to the configured customer.
    finished other =
        outside.agent({"qr", "--uid", outside.uid("plain"), "--format", "svg"}, configured);
    CHECK(other.status == 0);
}

TEST_CASE("qr takes the format from the file's name, and asks where that says nothing", "[qr]")
{
    sandbox outside{{"--smdp", "smdp.sandbox.example"}};
    temporary_directory files;
    auto qr = [&](const std::string& name) {
        return outside.agent(
            {"qr", "--uid", outside.uid("plain"), "--output", files.path() + "/" + name});
    };
    CHECK(qr("x.PNG").status == 0);
    CHECK(scan(files.path() + "/x.PNG") == code);
    for (const char* name : {"x.jpg", "x", "x.svg.txt"}) {
        finished done = qr(name);
        CHECK(done.status == 2);
        CHECK(done.err.find("add --format") != std::string::npos);
    }
}

TEST_CASE("a code that was typed in the wrong place is not repeated", "[qr]")
{
    std::string agent = built("esim-agent");
    std::string typed = "LPA:1$smdp.example.com$SECRET-1";
    for (std::vector<std::string> words :
        {std::vector<std::string>{agent, "qr", typed}, {agent, "qr", "--code-file", typed},
            {agent, "--json", "qr", "--uid", typed}, {agent, typed}}) {
        finished done = run_program(words);
        CHECK(done.status == 2);
        CHECK((done.out + done.err).find("SECRET-1") == std::string::npos);
    }
}

TEST_CASE("qr can be interrupted while it waits for a code", "[qr]")
{
    finished done = run_program({built("esim-agent"), "qr", "--code-file", "-"},
        {.columns = 80, .interrupt_after_ms = 1500});
    CHECK(done.status == 130);
}

TEST_CASE("qr prints the code as text only when it is told to", "[qr]")
{
    sandbox outside{{"--smdp", "smdp.sandbox.example"}};
    finished done = outside.agent({"qr", "--uid", outside.uid("plain")});
    CHECK((done.out + done.err).find("K7QX9") == std::string::npos);
    done = outside.agent({"qr", "--uid", outside.uid("plain"), "--reveal"});
    CHECK(done.out.ends_with("\n" + code + "\n"));
    done = outside.agent({"qr", "--uid", outside.uid("plain"), "--reveal", "--format", "svg"});
    CHECK(done.status == 2);
    CHECK(done.err.find("--output FILE") != std::string::npos);
}

TEST_CASE("qr gives programs a JSON document", "[qr]")
{
    sandbox outside{{"--smdp", "smdp.sandbox.example"}};
    auto ask = [&](std::vector<std::string> more) {
        more.insert(more.begin(), {"--json", "qr", "--uid", outside.uid("several")});
        return boost::json::parse(outside.agent(more).out).as_object();
    };
    auto document = ask({});
    CHECK(document["iccid"].as_string() == "899990100000000424106");
    CHECK(document["state"].as_string() == "RELEASED");
    CHECK(document["smdpAddress"].as_string() == "smdp.sandbox.example");
    CHECK(document["confirmationCodeRequired"].as_bool());
    CHECK_FALSE(document.contains("activationCode"));
    std::string svg(document["image"].as_string());
    std::string whole = "LPA:1$smdp.sandbox.example$BBBB-0002-NEW$$1";
    CHECK(scan_bytes(svg, "x.svg") == whole);
    CHECK(ask({"--reveal"})["activationCode"].as_string() == whole);
    CHECK(ask({"--format", "png"})["imageBase64"].as_string().starts_with("iVBORw0KGgo"));
    temporary_directory files;
    std::string file = files.path() + "/x.pbm";
    CHECK(ask({"--output", file})["file"].as_string() == file);
    CHECK(scan(file) == whole);
}

TEST_CASE("qr chooses the eSIM that is meant, or says which there are", "[qr]")
{
    sandbox outside{{"--smdp", "smdp.sandbox.example"}};
    finished done = outside.agent({"qr", "--uid", outside.uid("ambiguous")});
    CHECK(done.status == 2);
    CHECK(done.err.find("89999010000000042262 RELEASED, 89999010000000042270 released")
          != std::string::npos);
    CHECK(done.err.find("--iccid") != std::string::npos);
    CHECK(done.err.find("DDDD") == std::string::npos);
    done = outside.agent({"qr", "--uid", outside.uid("ambiguous"), "--iccid",
        "89999010000000042270", "--format", "pbm"});
    CHECK(scan_bytes(done.out, "x.pbm") == "LPA:1$smdp.sandbox.example$DDDD-0005");
    CHECK(
        outside.agent({"qr", "--uid", outside.uid("ambiguous"), "--iccid", "89999010000000000000"})
            .status
        == 3);
    CHECK(outside.agent({"qr", "--uid", outside.uid("error")}).status == 3);
    CHECK(outside.agent({"qr", "--uid", outside.uid("error"), "--iccid", "89999010000000042288"})
              .status
          == 7);
    CHECK(outside.agent({"qr", "--uid", outside.uid("none")}).status == 3);
    done = outside.agent({"qr", "--uid", outside.uid("badcode")});
    CHECK(done.status == 5);
    CHECK(done.err.find("Gigastore's activation code cannot be used") != std::string::npos);
    done =
        outside.agent({"qr", "--uid", outside.uid("several"), "--iccid", "89999010000000042171"});
    CHECK(done.status == 0);
    CHECK(done.err.find("installed already") != std::string::npos);
}

TEST_CASE("qr is never wider than the terminal", "[qr][terminal]")
{
    sandbox outside{{"--smdp", "smdp.sandbox.example"}};
    auto qr = [&](int columns, std::vector<std::string> more, std::string locale = "LANG=C.UTF-8") {
        more.insert(more.begin(), {"qr", "--uid", outside.uid("plain")});
        return outside.agent(more, {.environment = {locale}, .columns = columns});
    };
    finished done = qr(80, {});
    CHECK(done.status == 0);
    CHECK(done.out.starts_with("\033[30;107m"));
    done = qr(30, {});
    CHECK(done.status == 2);
    CHECK(unwrapped(done.out).find("needs 37 columns and 19 rows, and this terminal has 30 and 40")
          != std::string::npos);
    CHECK(unwrapped(done.out).find("--format svg --output") != std::string::npos);
    done = qr(40, {"--format", "ascii"});
    CHECK(done.status == 2);
    CHECK(unwrapped(done.out).find("--format utf8") != std::string::npos);
    CHECK(qr(80, {}, "LANG=C").out.starts_with("\033[107m"));
    CHECK(qr(80, {"--format", "png"}).status == 2);
    CHECK(qr(80, {"--format", "pbm"}).status == 2);
    done = outside.agent({"qr", "--uid", outside.uid("plain")}, {.columns = 80, .rows = 18});
    CHECK(done.status == 2);
    CHECK(
        unwrapped(done.out).find("19 rows, and this terminal has 80 and 18") != std::string::npos);
}
