#include "tests/support/catch.hpp"
#include "tests/support/sandbox.hpp"

#include <fstream>

using namespace tests;

TEST_CASE("a wrong UID ends with 3 and says how to find the right one", "[exit]")
{
    sandbox outside;
    finished done = outside.agent({"qr", "--uid", "no-such-customer"});
    CHECK(done.status == 3);
    CHECK(done.err.find("no-such-customer: not found (HTTP 404: Unknown customer)")
          != std::string::npos);
    CHECK(done.err.find("customer search") != std::string::npos);
}

TEST_CASE("wrong credentials end with 4", "[exit]")
{
    sandbox outside;
    std::ofstream(outside.at("clientSecretFile")) << "wrong";
    finished done = outside.agent({"customer", "list"});
    CHECK(done.status == 4);
    CHECK(done.err.find("the credentials were refused (asking for a token: HTTP 401: "
                        "invalid_client)")
          != std::string::npos);
    CHECK(done.err.find("client-secret-file") != std::string::npos);
}

TEST_CASE("credentials that may not do it end with 4, and say so", "[exit]")
{
    sandbox outside;
    CHECK(outside.device({"qr", "--uid", outside.uid("plain")}).status == 0);
    finished done = outside.device({"customer", "list"});
    CHECK(done.status == 4);
    CHECK(done.err.find("not allowed with these credentials") != std::string::npos);
}

TEST_CASE("a dead server ends with 5", "[exit]")
{
    std::string url;
    temporary_directory files;
    {
        sandbox outside;
        url = outside.at("gigastore");
    }
    std::string token = files.write("token", "T");
    std::string config = files.write("agent.xml",
        "<esim-agent><gigastore url=\"" + url + "\" bearer-file=\"token\"/></esim-agent>");
    finished done = run_program({built("esim-agent"), "--config", config, "qr", "--uid", "C1"});
    CHECK(done.status == 5);
    CHECK(done.err.find("no connection") != std::string::npos);
    CHECK(done.err.find("Connection refused") != std::string::npos);
}

