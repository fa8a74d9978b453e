#include "platform/storage.hpp"
#include "tests/support/decode.hpp"
#include "tests/support/running_agent.hpp"

#include "tests/support/catch.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/parse.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <list>
#include <sys/resource.h>

using namespace tests;

namespace {

std::vector<std::string> kiosk_for(const sandbox& outside)
{
    auto out = daemon_for(outside, "");
    out.emplace_back("ESIM_AGENT_KIOSK_LISTEN=127.0.0.1:0");
    return out;
}

boost::json::value body_of(const std::string& answer)
{
    return boost::json::parse(answer.substr(answer.find("\r\n\r\n") + 4));
}

/// A kiosk that the network reaches: its certificate, and the daemon's environment.
struct tls_kiosk {
    std::string certificate;
    std::vector<std::string> environment;

    explicit tls_kiosk(const sandbox& outside)
        : certificate(outside.directory() + "/kiosk.pem"), environment(kiosk_for(outside))
    {
        std::string key = outside.directory() + "/kiosk.key";
        std::string token = outside.directory() + "/kiosk-token";
        std::string make = "umask 077; openssl req -x509 -newkey ec -pkeyopt "
                           "ec_paramgen_curve:P-256 -nodes -subj /CN=kiosk -addext "
                           "subjectAltName=IP:127.0.0.1 -keyout "
                           + key + " -out " + certificate + " 2>/dev/null; echo open-sesame-42 >"
                           + token;
        REQUIRE(run_program({"sh", "-c", make}).status == 0);
        environment.push_back("ESIM_AGENT_KIOSK_CERTIFICATE_FILE=" + certificate);
        environment.push_back("ESIM_AGENT_KIOSK_KEY_FILE=" + key);
        environment.push_back("ESIM_AGENT_KIOSK_TOKEN_FILE=" + token);
    }

