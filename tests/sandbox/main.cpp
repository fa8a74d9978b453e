// esim-sandbox: a stand-in for everything outside the device. For tests, demos and
// integrators without hardware; never installed.
#include "platform/secret.hpp"
#include "platform/storage.hpp"
#include "tests/sandbox/faults.hpp"
#include "tests/sandbox/gigastore.hpp"
#include "tests/sandbox/samples.hpp"
#include "tests/sandbox/server.hpp"
#include "tests/support/pki.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <boost/asio/signal_set.hpp>
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
    std::string smdp = "smdp.sandbox.example";
    std::string certificate = "good";
    std::string tls = "modern";
    bool lists_are_bare = false;
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

std::string config_for(const std::string& url, bool is_device)
{
    std::string who = is_device
                          ? R"(bearer-file="device-token")"
                          : R"(client-id-file="client-id" client-secret-file="client-secret")";
    return "<esim-agent>\n  <gigastore url=\"" + url + "\" " + who
           + " ca-file=\"ca.pem\"/>\n</esim-agent>\n";
}

/// POST /faults adds the fault in the body, DELETE /faults ends all; POST /esims/ICCID/STATE
/// sets a state; POST /esims/ICCID/seen/CC says where it was last connected.
response administer(const request& asked, faults& active, gigastore& api)
{
    if (asked.path == "/faults" && asked.method == "DELETE") {
        active.clear();
        return {.status = 204};
    }
    if (asked.path == "/faults" && asked.method == "POST") {
        auto one = parse_fault(asked.body);
        if (!one)
            return problem(
                400, "Bad request", "A fault is NAME[*COUNT][@PART]; names: " + fault_names());
        active.add(*one);
        return {.status = 204};
    }
    constexpr std::string_view esims = "/esims/";
    if (asked.path.starts_with(esims) && asked.method == "POST") {
        std::string rest = asked.path.substr(esims.size());
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
    settings.lists_are_bare = chosen.lists_are_bare;

    store data{directory, chosen.smdp, chosen.customers};
    gigastore api{data, settings};
    faults active;
    for (const std::string& each : chosen.faults)
        active.add(*parse_fault(each));

    boost::asio::io_context io{1};
    server https{io, chosen.port, &tls, [&](const request& asked) { return api(asked); }, &active};
    server admin{io, chosen.admin_port, nullptr,
        [&](const request& asked) { return administer(asked, active, api); }, nullptr};

    std::string url = "https://localhost:" + std::to_string(https.port());
    platform::write_file(directory + "/agent.xml", config_for(url, false)).value();
    platform::write_file(directory + "/device.xml", config_for(url, true)).value();
    json::object ready{{"gigastore", url},
        {"admin", "http://127.0.0.1:" + std::to_string(admin.port())}, {"directory", directory},
        {"caFile", directory + "/ca.pem"}, {"clientIdFile", directory + "/client-id"},
        {"clientSecretFile", directory + "/client-secret"},
        {"deviceTokenFile", directory + "/device-token"}, {"config", directory + "/agent.xml"},
        {"deviceConfig", directory + "/device.xml"}, {"customers", sample_uids(data)}};
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
    app.add_option("--smdp", chosen.smdp, "SM-DP+ address in new activation codes");
    app.add_option("--certificate", chosen.certificate, "Which certificate to show")
        ->check(CLI::IsMember({"good", "wrong-host", "expired", "not-yet-valid", "unknown-ca"}));
    app.add_option("--tls", chosen.tls, "modern, or 1.1 for nothing newer")
        ->check(CLI::IsMember({"modern", "1.1"}));
    app.add_flag("--bare-lists", chosen.lists_are_bare, "Customers as a bare array");
    auto is_fault = [](const std::string& text) {
        return sandbox::parse_fault(text)
                   ? ""
                   : "a fault is NAME[*COUNT][@PART]; names: " + sandbox::fault_names();
    };
    app.add_option("--fault", chosen.faults,
           "Switch a fault on: NAME[*COUNT][@PART]; " + sandbox::fault_names())
        ->check(is_fault);
    CLI11_PARSE(app, argc, argv);
    try {
        return sandbox::run(chosen);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "esim-sandbox: %s\n", error.what());
        return 1;
    }
}
