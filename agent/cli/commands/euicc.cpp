#include "agent/cli/commands/card.hpp"
#include "agent/cli/output/output.hpp"
#include "agent/esim/error.hpp"
#include "agent/lpa/ci_roots.hpp"
#include "platform/text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace agent::cli {
namespace {

namespace json = boost::json;
using done = boost::system::result<void, problem>;

constexpr const char* reading = "reading the eUICC";

struct facts {
    std::string eid{};
    lpa::euicc_info info{};
    lpa::configured_addresses addresses{};
    std::vector<lpa::profile> profiles{};
};

json::array array_of(const std::vector<platform::bytes>& keys)
{
    json::array out;
    for (const platform::bytes& key : keys)
        out.emplace_back(platform::to_hex(key));
    return out;
}

json::array issuers_of(const std::vector<platform::bytes>& keys)
{
    json::array out;
    for (const platform::bytes& key : keys) {
        const lpa::ci_issuer* known = lpa::find_issuer(key);
        out.push_back({{"keyId", platform::to_hex(key)},
            {"name", known != nullptr ? json::value(known->name) : json::value()},
            {"isTest", known != nullptr && known->is_test}});
    }
    return out;
}

json::value shown(const std::string& text)
{
    return or_null(platform::printable(text));
}

json::object document_of(const facts& of)
{
    json::array profiles;
    for (const lpa::profile& each : of.profiles)
        profiles.push_back(to_json(each));
    json::object out{{"eid", of.eid}, {"svn", shown(of.info.svn)},
        {"profileVersion", shown(of.info.profile_version)},
        {"firmwareVersion", shown(of.info.firmware)},
        {"sasAccreditationNumber", shown(of.info.accreditation)},
        {"ciKeyIdsForVerification", array_of(of.info.verification_keys)},
        {"ciKeyIdsForSigning", array_of(of.info.signing_keys)},
        {"ciIssuers", issuers_of(of.info.verification_keys)},
        {"defaultSmdpAddress", shown(of.addresses.default_smdp)},
        {"rootSmdsAddress", shown(of.addresses.root_smds)}, {"profiles", std::move(profiles)}};
    out["freeMemory"] =
        of.info.free_memory ? json::value(*of.info.free_memory) : json::value(nullptr);
    return out;
}

std::string line(const char* name, const std::string& value)
{
    return cell(name, 20) + (value.empty() ? "-" : platform::printable(value)) + "\n";
}

std::string key_lines(const char* name, const std::vector<platform::bytes>& keys)
{
    std::string out;
    for (const platform::bytes& key : keys)
        out += line(out.empty() ? name : "", lpa::issuer_words(key));
    return out.empty() ? line(name, "") : out;
}

std::string facts_as_text(const facts& of)
{
    std::size_t enabled = 0;
    for (const lpa::profile& each : of.profiles)
        enabled += each.state == lpa::profile_state::enabled ? 1U : 0U;
    std::string count =
        std::to_string(of.profiles.size()) + ", " + std::to_string(enabled) + " of them enabled";
    std::string memory =
        of.info.free_memory ? std::to_string(*of.info.free_memory / 1024) + " kB free" : "";
    return line("EID", of.eid) + line("SGP.22 version", of.info.svn)
           + line("Profile format", of.info.profile_version) + line("Firmware", of.info.firmware)
           + line("Memory", memory) + line("Profiles", count)
           + key_lines("Accepts CI", of.info.verification_keys)
           + key_lines("Signs for CI", of.info.signing_keys)
           + line("Default SM-DP+", of.addresses.default_smdp)
           + line("Root SM-DS", of.addresses.root_smds)
           + line("Accreditation", of.info.accreditation);
}

command show(session& with)
{
    failure unknown(esim::errc::not_by_hook, "it tells the EID and the profiles alone");
    if (with.device.euicc == nullptr)
        co_return problem(
            reading, unknown, "See 'esim-agent euicc eid' and 'esim-agent profile list'.");
    lpa::euicc& card = *with.device.euicc;
    facts found;
    auto info = co_await card.info();
    if (!info)
        co_return problem(reading, info.error());
    found.info = std::move(*info);
    auto eid = co_await card.eid();
    if (!eid)
        co_return problem(reading, eid.error());
    found.eid = std::move(*eid);
    auto addresses = co_await card.addresses();
    if (!addresses)
        co_return problem(reading, addresses.error());
    found.addresses = std::move(*addresses);
    auto profiles = co_await card.profiles();
    if (!profiles)
        co_return problem(reading, profiles.error());
    found.profiles = std::move(*profiles);
    print(with.json ? json_text(document_of(found)) + "\n" : facts_as_text(found));
    co_return done();
}

command show_eid(session& with)
{
    auto eid = co_await with.device.installer->eid();
    if (!eid)
        co_return problem(reading, eid.error());
    json::object document{{"eid", *eid}};
    print((with.json ? json_text(document) : *eid) + "\n");
    co_return done();
}

}  // namespace

command run(session& with, euicc_info_options)
{
    return with_card(with, [&with] { return show(with); });
}

command run(session& with, euicc_eid_options)
{
    return with_card(with, [&with] { return show_eid(with); });
}

}  // namespace agent::cli
