#include "tests/support/running_agent.hpp"

#include "tests/support/catch.hpp"

#include <boost/json/parse.hpp>
#include <csignal>

using namespace tests;

namespace {

/// A device that serves links over TLS.
struct link_device {
    sandbox outside;
    std::string certificate = outside.directory() + "/link.pem";
    std::vector<std::string> environment = daemon_for(outside, "");

    link_device()
    {
        std::string key = outside.directory() + "/link.key";
        std::string make = "umask 077; openssl req -x509 -newkey ec -pkeyopt "
                           "ec_paramgen_curve:P-256 -nodes -subj /CN=link -addext "
                           "subjectAltName=DNS:esim.example -keyout "
                           + key + " -out " + certificate + " 2>/dev/null";
        REQUIRE(run_program({"sh", "-c", make}).status == 0);
        environment.emplace_back("ESIM_AGENT_LINK_LISTEN=127.0.0.1:0");
        environment.emplace_back("ESIM_AGENT_LINK_URL=https://esim.example");
        environment.emplace_back("ESIM_AGENT_LINK_SUPPORT=help@esim.example");
        environment.push_back("ESIM_AGENT_LINK_CERTIFICATE_FILE=" + certificate);
        environment.push_back("ESIM_AGENT_LINK_KEY_FILE=" + key);
    }

    finished command(const std::vector<std::string>& words) const { return outside.device(words); }

    /// What a phone gets for a link, as curl tells it: the page, then its status.
    std::string page(const running_agent& agent, const std::string& url) const
    {
        auto at = agent.log().find("links are served on port ");
        REQUIRE(at != std::string::npos);
        std::string port = agent.log().substr(at + 25, agent.log().find(',', at) - at - 25);
        return run_program(
            {"curl", "-sS", "-w", "%{http_code}", "-A", "Mozilla/5.0 (Linux; Android 14; K) Mobile",
                "--cacert", certificate, "--connect-to", "esim.example:443:127.0.0.1:" + port, url})
            .out;
    }
};

}  // namespace

TEST_CASE("link: from a customer's UID to a page that installs, until it is revoked", "[run]")
{
    link_device at;
    running_agent agent{at.outside, at.environment};
    REQUIRE(agent.says("running"));
    auto made = at.command({"link", "create", at.outside.uid("plain"), "--json"});
    INFO(made.err);
    REQUIRE(made.status == 0);
    auto document = boost::json::parse(made.out);
    std::string url = document.at("url").as_string().c_str();
    std::string id = document.at("id").as_string().c_str();
    std::string page = at.page(agent, url);
    CHECK(page.ends_with("200"));
    CHECK(page.find("K7QX9-2F4M1") != std::string::npos);
    CHECK(page.find("Install on this Android phone") != std::string::npos);
    CHECK(page.find("mailto:help@esim.example") != std::string::npos);

    auto list = at.command({"link", "list"});
    CHECK(list.status == 0);
    CHECK(list.out.find(id) != std::string::npos);
    CHECK(list.out.find(url.substr(url.rfind('/') + 1)) == std::string::npos);
    auto again = boost::json::parse(at.command({"link", "list", "--json"}).out);
    CHECK(again.at("links").at(0).at("openedAt").is_string());

    CHECK(at.command({"link", "revoke", id}).status == 0);
    CHECK(at.page(agent, url).ends_with("404"));
    auto gone = at.command({"link", "revoke", id});
    CHECK(gone.status == 3);
    CHECK(gone.err.find("link list") != std::string::npos);
    CHECK(at.command({"link", "list"}).out.find("No links are out") != std::string::npos);
    // Nobody reads from the log what only the customer may know.
    CHECK(agent.log().find(url.substr(url.rfind('/') + 1)) == std::string::npos);
    CHECK(agent.log().find("K7QX9") == std::string::npos);
}

TEST_CASE("link: a link outlives kill -9, and all of them can be ended at once", "[run]")
{
    link_device at;
    std::string url;
    {
        running_agent agent{at.outside, at.environment};
        REQUIRE(agent.says("running"));
        auto made = at.command({"link", "create", at.outside.uid("plain")});
        REQUIRE(made.status == 0);
        url = made.out.substr(0, made.out.find('\n'));
        CHECK(made.out.find("link revoke") != std::string::npos);
        agent.signal(SIGKILL);
        agent.ends();
    }
    running_agent agent{at.outside, at.environment};
    REQUIRE(agent.says("running"));
    CHECK(at.page(agent, url).ends_with("200"));
    CHECK(at.command({"link", "revoke", "--all"}).status == 0);
    CHECK(at.page(agent, url).ends_with("404"));
}

TEST_CASE("link: what cannot be done is said, with what to do", "[run]")
{
    link_device at;
    auto absent = at.command({"link", "create", at.outside.uid("plain")});
    CHECK(absent.status != 0);
    CHECK(absent.err.find("systemctl start esim-agent") != std::string::npos);
    {
        running_agent agent{at.outside, at.environment};
        REQUIRE(agent.says("running"));
        auto nobody = at.command({"link", "create", "nobody"});
        CHECK(nobody.status == 3);
        CHECK(nobody.err.find("customer search") != std::string::npos);
        CHECK(at.command({"link", "create", at.outside.uid("ambiguous")}).status == 2);
        CHECK(at.command({"link", "revoke"}).status == 2);
    }
    running_agent without{at.outside, daemon_for(at.outside, "")};
    REQUIRE(without.says("running"));
    auto none = at.command({"link", "list"});
    CHECK(none.status == 2);
    CHECK(none.err.find("<link listen=") != std::string::npos);
}

TEST_CASE(
    "link: the configuration says what others would see, or the daemon does not start", "[run]")
{
    sandbox outside;
    auto starts_with = [&outside](std::vector<std::string> more) {
        auto environment = daemon_for(outside, "");
        environment.insert(environment.end(), more.begin(), more.end());
        running_agent agent{outside, environment};
        CHECK(agent.ends() == 2);
        return agent.log();
    };
    CHECK(starts_with({"ESIM_AGENT_LINK_LISTEN=127.0.0.1:0"}).find("listen and url go together")
          != std::string::npos);
    CHECK(starts_with(
              {"ESIM_AGENT_LINK_LISTEN=0.0.0.0:0", "ESIM_AGENT_LINK_URL=https://esim.example"})
              .find("only under TLS")
          != std::string::npos);
    CHECK(starts_with(
              {"ESIM_AGENT_LINK_LISTEN=127.0.0.1:0", "ESIM_AGENT_LINK_URL=http://esim.example"})
              .find("https://HOST")
          != std::string::npos);
}

TEST_CASE("link: a kiosk's session has one, for the till and for the customer's phone", "[run]")
{
    link_device at;
    at.environment.emplace_back("ESIM_AGENT_KIOSK_LISTEN=127.0.0.1:0");
    running_agent agent{at.outside, at.environment};
    REQUIRE(agent.says("running"));
    std::string opened = ask_api(at.outside, "POST", "/v1/kiosk/sessions",
        R"({"customerUid":")" + at.outside.uid("plain") + "\"}");
    REQUIRE(opened.starts_with("HTTP/1.1 201"));
    auto session = boost::json::parse(opened.substr(opened.find("\r\n\r\n") + 4));
    std::string url = session.at("link").as_string().c_str();
    CHECK(at.page(agent, url).ends_with("200"));
}
