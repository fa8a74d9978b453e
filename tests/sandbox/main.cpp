// esim-sandbox: a stand-in for everything outside the device. For tests, demos and
// integrators without hardware; never installed.
#include "platform/secret.hpp"
#include "platform/storage.hpp"
#include "tests/sandbox/faults.hpp"
#include "tests/sandbox/gigastore.hpp"
#include "tests/sandbox/phone.hpp"
#include "tests/sandbox/rsp/card.hpp"
#include "tests/sandbox/rsp/orders.hpp"
#include "tests/sandbox/rsp/ports.hpp"
#include "tests/sandbox/rsp/proxies.hpp"
#include "tests/sandbox/rsp/smdp.hpp"
#include "tests/sandbox/rsp/soft_euicc.hpp"
#include "tests/sandbox/rsp/test_pki.hpp"
#include "tests/sandbox/samples.hpp"
#include "tests/sandbox/server.hpp"
#include "tests/sandbox/sink.hpp"
#include "tests/support/pki.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <filesystem>

namespace sandbox {
namespace {

namespace json = boost::json;
namespace ssl = boost::asio::ssl;

struct options {
    std::string directory = "sandbox-state";
    unsigned short port = 0;
    unsigned short admin_port = 0;
    int customers = 0;
    int token_life = 86'400;
    std::string smdp{};
    unsigned short smdp_port = 0;
    std::string smdp_certificate = "good";
    std::string curve = "P-256";
    int request_delay = 0;
    int apdu_delay = 0;
    std::string card_aid = "A0000005591010FFFFFFFF8900000100";
    std::uint64_t card_memory = 512 * 1024;
    std::string modem = "usual";
    unsigned short reader_port = 0;
    std::string certificate = "good";
    std::string tls = "modern";
    std::optional<double> credit{};
    bool forgets_keys = false;
    bool lists_are_bare = false;
    bool writes_apart = false;
    std::vector<std::string> faults{};
};

tests::certificate_request request_for(const std::string& kind)
{
    tests::certificate_request wanted;
    if (kind == "wrong-host")
        return {.common_name = "other.example", .dns = {"other.example"}, .addresses = {}};
    if (kind == "expired")
        wanted.valid_until = -60;
    if (kind == "not-yet-valid")
        wanted.valid_from = 86'400;
    return wanted;
}

ssl::context make_tls(const options& chosen, const tests::identity& shown)
{
    ssl::context tls{ssl::context::tls_server};
    tls.use_certificate_chain(boost::asio::buffer(shown.certificate));
    tls.use_private_key(boost::asio::buffer(shown.key), ssl::context::pem);
    if (chosen.tls == "1.1") {
        SSL_CTX_set_cipher_list(tls.native_handle(), "ALL:@SECLEVEL=0");
        SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_VERSION);
        SSL_CTX_set_max_proto_version(tls.native_handle(), TLS1_1_VERSION);
    }
    return tls;
}

/// A file's content; made with `otherwise` if there is no such file yet.
std::string keep(const std::string& file, const std::string& otherwise)
{
    if (auto kept = platform::read_secret_file(file))
        return std::string(kept->reveal());
    platform::write_file(file, otherwise + "\n").value();
    return otherwise;
}

/// `channel` is how the modem is reached: at, qmi or mbim.
std::string config_for(const std::string& url, const std::string& directory,
    const std::string& channel, bool is_device)
{
    std::string who = is_device
                          ? R"(bearer-file="device-token")"
                          : R"(client-id-file="client-id" client-secret-file="client-secret")";
    return "<esim-agent>\n  <gigastore url=\"" + url + "\" " + who
           + " ca-file=\"ca.pem\"/>\n  <modem channel=\"" + channel + "\" device=\"" + directory
           + "/modem\" control=\"" + channel + "\" control-device=\"" + directory
           + "/modem\"/>\n  <lpa ca-file=\"ci.pem\"/>\n" + "  <report><webhook url=\"" + url
           + "/sink\" secret-file=\"webhook-secret\" ca-file=\"ca.pem\"/></report>\n"
           + "  <control socket=\"control.sock\"/>\n  <state directory=\"agent-state\"/>\n"
           + "</esim-agent>\n";
}

/// Everything that stands outside of the device.
struct world {
    faults& active;
    gigastore& api;
    rsp::orders& orders;
    rsp::smdp& smdp;
    rsp::soft_euicc& chip;
    rsp::card& card;
    server& es9;
    sink& reports;
    const rsp::qmi_modem* qmi;  // null without one
    const rsp::radio& radio;
};

response administer_faults(const request& asked, faults& active)
{
    if (asked.method == "DELETE") {
        active.clear();
        return {.status = 204};
    }
    auto one = parse_fault(asked.body);
    if (asked.method != "POST" || !one)
        return problem(
            400, "Bad request", "A fault is NAME[+SKIP][*COUNT][@PART]; names: " + fault_names());
    active.add(*one);
    return {.status = 204};
}

response administer_esim(const std::string& rest, gigastore& api)
{
    auto slash = std::min(rest.find('/'), rest.size() - 1);
    std::string iccid = rest.substr(0, slash);
    std::string what = rest.substr(slash + 1);
    if (what.starts_with("seen/")) {
        api.set_seen(iccid, what.substr(5));
        return {.status = 204};
    }
    return api.set_state(iccid, what) ? response{.status = 204}
                                      : problem(404, "Not found", "Unknown ICCID");
}

response administer_order(const std::string& matching_id, const request& asked, rsp::orders& orders)
{
    boost::system::error_code ec;
    json::value fields = json::parse(asked.body, ec);
    bool is_set = !ec && fields.is_object() && orders.set(matching_id, fields.get_object());
    return is_set ? response{.status = 204}
                  : problem(404, "Not found", "No such matching ID, or no JSON object");
}

/// See tests/sandbox/README.md.
response administer(const request& asked, world& all)
{
    auto rest = [&asked](std::string_view start) {
        bool fits = asked.method == "POST" && asked.path.starts_with(start);
        return fits ? std::optional(asked.path.substr(start.size())) : std::nullopt;
    };
    if (asked.path == "/reports" && asked.method == "DELETE") {
        all.reports.clear();
        return {.status = 204};
    }
    if (asked.path == "/reports" && asked.method == "GET")
        return {.body = json::serialize(all.reports.state())};
    if (asked.path == "/faults")
        return administer_faults(asked, all.active);
    if (auto esim = rest("/esims/"))
        return administer_esim(*esim, all.api);
    if (auto matching_id = rest("/orders/"))
        return administer_order(*matching_id, asked, all.orders);
    if (auto milliseconds = rest("/card/delay/")) {
        all.card.delay = std::chrono::milliseconds(std::atoi(milliseconds->c_str()));
        return {.status = 204};
    }
    if (asked.path == "/card/insert" && asked.method == "POST") {
        all.card.is_in_reader = true;
        return {.status = 204};
    }
    if (asked.path == "/card/erase" && asked.method == "POST") {
        all.chip.erase();
        return {.status = 204};
    }
    if (asked.path == "/counts" && asked.method == "GET") {
        json::object counts{{"apdus", all.card.count()}, {"handshakes", all.es9.handshakes()},
            {"es9", all.smdp.counts()}, {"qmiClients", all.qmi == nullptr ? 0 : all.qmi->clients()},
            {"apn", all.radio.apn()}, {"detaches", all.radio.detaches()}};
        return {.body = json::serialize(counts)};
    }
    return problem(404, "Not found", "See tests/sandbox/README.md");
}

json::object sample_uids(store& data)
{
    json::object out;
    for (const record& each : data.customers())
        if (const json::value* name = each.document().if_contains("sample"))
            out[name->as_string()] = each.uid();
    return out;
}

int run(const options& chosen)
{
    std::error_code ec;
    std::filesystem::create_directories(chosen.directory, ec);
    std::string directory = std::filesystem::absolute(chosen.directory, ec);

    tests::authority ca{"esim-sandbox test CA"};
    tests::authority stranger{"an unknown CA"};
    bool is_unknown = chosen.certificate == "unknown-ca";
    ssl::context tls =
        make_tls(chosen, (is_unknown ? stranger : ca).issue(request_for(chosen.certificate)));
    platform::write_file(directory + "/ca.pem", ca.certificate()).value();

    gigastore_settings settings;
    settings.client_id = keep(directory + "/client-id", "sandbox-" + random_hex(8));
    settings.client_secret = keep(directory + "/client-secret", "S3CR3T-" + random_hex(24));
    settings.device_token = keep(directory + "/device-token", "D3V1C3-" + random_hex(24));
    settings.token_life = std::chrono::seconds(chosen.token_life);
    settings.credit = chosen.credit;
    settings.forgets_keys = chosen.forgets_keys;
    settings.lists_are_bare = chosen.lists_are_bare;

    faults active;
    for (const std::string& each : chosen.faults)
        active.add(*parse_fault(each));
    boost::asio::io_context io{1};

    // The SM-DP+'s address is in every code, so its port comes first.
    std::vector<rsp::test_pki> issuers;
    issuers.emplace_back("P-256", request_for(chosen.smdp_certificate));
    issuers.emplace_back("brainpoolP256r1");
    issuers.front().save(directory + "/pki.json");
    platform::write_file(directory + "/ci.pem", issuers[0].ci_pem() + issuers[1].ci_pem()).value();
    bool is_stranger = chosen.smdp_certificate == "unknown-ca";
    ssl::context es9_tls =
        make_tls(chosen, is_stranger ? stranger.issue(request_for("good")) : issuers[0].tls());
    handler es9_routes;
    auto answer_es9 = [&es9_routes](const request& asked) { return es9_routes(asked); };
    server es9{io, chosen.smdp_port, &es9_tls, answer_es9, &active};
    es9.set_delay(std::chrono::milliseconds(chosen.request_delay));
    std::string smdp_address = "localhost:" + std::to_string(es9.port());

    store data{directory, chosen.smdp.empty() ? smdp_address : chosen.smdp, chosen.customers};
    gigastore api{data, settings};
    rsp::orders orders{directory + "/orders.json", data};
    auto set_state = [&api](const std::string& iccid, const std::string& state) {
        api.set_state(iccid, state);
    };
    const rsp::test_pki& issuer = issuers[chosen.curve == "P-256" ? 0 : 1];
    rsp::smdp smdp{issuer, smdp_address, orders, active, set_state};
    es9_routes = [&smdp](const request& asked) { return smdp(asked); };

    rsp::soft_euicc_settings card_settings;
    card_settings.state_file = directory + "/card.json";
    card_settings.memory = chosen.card_memory;
    rsp::soft_euicc chip{issuers, card_settings, active};
    rsp::card card{chip, active, *platform::from_hex(chosen.card_aid)};
    card.delay = std::chrono::milliseconds(chosen.apdu_delay);
    rsp::socket_port socket{io, directory + "/card.sock", card, active};
    std::optional<rsp::qmi_modem> qmi;
    std::optional<rsp::mbim_modem> mbim;
    if (chosen.modem == "qmi")
        qmi.emplace(io, card, active);
    bool wants_extended = chosen.modem == "mbim-extended";
    if (chosen.modem == "mbim" || wants_extended)
        mbim.emplace(io, card, active, wants_extended);
    active.set_device([&socket, &qmi, &mbim] {
        socket.kill_client();
        if (qmi)
            qmi->kill_client();
        if (mbim)
            mbim->kill_client();
    });
    using dialect = rsp::modem_port::dialect;
    dialect speaks = chosen.modem == "csim-only"      ? dialect::csim_only
                     : chosen.modem == "bare-session" ? dialect::bare_session
                                                      : dialect::usual;
    rsp::modem_port modem{io, directory + "/modem", card, active, speaks};
    std::optional<rsp::reader_port> reader;
    if (chosen.reader_port != 0)
        reader.emplace(io, chosen.reader_port, card, active);

    sink reports{keep(directory + "/webhook-secret", "whsec_" + random_hex(32))};
    auto route = [&](const request& asked) {
        return asked.path == "/sink" ? reports(asked) : api(asked);
    };
    server https{io, chosen.port, &tls, route, &active};
    if (chosen.writes_apart)
        https.write_apart();
    world all{
        active, api, orders, smdp, chip, card, es9, reports, qmi ? &*qmi : nullptr, modem.inside()};
    server admin{io, chosen.admin_port, nullptr,
        [&](const request& asked) { return administer(asked, all); }, nullptr};

    std::string url = "https://localhost:" + std::to_string(https.port());
    std::string channel = qmi ? "qmi" : mbim ? "mbim" : "at";
    for (bool is_device : {false, true})
        platform::write_file(directory + (is_device ? "/device.xml" : "/agent.xml"),
            config_for(url, directory, channel, is_device))
            .value();
    json::object ready{{"gigastore", url},
        {"admin", "http://127.0.0.1:" + std::to_string(admin.port())}, {"directory", directory},
        {"caFile", directory + "/ca.pem"}, {"clientIdFile", directory + "/client-id"},
        {"clientSecretFile", directory + "/client-secret"},
        {"deviceTokenFile", directory + "/device-token"}, {"config", directory + "/agent.xml"},
        {"deviceConfig", directory + "/device.xml"}, {"smdp", smdp_address},
        {"ciFile", directory + "/ci.pem"}, {"modem", directory + "/modem"},
        {"cardSocket", directory + "/card.sock"}, {"customers", sample_uids(data)}};
    std::printf("%s\n", json::serialize(ready).c_str());
    std::fflush(stdout);

    boost::asio::signal_set signals{io, SIGINT, SIGTERM};
    signals.async_wait([&](boost::system::error_code, int) { io.stop(); });
    io.run();
    return 0;
}

}  // namespace
}  // namespace sandbox

