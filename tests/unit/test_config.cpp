#include "agent/config/keys.hpp"
#include "agent/config/values.hpp"

#include "tests/support/temporary.hpp"

#include "tests/support/catch.hpp"

#include <filesystem>

using agent::config, agent::load_config;
using agent::values::to_text;

namespace {

struct fixture {
    tests::temporary_directory files;
    std::vector<const char*> environment{nullptr};

    agent::result<config> load(const std::string& xml)
    {
        return load_config(files.write("agent.xml", xml), true, environment.data());
    }
    /// What is said about a file, without its folder.
    std::string complaint(const std::string& xml)
    {
        auto loaded = load(xml);
        REQUIRE_FALSE(loaded);
        std::string words = loaded.error().detail();
        std::string folder = files.path() + "/";
        if (auto at = words.find(folder); at != std::string::npos)
            words.erase(at, folder.size());
        return words;
    }
};

std::string wrapped(const std::string& inside)
{
    return "<esim-agent>\n" + inside + "\n</esim-agent>\n";
}

}  // namespace

TEST_CASE("every key is read, and paths are relative to their file", "[config]")
{
    fixture f;
    config loaded = f.load(wrapped(R"(<!-- a comment -->
        <gigastore url="https://gw.example/esim" client-id-file="id" client-secret-file="/abs/secret" ca-file="ca.pem"/>
        <customer uid="C1" iccid="89999010000000042171"/>
        <proxy url="http://proxy:3128" credentials-file="proxy" except="localhost,.lan"/>
        <modem channel="at" device="/dev/ttyUSB2" enable="no" least-segment="16" aid="A000000559" imei="490154203237518" technologies="lte nr"/>
        <lpa ca-file="ci.pem"/>
        <state directory="state"/>
        <log level="debug"/>)"))
                        .value();
    CHECK(to_text(loaded.gigastore_url) == "https://gw.example/esim");
    CHECK(loaded.client_id_file == f.files.path() + "/id");
    CHECK(loaded.client_secret_file == "/abs/secret");
    CHECK(loaded.ca_file == f.files.path() + "/ca.pem");
    CHECK(loaded.customer_uid == "C1");
    CHECK(loaded.customer_iccid.text() == "89999010000000042171");
    CHECK(to_text(loaded.proxy) == "http://proxy:3128");
    CHECK(to_text(loaded.proxy_except) == "localhost,lan");
    CHECK(loaded.modem_channel == platform::channel_kind::at);
    CHECK(loaded.modem_device == "/dev/ttyUSB2");
    CHECK_FALSE(loaded.modem_enable);
    CHECK(loaded.modem_least_segment == 16);
    CHECK(to_text(loaded.modem_aid) == "A000000559");
    CHECK(loaded.modem_imei == "490154203237518");
    CHECK(loaded.modem_technologies
          == agent::lpa::device_capabilities{.gsm = false, .umts = false, .lte = true, .nr = true});
    CHECK(loaded.lpa_ca_file == f.files.path() + "/ci.pem");
    CHECK(loaded.state_directory == f.files.path() + "/state");
    CHECK(loaded.log_level == platform::log_level::debug);
}

TEST_CASE("a modem without a channel is looked for", "[config]")
{
    using platform::channel_kind;
    fixture f;
    CHECK(f.load(wrapped("")).value().modem_channel == channel_kind::none);
    CHECK(f.load(wrapped("<modem/>")).value().modem_channel == channel_kind::automatic);
    config named = f.load(wrapped(R"(<modem device="/dev/ttyUSB2"/>)")).value();
    CHECK(named.modem_channel == channel_kind::automatic);
    CHECK(named.modem_device == "/dev/ttyUSB2");
    CHECK_FALSE(named.modem_control);

    f.files.write("agent.d/10-modem.xml", wrapped(R"(<modem channel="pcsc"/>)"));
    CHECK(f.load(wrapped("<modem/>")).value().modem_channel == channel_kind::pcsc);
    std::filesystem::remove_all(f.files.path() + "/agent.d");
    f.environment = {"ESIM_AGENT_MODEM_DEVICE=/dev/cdc-wdm0", nullptr};
    CHECK(f.load(wrapped("")).value().modem_channel == channel_kind::automatic);
}

TEST_CASE("without a file there are the defaults", "[config]")
{
    const char* none[] = {nullptr};
    config loaded = load_config("/no/such/agent.xml", false, none).value();
    CHECK(to_text(loaded.gigastore_url) == "https://api.giga.store");
    CHECK_FALSE(loaded.log_level);
    CHECK_FALSE(load_config("/no/such/agent.xml", true, none));
}

TEST_CASE(
    "fragments in agent.d come after the file, in order; the environment comes last", "[config]")
{
    fixture f;
    f.files.write("agent.d/20.xml", wrapped(R"(<customer uid="twenty"/>)"));
    f.files.write("agent.d/10.xml", wrapped(R"(<customer uid="ten"/><log level="info"/>)"));
    f.files.write("agent.d/ignored.txt", "not XML");
    config loaded =
        f.load(wrapped(R"(<customer uid="file" iccid="89999010000000042171"/>)")).value();
    CHECK(loaded.customer_uid == "twenty");
    CHECK(loaded.customer_iccid.text() == "89999010000000042171");
    CHECK(loaded.log_level == platform::log_level::info);

    f.environment = {
        "PATH=/bin", "ESIM_AGENT_CUSTOMER_UID=environment", "ESIM_AGENT_CA_FILE=ca.pem", nullptr};
    loaded = f.load(wrapped("")).value();
    CHECK(loaded.customer_uid == "environment");
    CHECK(loaded.ca_file == "ca.pem");
}

TEST_CASE("what is not known is refused with file and line", "[config]")
{
    fixture f;
    CHECK(f.complaint(wrapped("<gigastroe url=\"x\"/>"))
          == "agent.xml:2: unknown element <gigastroe>; esim-agent.xml(5) lists those there are");
    CHECK(f.complaint(wrapped("\n<gigastore\n  uri=\"x\"/>"))
          == "agent.xml:4: <gigastore> has no attribute 'uri'; esim-agent.xml(5) lists those there "
             "are");
    CHECK(f.complaint("<other/>") == "agent.xml:1: the root element must be <esim-agent>");
    CHECK(f.complaint("<!-- only a comment -->")
          == "agent.xml:1: the root element must be <esim-agent>");
    CHECK(f.complaint("<esim-agent version=\"1\"/>")
          == "agent.xml:1: <esim-agent> takes no attributes");
    CHECK(f.complaint(wrapped("hello")) == "agent.xml:2: text between the elements");
    CHECK(f.complaint(wrapped("<log>debug</log>"))
          == "agent.xml:2: <log> takes attributes, no content");
    CHECK(f.complaint(wrapped("<log level=\"info\"/>\n<log level=\"debug\"/>"))
          == "agent.xml:3: <log> stands here a second time");
    CHECK(f.complaint("<esim-agent>\n<log\n").starts_with("agent.xml:"));
    CHECK(f.complaint("").starts_with("agent.xml:"));
}

TEST_CASE("a bad value is refused with file, line and reason", "[config]")
{
    fixture f;
    auto complaint = [&](const std::string& element) { return f.complaint(wrapped(element)); };
    CHECK(complaint(R"(<gigastore url="http://api.giga.store"/>)")
          == "agent.xml:2: <gigastore url>: the URL must begin with https://; what is sent "
             "there is secret");
    CHECK(complaint(R"(<gigastore url="https://me:pw@host"/>)").find("pw") == std::string::npos);
    CHECK(complaint(R"(<customer iccid="8999"/>)")
          == "agent.xml:2: <customer iccid>: an ICCID is 18 to 22 digits");
    CHECK(complaint(R"(<log level="loud"/>)")
          == "agent.xml:2: <log level>: the level is one of error, warning, info, debug");
    CHECK(complaint(R"(<proxy url="socks5://x"/>)").find("must be an http:// URL")
          != std::string::npos);
    CHECK(complaint(R"(<proxy url="http://me:pw@x"/>)").find("credentials-file")
          != std::string::npos);
    CHECK(complaint(R"(<gigastore client-id-file="x"/>)").find("go together") != std::string::npos);
    CHECK(
        complaint(R"(<gigastore client-key-file="x"/>)").find("go together") != std::string::npos);
    CHECK(complaint(R"(<gigastore client-id-file="x" client-secret-file="y" bearer-file="z"/>)")
              .find("either")
          != std::string::npos);
    CHECK(complaint(R"(<proxy credentials-file="x"/>)").find("needs url") != std::string::npos);
    CHECK(complaint(R"(<proxy except="x"/>)").find("needs url") != std::string::npos);
    CHECK(
        complaint(R"(<modem channel="usb"/>)")
        == "agent.xml:2: <modem channel>: the channel is one of auto, at, qmi, mbim, pcsc, socket");
    CHECK(complaint(R"(<modem channel="qmi"/>)") == "modem: channel=\"qmi\" needs device");
    CHECK(complaint(R"(<modem channel="qmi" device="/dev/cdc-wdm0" slot="9"/>)")
          == "agent.xml:2: <modem slot>: a SIM slot is a number from 1 to 8");
    CHECK(complaint(R"(<modem channel="at" device="/dev/ttyUSB2" slot="1"/>)")
          == "modem: slot needs channel=\"qmi\" or \"auto\"");
    CHECK(complaint(R"(<modem channel="at" device="/dev/ttyUSB2" control="auto"/>)")
          == "modem: control=\"auto\" needs channel=\"auto\"");
    CHECK(complaint(R"(<modem channel="at" device="/dev/ttyUSB2" control="mbim"/>)")
          == "modem: control=\"mbim\" needs control-device, unless the channel is mbim");
#ifdef ESIM_AGENT_MODEMMANAGER
    CHECK(complaint(R"(<modem channel="pcsc" control="modemmanager"/>)")
          == "modem: control=\"modemmanager\" needs control-device, unless the channel is a "
             "modem's");
    CHECK(f.load(wrapped(R"(<modem channel="at" device="/dev/ttyUSB2" control="modemmanager"/>)"))
              .has_value());
    CHECK(f.load(wrapped(R"(<modem control="modemmanager"/>)")).has_value());
#endif
    CHECK(complaint(R"(<modem channel="at"/>)").find("needs device") != std::string::npos);
    for (const char* wrong :
        {R"(enable="maybe")", R"(least-segment="15")", R"(least-segment="256")",
            R"(least-segment="6x")", R"(aid="A0")", R"(aid="xyz0000000")", R"(imei="123")",
            R"(technologies="6g")", R"(technologies="lte,nr")"})
        CHECK(complaint("<modem channel=\"pcsc\" " + std::string(wrong) + "/>")
                  .starts_with("agent.xml:2: <modem "));
}

TEST_CASE("an installer of one's own stands in the place of a channel", "[config]")
{
    fixture f;
    auto loaded = f.load(wrapped(
        R"(<modem installer="hook" installer-program="/usr/libexec/lpa" device="/dev/ttyUSB2"/>)"));
    REQUIRE(loaded);
    CHECK(loaded->has_card());
    CHECK(loaded->modem_channel == platform::channel_kind::none);
    CHECK(loaded->modem_installer_program == "/usr/libexec/lpa");
    for (const char* wrong : {R"(installer="hook")", R"(installer-program="/usr/libexec/lpa")",
             R"(installer="hook" installer-program="/lpa" channel="pcsc")",
             R"(installer="qesim" installer-program="/lpa")"}) {
        INFO(wrong);
        CHECK_FALSE(f.load(wrapped("<modem " + std::string(wrong) + "/>")));
    }
}

TEST_CASE("data is awaited by an interface that is known", "[config]")
{
    fixture f;
    const std::string modem = R"(<modem channel="pcsc" interface="wwan0"/>)";
    auto loaded = f.load(wrapped(modem + R"(<data online="connect" apn="auto" roaming="no" limit="9"
                                      user="web" password-file="apn" program="up"/>)"));
    REQUIRE(loaded);
    CHECK(loaded->data_online == agent::data_mode::connect);
    CHECK(loaded->data_apn == "auto");
    CHECK_FALSE(loaded->data_roaming);
    CHECK(loaded->data_limit == std::chrono::seconds(9));
    for (const char* wrong : {R"(online="yes")", R"(apn="a b")", R"(apn="a&quot;,1")",
             R"(online="await" password-file="apn")"}) {
        INFO(wrong);
        CHECK_FALSE(f.load(wrapped(modem + "<data " + wrong + "/>")));
    }
    CHECK_FALSE(f.load(wrapped(R"(<modem channel="pcsc"/><data online="await"/>)")));
    CHECK(f.load(wrapped(R"(<modem channel="auto"/><data online="await"/>)")));
}

TEST_CASE("orders from afar come by a topic of one device, if at all", "[config]")
{
    fixture f;
    auto with = [](const std::string& remote, const std::string& topics) {
        return wrapped("<provision remote=\"" + remote + "\"/><report><mqtt url=\"mqtts://b\" "
                       + topics + "/></report>");
    };
    CHECK(f.load(with("no", ""))->destinations.at(0).desired_topic.empty());
    auto loaded = f.load(with("yes", R"(desired-topic="fleet/{eid}/do")"));
    REQUIRE(loaded);
    CHECK(loaded->destinations.at(0).desired_topic == "fleet/{eid}/do");
    CHECK(loaded->destinations.at(0).reported_topic == "esim/{eid}/reported");
    CHECK_FALSE(f.load(with("no", R"(desired-topic="fleet/{eid}/do")")));
    for (const char* topic : {"esim/{uid}/status", "esim/{iccid}/status"})
        CHECK_FALSE(f.load(with("yes", "topic=\"" + std::string(topic) + "\"")));
    for (const char* wrong :
        {"fleet/do", "fleet/{eid}/#", "+/{eid}/do", "fleet/{uid}/{eid}/do", "esim/{eid}/reported"})
        CHECK_FALSE(f.load(with("yes", "desired-topic=\"" + std::string(wrong) + "\"")));
}

TEST_CASE("an empty value is the default", "[config]")
{
    fixture f;
    CHECK(to_text(f.load(wrapped(R"(<gigastore url="" ca-file=""/>)"))->gigastore_url)
          == "https://api.giga.store");
}

TEST_CASE("secrets in the environment are refused in favour of files", "[config]")
{
    fixture f;
    f.environment = {"ESIM_AGENT_CLIENT_SECRET=hunter2", nullptr};
    auto loaded = f.load(wrapped(""));
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().detail().find("set ESIM_AGENT_CLIENT_SECRET_FILE") != std::string::npos);
    CHECK(loaded.error().message().find("hunter2") == std::string::npos);
    f.environment = {"ESIM_AGENT_CUSTOMER=x", nullptr};
    CHECK(f.load(wrapped("")).error().detail().find("unknown variable ESIM_AGENT_CUSTOMER")
          != std::string::npos);
    f.environment = {"ESIM_AGENT_LOG_LEVEL=loud", nullptr};
    CHECK_FALSE(f.load(wrapped("")));
}

TEST_CASE("a configuration that every user may change is refused", "[config]")
{
    fixture f;
    std::string file = f.files.write("agent.xml", wrapped(""), 0666);
    auto loaded = load_config(file, true, f.environment.data());
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().detail().find("chmod o-w " + file) != std::string::npos);
}

TEST_CASE("what a key shows is what it takes", "[config]")
{
    config defaults;
    for (const agent::config_key& key : agent::config_keys()) {
        INFO(key.element << " " << key.attribute);
        std::string shown = key.get(defaults);
        config again;
        REQUIRE(key.set(again, shown, {}));
        CHECK(key.get(again) == shown);
        CHECK(agent::find_config_key(key.element, key.attribute) == &key);
        CHECK(agent::find_config_key(key.variable) == &key);
    }
}

TEST_CASE("the files with secrets are known by their keys", "[config]")
{
    fixture f;
    config loaded = f.load(wrapped(R"(<gigastore client-id-file="/id" client-secret-file="/secret"/>
        <kiosk token-file="/token"/><report><webhook url="https://x/" secret-file="/hook"/>
        <mqtt url="mqtts://y" username="u" password-file="/password"/></report>)"))
                        .value();
    CHECK(agent::secret_files_of(loaded)
          == std::vector<std::string>{"/id", "/secret", "/token", "/hook", "/password"});
}
