#include "tests/sandbox/rsp/test_pki.hpp"

#include "platform/storage.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace sandbox::rsp {
namespace {

namespace json = boost::json;

constexpr long years = 365L * 86'400;
constexpr int euicc_count = 3;
const char* const smdp_oid = "2.999.10";

tests::certificate_request named(
    const std::string& name, const std::string& role, const std::string& registered_id)
{
    tests::certificate_request out;
    out.common_name = name;
    out.dns.clear();
    out.addresses.clear();
    out.organization = "esim-sandbox";
    out.policy = role;
    out.registered_id = registered_id;
    out.valid_until = 10 * years;
    return out;
}

json::value to_json(const tests::identity& from)
{
    return {{"certificate", from.certificate}, {"key", from.key}};
}

tests::identity identity_in(const json::value& from)
{
    return {
        std::string(from.at("certificate").as_string()), std::string(from.at("key").as_string())};
}

}  // namespace

test_pki::test_pki(const std::string& curve, tests::certificate_request server)
{
    tests::authority ci{"esim-sandbox CI " + curve, curve};
    ci_ = ci.certificate();
    auth_ = ci.issue(named("sandbox DPauth", role_auth, smdp_oid));
    binding_ = ci.issue(named("sandbox DPpb", role_binding, smdp_oid));
    server.policy = role_tls;
    server.registered_id = smdp_oid;
    tls_ = ci.issue(server);
    tests::authority eum{ci, named("sandbox EUM", role_eum, "2.999.5")};
    eum_ = eum.certificate();
    for (int number = 0; number < euicc_count; ++number) {
        tests::certificate_request card = named("sandbox eUICC", role_euicc, "");
        card.serial_number = eid(number);
        euiccs_.push_back(eum.issue(card));
    }
}

std::string test_pki::eid(int number)
{
    return "8904903212345123451234567890123" + std::to_string(number);
}

void test_pki::save(const std::string& file) const
{
    json::array cards;
    for (const tests::identity& each : euiccs_)
        cards.push_back(to_json(each));
    json::object all{{"ci", ci_}, {"eum", eum_}, {"euiccs", std::move(cards)}};
    platform::write_file(file, json::serialize(all)).value();
}

test_pki test_pki::load(const std::string& file)
{
    json::value all = json::parse(platform::read_file(file).value());
    test_pki out;
    out.ci_ = all.at("ci").as_string();
    out.eum_ = all.at("eum").as_string();
    for (const json::value& each : all.at("euiccs").as_array())
        out.euiccs_.push_back(identity_in(each));
    return out;
}

}  // namespace sandbox::rsp