int main(int argc, char** argv)
{
    sandbox::options chosen;
    CLI::App app{"A stand-in for Gigastore, on this machine only"};
    app.footer("Prints one line of JSON when it is ready; SIGTERM ends it.");
    app.add_option("--state", chosen.directory, "Directory for state, credentials and CA");
    app.add_option("--port", chosen.port, "HTTPS port; 0 takes a free one");
    app.add_option(
        "--admin-port", chosen.admin_port, "Admin port (plain HTTP); 0 takes a free one");
    app.add_option("--customers", chosen.customers, "Generated customers beside the samples");
    app.add_option("--token-life", chosen.token_life, "Seconds until a token runs out");
    app.add_option(
        "--credit", chosen.credit, "What the reseller may spend, USD; default: any amount");
    app.add_flag("--forgets-keys", chosen.forgets_keys, "Sell again for a known idempotency-key");
    app.add_option("--smdp", chosen.smdp,
        "SM-DP+ address in activation codes; default: the one that is started");
    app.add_option("--smdp-port", chosen.smdp_port, "The SM-DP+'s port; 0 takes a free one");
    app.add_option("--smdp-certificate", chosen.smdp_certificate, "Which one the SM-DP+ shows")
        ->check(CLI::IsMember({"good", "wrong-host", "expired", "not-yet-valid", "unknown-ca"}));
    app.add_option("--curve", chosen.curve, "Of the SM-DP+'s keys")
        ->check(CLI::IsMember({"P-256", "brainpoolP256r1"}));
    app.add_option("--request-delay", chosen.request_delay, "ms that the SM-DP+ takes to answer");
    app.add_option("--apdu-delay", chosen.apdu_delay, "ms that each APDU takes");
    app.add_option("--card-aid", chosen.card_aid, "The name of the card's ISD-R");
    app.add_option("--card-memory", chosen.card_memory, "Octets for profiles on the card");
    app.add_option("--modem", chosen.modem,
           "How the modem speaks: AT, or beside it QMI or MBIM behind the proxies' abstract "
           "sockets")
        ->check(
            CLI::IsMember({"usual", "bare-session", "csim-only", "qmi", "mbim", "mbim-extended"}));
    app.add_option(
        "--reader-port", chosen.reader_port, "vpcd's port, to put the card in its reader");
    app.add_option("--certificate", chosen.certificate, "Which certificate to show")
        ->check(CLI::IsMember({"good", "wrong-host", "expired", "not-yet-valid", "unknown-ca"}));
    app.add_option("--tls", chosen.tls, "modern, or 1.1 for nothing newer")
        ->check(CLI::IsMember({"modern", "1.1"}));
    app.add_flag("--apart", chosen.writes_apart, "Gigastore writes head and body apart (Nagle)");
    app.add_flag("--bare-lists", chosen.lists_are_bare, "Customers as a bare array");
    auto is_fault = [](const std::string& text) {
        return sandbox::parse_fault(text)
                   ? ""
                   : "a fault is NAME[+SKIP][*COUNT][@PART]; names: " + sandbox::fault_names();
    };
    app.add_option("--fault", chosen.faults,
           "Switch a fault on: NAME[+SKIP][*COUNT][@PART]; " + sandbox::fault_names())
        ->check(is_fault);
    sandbox::phone_options phone;
    auto* plays = app.add_subcommand("phone", "A person's phone that scanned the QR");
    plays->add_option("CODE-FILE", phone.code_file, "A file with the activation code")->required();
    plays->add_option("--state", phone.directory, "The running sandbox's directory");
    plays->add_flag("--delete", phone.deletes, "Delete the profile from the phone again");
    CLI11_PARSE(app, argc, argv);
    try {
        if (plays->parsed())
            return sandbox::run_phone(phone);
        return sandbox::run(chosen);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "esim-sandbox: %s\n", error.what());
        return 1;
    }
}