TEST_CASE("a name that does not exist ends with 5", "[exit]")
{
    temporary_directory files;
    files.write("token", "T");
    std::string config = files.write("agent.xml",
        R"(<esim-agent><gigastore url="https://api.invalid" bearer-file="token"/></esim-agent>)");
    finished done = run_program({built("esim-agent"), "--config", config, "qr", "--uid", "C1"});
    CHECK(done.status == 5);
    CHECK(done.err.find("the name could not be looked up (api.invalid") != std::string::npos);
}

TEST_CASE("a bad configuration ends with 2, with file and line", "[exit]")
{
    temporary_directory files;
    std::string agent = built("esim-agent");
    auto run = [&](const std::string& xml) {
        return run_program({agent, "--config", files.write("agent.xml", xml), "customer", "list"});
    };
    finished done = run("<esim-agent>\n  <gigastore\n    urll=\"x\"/>\n</esim-agent>");
    CHECK(done.status == 2);
    CHECK(done.err.find(files.path() + "/agent.xml:3: <gigastore> has no attribute 'urll'")
          != std::string::npos);
    done = run(R"(<esim-agent/>)");
    CHECK(done.status == 2);
    CHECK(done.err.find("client-id-file") != std::string::npos);
    done = run(
        R"(<esim-agent><gigastore client-id-file="id" client-secret-file="gone"/></esim-agent>)");
    CHECK(done.status == 2);
    CHECK(done.err.find("No such file") != std::string::npos);
    CHECK(run_program({agent, "--config", "/no/such/agent.xml", "customer", "list"}).status == 2);
    CHECK(run_program({agent, "nonsense"}).status == 2);
    finished none = run_program({agent, "qr"});
    CHECK(none.status == 2);
    CHECK(none.err.find("no customer was named") != std::string::npos);
}

TEST_CASE("with --json, an error is a JSON document too", "[exit]")
{
    sandbox outside;
    finished done = outside.agent({"--json", "customer", "show", "nobody"});
    CHECK(done.status == 3);
    CHECK(done.out.starts_with(R"({"error":{"name":"not_found",)"));
    CHECK(done.out.ends_with(R"("exitStatus":3}})"
                             "\n"));
}

TEST_CASE("an error of usage is a JSON document too, and names the wrong word", "[exit]")
{
    std::string agent = built("esim-agent");
    finished done = run_program({agent, "--json", "qr", "--format", "gif"});
    CHECK(done.status == 2);
    CHECK(done.out.find("'gif' is none of utf8, ansi") != std::string::npos);
    CHECK(done.out.starts_with(R"({"error":{)"));
    CHECK(run_program({agent, "custmer", "list"})
              .err.starts_with(
                  "esim-agent: 'custmer' is no command; there are qr, install, batch, euicc, "));
    CHECK(run_program({agent, "customer", "lst"})
              .err.starts_with("esim-agent: 'lst' is no customer command; there are show, list"));
    CHECK(run_program({agent, "--log-level", "info", "package"})
              .err.starts_with(
                  "esim-agent: a package command is missing; there are list, show, activate"));
}

TEST_CASE("files that are none end with 2", "[exit]")
{
    temporary_directory files;
    files.write("token", "T");
    files.write("no.pem", "nothing");
    std::string agent = built("esim-agent");
    auto run = [&](const std::string& attributes) {
        std::string xml =
            "<esim-agent><gigastore url=\"https://localhost:1\" " + attributes + "/></esim-agent>";
        return run_program({agent, "--config", files.write("agent.xml", xml), "customer", "list"});
    };
    finished done = run(R"(bearer-file="token" ca-file="no.pem")");
    CHECK(done.status == 2);
    CHECK(done.err.find("holds no certificates") != std::string::npos);
    CHECK(run(R"(client-certificate-file="no.pem" client-key-file="token")").status == 2);
    CHECK(run(R"(bearer-file=".")").status == 2);
    CHECK(run_program({agent, "--config", files.path(), "customer", "list"}).status == 2);
}

TEST_CASE(
    "a closed standard output is an error, and nothing else gets what was meant for it", "[exit]")
{
    temporary_directory files;
    std::string code = files.write("code", "LPA:1$smdp.example.com$X");
    finished done = run_program(
        {"sh", "-c", built("esim-agent") + " qr --code-file " + code + " --format svg >&-"});
    CHECK(done.status == 1);
    CHECK(done.err.find("writing standard output") != std::string::npos);
}

TEST_CASE("an interrupt ends the program at once, without a stray file", "[exit]")
{
    sandbox outside{{"--fault", "slow@/customers"}};
    auto started = std::chrono::steady_clock::now();
    program_options options;
    options.interrupt_at = "authenticated";
    options.interrupt_after_ms = 100;
    finished done =
        outside.agent({"--log-level", "debug", "qr", "--uid", outside.uid("plain")}, options);
    CHECK(done.status == 130);
    CHECK(done.err.ends_with("esim-agent: interrupted\n"));
    CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(15));
}

TEST_CASE("help and version end with 0", "[exit]")
{
    std::string agent = built("esim-agent");
    std::string version = run_program({agent, "--version"}).out;
    CHECK(version.starts_with("esim-agent " ESIM_AGENT_VERSION "\nBuilt with "));
    CHECK(version.ends_with(" at socket\n"));
    for (std::vector<std::string> words :
        {std::vector<std::string>{"--help"}, {"qr", "--help"}, {"customer", "--help"},
            {"customer", "search", "--help"}, {"package", "refund", "--help"}}) {
        words.insert(words.begin(), agent);
        finished done = run_program(words);
        CHECK(done.status == 0);
        CHECK(done.out.find("Usage:") != std::string::npos);
        // A help text that does not fit 80 columns is hard to read where it is needed.
        for (std::size_t start = 0; start < done.out.size();) {
            auto end = done.out.find('\n', start);
            CHECK(end - start <= 80);
            start = end + 1;
        }
    }
}
