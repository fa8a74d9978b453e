#include "tests/support/catch.hpp"
#include "tests/support/running_agent.hpp"
#include "tests/support/sandbox.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <poll.h>
#include <set>

using namespace tests;
using namespace std::string_literals;

namespace {

std::string content_of(const std::filesystem::path& file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string line_of(const std::string& file)
{
    std::string text = content_of(file);
    return text.substr(0, text.find('\n'));
}

/// Everything that must never be seen: codes, links, tokens, credentials.
std::vector<std::string> secrets_of(const sandbox& outside)
{
    return {"K7QX9", "AAAA-0001", "BBBB-0002", "CCCC-0003", "DDDD-000", "EEEE-0006", "SAMPLE-TOKEN",
        "SANDBOX.", "Bearer ", "Basic ", line_of(outside.at("clientIdFile")),
        line_of(outside.at("clientSecretFile")), line_of(outside.at("deviceTokenFile"))};
}

/// How often a text is in a process's memory that can be written.
std::size_t count_in_memory(int pid, const std::string& text)
{
    std::string proc = "/proc/" + std::to_string(pid);
    std::ifstream regions{proc + "/maps"};
    std::ifstream memory{proc + "/mem", std::ios::binary};
    std::size_t out = 0;
    for (std::string line; std::getline(regions, line);) {
        unsigned long long begin = 0;
        unsigned long long end = 0;
        char rights[5] = {};
        bool is_read = std::sscanf(line.c_str(), "%llx-%llx %4s", &begin, &end, rights) == 3;
        if (!is_read || rights[0] != 'r' || rights[1] != 'w')
            continue;
        std::string content(end - begin, '\0');
        memory.clear();
        memory.seekg(static_cast<std::streamoff>(begin));
        memory.read(content.data(), static_cast<std::streamsize>(content.size()));
        for (auto at = content.find(text); at != content.npos; at = content.find(text, at + 1))
            ++out;
    }
    return out;
}

}  // namespace

TEST_CASE("no secret is in any output of any command at debug level", "[redaction][sweep]")
{
    sandbox outside;
    temporary_directory state;
    auto check = [&](std::vector<std::string> words) {
        std::vector<std::string> all{"--log-level", "debug"};
        all.insert(all.end(), words.begin(), words.end());
        for (bool as_device : {false, true}) {
            program_options here{.environment = {"HOME=" + state.path(), "TMPDIR=" + state.path()},
                .directory = state.path()};
            finished done = as_device ? outside.device(all, here) : outside.agent(all, here);
            for (const std::string& secret : secrets_of(outside)) {
                INFO(words[0] + " " + (words.size() > 1 ? words[1] : "") + ": " + secret);
                CHECK(done.out.find(secret) == std::string::npos);
                CHECK(done.err.find(secret) == std::string::npos);
            }
            CHECK(done.err.find("debug: ") != std::string::npos);
        }
    };
    for (const char* sample : {"plain", "several", "ambiguous", "error", "none", "badcode"}) {
        check({"qr", "--uid", outside.uid(sample), "--format", "svg"});
        check({"--json", "customer", "show", outside.uid(sample)});
        check({"customer", "show", outside.uid(sample)});
    }
    check({"customer", "list"});
    check({"--json", "customer", "list"});
    check({"customer", "search", "--email", "example", "--match", "contains"});
    check({"customer", "update", outside.uid("plain"), "--country", "AT"});
    check({"package", "list"});
    check({"package", "activate", "5c0b8a10-7d2e-4f39-8a41-000000000002", "--yes"});
    check({"package", "refund", "5c0b8a10-7d2e-4f39-8a41-111100000002", "--yes"});
    for (const char* fault : {"cut", "html", "wrong-json", "empty", "redirect", "401-once"}) {
        outside.fault(fault);
        check({"qr", "--uid", outside.uid("plain"), "--format", "svg"});
    }
    CHECK(std::filesystem::is_empty(state.path()));
}

TEST_CASE("an installation leaves no code in output, journal or lock", "[redaction][sweep]")
{
    sandbox outside;
    temporary_directory files;
    auto check = [&](const finished& done) {
        for (const std::string& secret : secrets_of(outside)) {
            INFO(secret);
            CHECK((done.out + done.err).find(secret) == std::string::npos);
        }
        CHECK((done.out + done.err).find("4711-secret") == std::string::npos);
    };
    auto install = [&](std::vector<std::string> words) {
        words.insert(words.begin(), {"--log-level", "debug", "install", "--yes"});
        check(outside.agent(words));
        words.insert(words.begin(), "--json");
        check(outside.over_socket(words));
    };
    std::string wrong = files.write("cc", "4711-secret");
    install({"--code-file", outside.code_file("BBBB-0002-NEW"), "--confirmation-code-file", wrong});
    for (const char* fault : {"500@es9plus", "bad-mac", "removed+30*1", "not-json@es9plus"}) {
        outside.start_over("K7QX9-2F4M1");
        outside.admin("POST", "/faults", fault);
        install({"--uid", outside.uid("plain")});
    }
    outside.start_over("K7QX9-2F4M1");
    install({"--uid", outside.uid("plain")});
    int kept = 0;
    for (const auto& each :
        std::filesystem::directory_iterator(outside.directory() + "/agent-state")) {
        ++kept;
        std::string content = content_of(each.path());
        for (const std::string& secret : secrets_of(outside))
            CHECK(content.find(secret) == std::string::npos);
        CHECK((std::filesystem::status(each).permissions() & std::filesystem::perms::others_all)
              == std::filesystem::perms::none);
    }
    CHECK(kept > 0);
}

TEST_CASE("no secret is in the arguments or the environment of a running agent", "[redaction]")
{
    sandbox outside{{"--fault", "slow"}};
    background_program agent{{"sh", "-c",
        "echo started; exec " + built("esim-agent") + " --config " + outside.at("config")
            + " qr --uid " + outside.uid("plain")}};
    std::string proc = "/proc/" + std::to_string(agent.pid());
    // Until it is the agent, and has had time to ask: its token is in memory then.
    std::string line;
    for (int i = 0; i < 500 && line.find("/esim-agent\0--config"s) == std::string::npos; ++i) {
        ::poll(nullptr, 0, 10);
        line = content_of(proc + "/cmdline");
    }
    REQUIRE(line.find("/esim-agent\0--config"s) != std::string::npos);
    ::poll(nullptr, 0, 500);
    for (const std::string& secret : secrets_of(outside)) {
        CHECK(content_of(proc + "/cmdline").find(secret) == std::string::npos);
        CHECK(content_of(proc + "/environ").find(secret) == std::string::npos);
    }
}

TEST_CASE("an idle daemon's memory holds no code of what is installed", "[redaction][unsanitized]")
{
    sandbox outside;
    std::string order = "K7QX9-2F4M1";
    outside.admin("POST", "/orders/" + order, R"({"confirmationCode":"CANARY-0815"})");
    running_agent agent{outside, daemon_for(outside, outside.uid("plain"))};
    REQUIRE(agent.says("wants a confirmation code"));
    ask_api(outside, "POST", "/v1/confirmation-code", R"({"confirmationCode":"CANARY-0815"})");
    REQUIRE(agent.says("(notified) was accepted"));
    // It rests for hours, once Gigastore shows the installation, too.
    auto count = [&] {
        return count_in_memory(agent.pid(), order) + count_in_memory(agent.pid(), "CANARY-0815");
    };
    for (int i = 0; i < 200 && count() > 0; ++i)
        ::poll(nullptr, 0, 50);
    REQUIRE(count_in_memory(agent.pid(), outside.uid("plain")) > 0);  // it can be read
    CHECK(count_in_memory(agent.pid(), order) == 0);
    CHECK(count_in_memory(agent.pid(), "CANARY-0815") == 0);
}

TEST_CASE("a provisioning file's confirmation code is in no memory afterwards",
    "[redaction][unsanitized]")
{
    sandbox outside;
    temporary_directory files;
    outside.admin("POST", "/orders/K7QX9-2F4M1", R"({"confirmationCode":"CANARY-0815"})");
    std::string directory = files.path() + "/provision.d";
    std::filesystem::create_directory(directory);
    auto settings = daemon_for(outside, "");
    settings.push_back("ESIM_AGENT_PROVISION_DIRECTORY=" + directory);
    files.write("provision.d/order.xml",
        "<esim-provision uid=\"" + outside.uid("plain")
            + "\"><confirmation-code>CANARY-0815</confirmation-code></esim-provision>");
    running_agent agent{outside, settings};
    REQUIRE(agent.says("(notified) was accepted"));
    for (int i = 0; i < 200 && count_in_memory(agent.pid(), "CANARY-0815") > 0; ++i)
        ::poll(nullptr, 0, 50);
    CHECK(count_in_memory(agent.pid(), "CANARY-0815") == 0);
}

TEST_CASE("a running agent leaves no core dump", "[redaction][unsanitized]")
{
    sandbox outside{{"--fault", "slow"}};
    background_program agent{{"sh", "-c",
        "ulimit -c unlimited; echo started; exec " + built("esim-agent") + " --config "
            + outside.at("config") + " qr --uid " + outside.uid("plain")}};
    std::string limits;
    for (int i = 0; i < 100 && limits.find("Max core file size        0") == std::string::npos;
         ++i) {
        limits = content_of("/proc/" + std::to_string(agent.pid()) + "/limits");
        ::poll(nullptr, 0, 20);
    }
    CHECK(limits.find("Max core file size        0                    0") != std::string::npos);
}