    /// "https://127.0.0.1:PORT/", once it listens.
    static std::string url_of(running_agent& agent)
    {
        REQUIRE(agent.says("running"));
        auto at = agent.log().find("https://127.0.0.1:");
        REQUIRE(at != std::string::npos);
        return agent.log().substr(at, agent.log().find('\n', at) - at);
    }
};

void allow_files(rlim_t number)
{
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = std::min(number, limit.rlim_max);
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

std::size_t resident_kilobytes(int pid)
{
    std::ifstream status{"/proc/" + std::to_string(pid) + "/status"};
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmRSS:"))
            return std::stoul(line.substr(6));
    return 0;
}

}  // namespace

TEST_CASE("run: a kiosk that others than this device can reach needs TLS and a token", "[run]")
{
    sandbox outside;
    for (const char* where : {"0.0.0.0:0", "[::]:0", "192.0.2.1:8080"}) {
        auto environment = daemon_for(outside, "");
        environment.push_back("ESIM_AGENT_KIOSK_LISTEN=" + std::string(where));
        running_agent agent{outside, environment};
        CHECK(agent.ends() == 2);
        CHECK(agent.log().find("certificate-file, key-file and token-file") != std::string::npos);
    }
    for (const char* where : {"localhost:8080", "127.0.0.1", "127.0.0.1:99999", "::1:80"}) {
        auto environment = daemon_for(outside, "");
        environment.push_back("ESIM_AGENT_KIOSK_LISTEN=" + std::string(where));
        running_agent agent{outside, environment};
        CHECK(agent.ends() == 2);
        CHECK(agent.log().find("IP:PORT") != std::string::npos);
    }
}

TEST_CASE("run: under TLS the kiosk's page is for who knows its token", "[run]")
{
    sandbox outside;
    tls_kiosk at{outside};
    running_agent agent{outside, at.environment};
    std::string url = at.url_of(agent);
    auto status = [&](std::vector<std::string> words) {
        std::vector<std::string> all{
            "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "--cacert", at.certificate};
        all.insert(all.end(), words.begin(), words.end());
        all.push_back(url);
        return run_program(all).out;
    };
    CHECK(status({}) == "401");
    CHECK(status({"-u", "kiosk:wrong"}) == "401");
    CHECK(status({"-u", "kiosk:open-sesame-42"}) == "200");
    CHECK(status({"-H", "Authorization: Bearer open-sesame-42"}) == "200");
    CHECK(agent.log().find("open-sesame-42") == std::string::npos);
}

TEST_CASE("run: a thousand connections over TLS take less memory than the unit allows",
    "[run][unsanitized]")
{
    sandbox outside;
    tls_kiosk at{outside};
    running_agent agent{outside, at.environment};
    std::string url = at.url_of(agent);
    auto port = static_cast<unsigned short>(std::stoi(url.substr(url.rfind(':') + 1)));
    allow_files(4096);
    boost::asio::io_context io;
    boost::asio::ssl::context tls{boost::asio::ssl::context::tls_client};
    std::list<boost::asio::ssl::stream<boost::asio::ip::tcp::socket>> all;
    for (int i = 0; i < 1000; ++i) {
        boost::system::error_code ec;
        auto& one = all.emplace_back(io, tls);
        one.lowest_layer().connect({boost::asio::ip::address_v4::loopback(), port}, ec);
        if (!ec)
            one.handshake(boost::asio::ssl::stream_base::client, ec);
        if (!ec)
            boost::asio::write(one, boost::asio::buffer("GET / HTTP/1.1\r\n", 16), ec);
    }
    constexpr std::size_t most = 48 * 1024;  // MemoryMax of esim-agent.service
    CHECK(resident_kilobytes(agent.pid()) < most);
    // Whoever comes next is served all the same.
    CHECK(run_program({"curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "--cacert",
                          at.certificate, "-u", "kiosk:open-sesame-42", url})
              .out
          == "200");
}

TEST_CASE("run: a till opens, lists and ends sessions, and is told what is wrong", "[run]")
{
    sandbox outside;
    running_agent agent{outside, kiosk_for(outside)};
    REQUIRE(agent.says("running"));
    auto open = [&outside](const std::string& body) {
        return ask_api(outside, "POST", "/v1/kiosk/sessions", body);
    };
    CHECK(open("").starts_with("HTTP/1.1 400"));
    CHECK(open(R"({"customerUid":5})").starts_with("HTTP/1.1 400"));
    CHECK(open(R"({"customer":"x"})").starts_with("HTTP/1.1 400"));
    CHECK(open(R"({"customerUid":"x","uid":"y"})").find("twice") != std::string::npos);
    CHECK(open(R"({"customerUid":"../../etc"})").starts_with("HTTP/1.1 400"));
    CHECK(open(R"({"customerUid":"nobody"})").starts_with("HTTP/1.1 404"));
    CHECK(open(R"({"customerUid":"nobody"})").find("unknown_customer") != std::string::npos);
    CHECK(open(R"({"uid":")" + outside.uid("error") + "\"}").starts_with("HTTP/1.1 404"));
    CHECK(open(R"({"uid":")" + outside.uid("ambiguous") + "\"}").starts_with("HTTP/1.1 400"));
    std::string opened = open(R"({"customerUid":")" + outside.uid("plain") + "\"}");
    REQUIRE(opened.starts_with("HTTP/1.1 201"));
    CHECK(body_of(opened).at("customerUid").as_string() == outside.uid("plain"));
    CHECK(opened.find("K7QX9") == std::string::npos);
    std::string id = body_of(opened).at("id").as_string().c_str();
    std::string list = ask_api(outside, "GET", "/v1/kiosk/sessions");
    CHECK(body_of(list).at("sessions").as_array().size() == 1);
    std::string one = ask_api(outside, "GET", "/v1/kiosk/sessions/" + id);
    CHECK(body_of(one).at("id") == body_of(opened).at("id"));
    CHECK(body_of(one).at("url") == body_of(opened).at("url"));
    CHECK(ask_api(outside, "DELETE", "/v1/kiosk/sessions/" + id).starts_with("HTTP/1.1 200"));
    CHECK(ask_api(outside, "GET", "/v1/kiosk/sessions/" + id).starts_with("HTTP/1.1 404"));
    CHECK(ask_api(outside, "DELETE", "/v1/kiosk/sessions/" + id).starts_with("HTTP/1.1 404"));
    // Nothing of the code is in the log, or was written down.
    CHECK(agent.log().find("K7QX9") == std::string::npos);
}

TEST_CASE(
    "run: who has ended a session before the search is answered is back at the start", "[run]")
{
    sandbox outside;
    auto environment = kiosk_for(outside);
    environment.emplace_back("ESIM_AGENT_KIOSK_SELF_SERVICE=reference");
    running_agent agent{outside, environment};
    REQUIRE(agent.says("running"));
    auto at = agent.log().find("http://127.0.0.1:");
    REQUIRE(at != std::string::npos);
    std::string url = agent.log().substr(at, agent.log().find('\n', at) - at);
    // Every search is answered after three seconds; the page shows the session as soon as it is
    // there.
    auto done = run_program({"sh", "-c", R"(
        curl -sS --data "q=$2" -H "Origin: ${1%/}" -o answer -w '%{redirect_url}' "$1find" >to &
        for try in $(seq 1000); do
            curl -sS "$1" | grep -q 'data-state="waiting"' && break
        done
        curl -sS --data '' -H "Origin: ${1%/}" -o ended "$1end"
        wait
        cat to)",
                                "sh", url, outside.uid("plain")},
        {.directory = outside.directory()});
    CHECK(done.out == url);
    CHECK(agent.says("the session of eSIM 8999...2007 ended"));
}

TEST_CASE("run: a display without a browser shows the session, and gives it up at the end", "[run]")
{
    sandbox outside;
    std::string screen = outside.directory() + "/fb";
    auto environment = daemon_for(outside, "");
    environment.push_back("ESIM_AGENT_DISPLAY_FRAMEBUFFER=" + screen);
    environment.emplace_back("ESIM_AGENT_DISPLAY_MODE=400x300x16");
    environment.emplace_back("ESIM_AGENT_KIOSK_LANGUAGE=ja");
    running_agent agent{outside, environment};
    REQUIRE(agent.says("running"));
    auto shown = [&screen] {
        std::string memory = platform::read_file(screen).value();
        std::string out = "P5\n400 300\n255\n";
        for (std::size_t i = 0; i < memory.size(); i += 2)
            out += memory[i];
        return out;
    };
    CHECK(shown().find('\0') != std::string::npos);  // it welcomes
    std::string opened = ask_api(
        outside, "POST", "/v1/kiosk/sessions", R"({"uid":")" + outside.uid("plain") + "\"}");
    REQUIRE(opened.starts_with("HTTP/1.1 201"));
    CHECK(opened.find("\"url\"") == std::string::npos);  // there is no page
    CHECK(scan_bytes(shown(), "f.pgm") == "LPA:1$" + outside.at("smdp") + "$K7QX9-2F4M1");
    agent.signal(SIGTERM);
    CHECK(agent.ends() == 0);
    CHECK(shown().find('\0') == std::string::npos);  // it is blank
}

TEST_CASE(
    "run: the page's print button prints a receipt, or says that the printer is silent", "[run]")
{
    sandbox outside;
    std::string paper = outside.directory() + "/paper";
    auto environment = kiosk_for(outside);
    environment.push_back("ESIM_AGENT_PRINTER_PORT=" + paper);
    running_agent agent{outside, environment};
    REQUIRE(agent.says("running"));
    std::string opened = ask_api(
        outside, "POST", "/v1/kiosk/sessions", R"({"uid":")" + outside.uid("plain") + "\"}");
    std::string url = body_of(opened).at("url").as_string().c_str();
    std::string answer = run_program({"curl", "-s", "-X", "POST", url + "print"}).out;
    CHECK(answer.find(">Printed<") != std::string::npos);
    CHECK(platform::read_file(paper).value().starts_with("\x1b@\x1dv0"));
    std::filesystem::remove(paper);
    std::filesystem::create_directory(paper);
    answer = run_program({"curl", "-s", "-X", "POST", url + "print"}).out;
    CHECK(answer.find("The printer does not answer") != std::string::npos);
    CHECK(agent.says("printing"));
}

TEST_CASE("run: without a kiosk a till is told so", "[run]")
{
    sandbox outside;
    running_agent agent{outside, daemon_for(outside, "")};
    REQUIRE(agent.says("running"));
    std::string answer = ask_api(outside, "POST", "/v1/kiosk/sessions", R"({"uid":"x"})");
    CHECK(answer.starts_with("HTTP/1.1 400"));
    CHECK(answer.find("no kiosk is configured") != std::string::npos);
}

TEST_CASE(
    "run: a till sells what it may, once for each of its numbers, and the eSIM is shown", "[run]")
{
    sandbox outside{{"--forgets-keys"}};
    const std::string world = "11111111-0000-4000-8000-000000000001";
    auto environment = kiosk_for(outside);
    environment.push_back("ESIM_AGENT_KIOSK_SELLS=" + world);
    environment.emplace_back("ESIM_AGENT_KIOSK_SELLS_DAILY=2");
    environment.emplace_back("ESIM_AGENT_BEARER_FILE=");
    environment.push_back("ESIM_AGENT_CLIENT_ID_FILE=" + outside.at("clientIdFile"));
    environment.push_back("ESIM_AGENT_CLIENT_SECRET_FILE=" + outside.at("clientSecretFile"));
    running_agent agent{outside, environment};
    REQUIRE(agent.says("running"));
    auto sell = [&](const std::string& number, const std::string& more) {
        return ask_api(outside, "POST", "/v1/kiosk/sales",
            R"({"metatag":")" + number + R"(","onBusy":"replace")" + more + "}");
    };
    std::string item = R"(,"item":")" + world + R"(","price":11.5)";
    CHECK(sell("1", R"(,"item":"11111111-0000-4000-8000-000000000003","price":4.5)")
              .starts_with("HTTP/1.1 409"));
    CHECK(sell("1", R"(,"item":")" + world + R"(","price":9.99)").find("costs 11.50 USD")
          != std::string::npos);
    CHECK(sell("1", R"(,"item":")" + world + "\"").starts_with("HTTP/1.1 400"));

    outside.fault("drop-after*1@/register");
    std::string first = sell("1", item);
    CHECK(first.starts_with("HTTP/1.1 201"));
    CHECK(first.find("LPA:") == std::string::npos);
    auto sold = body_of(first);
    CHECK(sold.at("package").at("metatag").as_string() == "1");
    CHECK(sold.at("session").at("iccid") == sold.at("esim").at("iccid"));
    std::string again = sell("1", item);
    CHECK(again.starts_with("HTTP/1.1 200"));
    CHECK(body_of(again).at("customerUid") == sold.at("customerUid"));
    CHECK(body_of(again).at("session").at("iccid") == sold.at("esim").at("iccid"));

    std::string customer(sold.at("customerUid").as_string());
    auto more = body_of(sell("2", item + R"(,"customerUid":")" + customer + "\""));
    CHECK(more.at("customerUid").as_string() == customer);
    CHECK(more.at("esim").at("iccid") != sold.at("esim").at("iccid"));
    std::string late = sell("3", item);
    CHECK(late.starts_with("HTTP/1.1 409"));
    CHECK(late.find("limit_reached") != std::string::npos);
    std::string top_up = sell("2", item + R"(,"customerUid":")" + customer + "\"");
    CHECK(top_up.starts_with("HTTP/1.1 200"));
    CHECK(body_of(top_up).at("esim").at("iccid") == more.at("esim").at("iccid"));
    std::string other = sell("2", item);
    CHECK(other.starts_with("HTTP/1.1 400"));
    CHECK(other.find("other_purchase") != std::string::npos);
    auto items = boost::json::parse(
        outside.agent({"--json", "package", "list", "--customer", customer}).out);
    CHECK(items.as_array().size() == 2);
}

TEST_CASE("run: a till that may sell nothing is told so", "[run]")
{
    sandbox outside;
    running_agent agent{outside, kiosk_for(outside)};
    REQUIRE(agent.says("running"));
    std::string answer =
        ask_api(outside, "POST", "/v1/kiosk/sales", R"({"metatag":"1","item":"x","price":1})");
    CHECK(answer.starts_with("HTTP/1.1 409"));
    CHECK(answer.find("not_offered") != std::string::npos);
}
