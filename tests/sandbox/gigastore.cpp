#include "tests/sandbox/gigastore.hpp"

#include "tests/sandbox/coding.hpp"
#include "tests/sandbox/samples.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace sandbox {
namespace {

namespace json = boost::json;

/// The parts of a path: "/a/b" is {"a", "b"}.
std::vector<std::string> parts_of(const std::string& path)
{
    std::vector<std::string> out;
    for (std::size_t start = 1; start <= path.size();) {
        auto end = std::min(path.find('/', start), path.size());
        out.push_back(path.substr(start, end - start));
        start = end + 1;
    }
    return out;
}

/// True if `path` has the form of `pattern`, in which "*" stands for one part.
bool matches(const std::string& pattern, const std::string& path)
{
    auto wanted = parts_of(pattern);
    auto given = parts_of(path);
    return std::ranges::equal(wanted, given,
        [](const std::string& one, const std::string& two) { return one == "*" || one == two; });
}

std::string query(const request& asked, const std::string& name, const std::string& otherwise)
{
    auto found = asked.query.find(name);
    return found == asked.query.end() ? otherwise : found->second;
}

int number(const std::string& text, int otherwise)
{
    int value = std::atoi(text.c_str());
    return value > 0 || text == "0" ? value : otherwise;
}

response ok(const json::value& body)
{
    return {.body = json::serialize(body)};
}

response no_customer()
{
    return problem(404, "Not found", "Unknown customer");
}

}  // namespace

struct gigastore::route {
    const char* method;
    const char* pattern;
    response (gigastore::*answer)(const request&);
    role least;
};

const gigastore::route gigastore::routes[] = {
    {"POST", "/reseller/authenticate", &gigastore::authenticate, role::nobody},
    {"GET", "/gigastore/version", &gigastore::version, role::nobody},
    {"GET", "/gigastore/products/inventory", &gigastore::inventory_list, role::reseller},
    {"GET", "/gigastore/products/inventory/*", &gigastore::inventory_one, role::reseller},
    {"PUT", "/gigastore/products/inventory/*", &gigastore::inventory_change, role::reseller},
    {"POST", "/gigastore/activations/register", &gigastore::register_customer, role::reseller},
    {"POST", "/gigastore/activations/top-up", &gigastore::top_up, role::reseller},
    {"POST", "/gigastore/activations/top-up-with-profile", &gigastore::top_up_with_profile,
        role::reseller},
    {"GET", "/gigastore/activations/activated-items", &gigastore::items, role::reseller},
    {"GET", "/gigastore/activations/activated-items/*", &gigastore::item, role::reseller},
    {"POST", "/gigastore/activations/activated-items/*/activate", &gigastore::activate,
        role::reseller},
    {"POST", "/gigastore/activations/activated-items/*/refund", &gigastore::refund, role::reseller},
    {"POST", "/activations/activated-items/*/refund", &gigastore::refund, role::reseller},
    {"GET", "/gigastore/activations/customers", &gigastore::customers, role::reseller},
    {"GET", "/gigastore/activations/customers/*", &gigastore::customer, role::device},
    {"PUT", "/gigastore/activations/customers/*", &gigastore::customer_change, role::reseller},
    {"POST", "/gigastore/activations/search-customers", &gigastore::search, role::reseller},
    {"GET", "/gigastore/activations/customers/*/profile-domains", &gigastore::profile_domains,
        role::reseller},
    {"GET", "/gigastore/esim/countries/*", &gigastore::countries, role::device},
    {"GET", "/gigastore/esim/countries/*/flag", &gigastore::flag, role::device},
    {"GET", "/gigastore/esim/device/esim-capable", &gigastore::esim_capable, role::device},
    {"GET", "/gigastore/esim/*/status/connectivity", &gigastore::connectivity, role::device},
};

response problem(unsigned status, const std::string& title, const std::string& detail)
{
    json::object body{{"type", "about:blank"}, {"title", title}, {"status", status},
        {"detail", detail}, {"traceId", "t-4711"}};
    return {.status = status,
        .body = json::serialize(body),
        .content_type = "application/problem+json"};
}

gigastore::role gigastore::role_of(const request& asked) const
{
    constexpr std::string_view scheme = "Bearer ";
    if (!asked.authorization.starts_with(scheme))
        return role::nobody;
    std::string token = asked.authorization.substr(scheme.size());
    if (token == settings_.device_token)
        return role::device;
    auto found = tokens_.find(token);
    bool is_valid = found != tokens_.end() && std::chrono::steady_clock::now() < found->second;
    return is_valid ? role::reseller : role::nobody;
}

response gigastore::operator()(const request& asked)
{
    bool is_known_path = false;
    for (const route& each : routes) {
        if (!matches(each.pattern, asked.path))
            continue;
        is_known_path = true;
        if (asked.method != each.method)
            continue;
        role who = role_of(asked);
        if (each.least != role::nobody && who == role::nobody)
            return problem(401, "Unauthorized", "The token is missing, unknown or no longer valid");
        if (who < each.least)
            return problem(403, "Forbidden", "This token may not do that");
        return (this->*each.answer)(asked);
    }
    return is_known_path ? problem(405, "Method not allowed", asked.method + " is not offered here")
                         : problem(404, "Not found", "No such endpoint");
}

response gigastore::authenticate(const request& asked)
{
    std::string right =
        "Basic "
        + to_base64(platform::view_of(settings_.client_id + ":" + settings_.client_secret));
    if (asked.authorization != right)
        return {.status = 401, .body = R"({"error":"invalid_client"})"};
    std::string token = "eyJhbGciOiJSUzI1NiJ9.SANDBOX." + random_hex(64);
    tokens_[token] = std::chrono::steady_clock::now() + settings_.token_life;
    return ok({{"accessToken", token}, {"expiresIn", settings_.token_life.count()},
        {"refreshToken", nullptr}, {"refreshExpiresIn", 0}, {"tokenType", "Bearer"},
        {"idToken", nullptr}});
}

response gigastore::version(const request&)
{
    return ok({{"version", "1.3.5-sandbox"}});
}

response gigastore::page_of(
    std::vector<const record*> found, int size, int index, bool only_active) const
{
    size = std::clamp(size, 1, 1'000);
    auto first = static_cast<std::size_t>(size) * static_cast<std::size_t>(index);
    auto last = std::min(first + static_cast<std::size_t>(size), found.size());
    std::string body = settings_.lists_are_bare ? "[" : R"({"customers":[)";
    for (std::size_t i = first; i < last; ++i)
        body += (i == first ? "" : ",") + found[i]->text(only_active);
    body +=
        settings_.lists_are_bare ? "]" : R"(],"totalCount":)" + std::to_string(found.size()) + "}";
    return {.body = std::move(body)};
}

response gigastore::customers(const request& asked)
{
    std::vector<const record*> all;
    for (const record& each : data_.customers())
        all.push_back(&each);
    return page_of(std::move(all), number(query(asked, "page_size", ""), 50),
        number(query(asked, "page_index", ""), 0),
        query(asked, "only_active_profiles", "true") != "false");
}

response gigastore::customer(const request& asked)
{
    record* found = data_.find_customer(parts_of(asked.path)[3]);
    if (found == nullptr)
        return no_customer();
    return {.body = found->text(query(asked, "only_active_profiles", "true") != "false")};
}

response gigastore::customer_change(const request& asked)
{
    record* found = data_.find_customer(parts_of(asked.path)[3]);
    if (found == nullptr)
        return no_customer();
    boost::system::error_code ec;
    json::value body = json::parse(asked.body, ec);
    if (ec || !body.is_object())
        return problem(400, "Bad request", "The body is not a JSON object");
    json::object& who = found->change()["customer"].as_object();
    if (const json::value* email = body.get_object().if_contains("customerEmail")) {
        bool is_address = email->is_string() && email->get_string().find('@') != json::string::npos;
        if (!is_address && !email->is_null())
            return problem(400, "Bad request", "customerEmail is no e-mail address");
        who["email"] = *email;
    }
    if (const json::value* country = body.get_object().if_contains("countryOfResidence"))
        who["countryOfResidence"] = *country;
    data_.save();
    return {.body = found->text(false)};
}

response gigastore::search(const request& asked)
{
    boost::system::error_code ec;
    json::value body = json::parse(asked.body, ec);
    if (ec || !body.is_object())
        return problem(400, "Bad request", "The body is not a JSON object");
    auto text = [&](const char* name) {
        const json::value* found = body.get_object().if_contains(name);
        return found != nullptr && found->is_string() ? std::string(found->get_string()) : "";
    };
    auto whole = [&](const char* name, int otherwise) {
        const json::value* found = body.get_object().if_contains(name);
        return found != nullptr && found->is_number() ? found->to_number<int>() : otherwise;
    };
    std::string wanted = text("searchQuery");
    std::string mode = text("searchMode");
    auto fits = [&](const json::value* value) {
        if (value == nullptr || !value->is_string())
            return false;
        std::string_view given{value->get_string().data(), value->get_string().size()};
        if (mode == "startsWith")
            return given.starts_with(wanted);
        return mode == "contains" ? given.find(wanted) != given.npos : given == wanted;
    };
    std::vector<const record*> found;
    for (const record& each : data_.customers()) {
        const json::object& document = each.document();
        const json::object& who = document.at("customer").as_object();
        bool is_found = false;
        if (text("searchKey") == "EMAIL")
            is_found = fits(who.if_contains("email"));
        else if (text("searchKey") == "UID")
            is_found = fits(who.if_contains("uid"));
        else if (const json::value* esims = document.if_contains("relatedEsims"); esims->is_array())
            is_found = std::ranges::any_of(esims->get_array(), [&](const json::value& esim) {
                return fits(esim.as_object().if_contains("iccid"));
            });
        if (is_found)
            found.push_back(&each);
    }
    const json::value* only = body.get_object().if_contains("onlyActiveProfiles");
    bool only_active = only == nullptr || !only->is_bool() || only->get_bool();
    return page_of(std::move(found), whole("pageSize", 50), whole("pageIndex", 0), only_active);
}

response gigastore::profile_domains(const request& asked)
{
    if (data_.find_customer(parts_of(asked.path)[3]) == nullptr)
        return no_customer();
    return ok(json::array{});
}

response gigastore::countries(const request& asked)
{
    std::string set = parts_of(asked.path)[3];
    json::array out;
    for (const char* code : {"AT", "DE", "FR", "PL", "US"})
        if (set == "WWW" || set == code)
            out.push_back({{"code", code}, {"name", code},
                {"imageUrl", std::string("/esim/countries/") + static_cast<char>(code[0] | 0x20)
                                 + static_cast<char>(code[1] | 0x20) + "/flag"}});
    return ok(out);
}

response gigastore::flag(const request&)
{
    // The smallest PNG: one white pixel.
    constexpr unsigned char png[] = {0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, 0, 13, 'I', 'H',
        'D', 'R', 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0x37, 0x6e, 0xf9, 0x24, 0, 0, 0, 10, 'I',
        'D', 'A', 'T', 0x78, 1, 0x63, 0x68, 0, 0, 0, 0x82, 0, 0x81, 0x4c, 0x17, 0xd7, 0xdf, 0, 0, 0,
        0, 'I', 'E', 'N', 'D', 0xae, 0x42, 0x60, 0x82};
    return {.body = std::string(reinterpret_cast<const char*>(png), sizeof png),
        .content_type = "image/png"};
}

response gigastore::esim_capable(const request&)
{
    return ok({{"devices", json::array{"Sandbox Phone 1", "Sandbox Router 2"}}});
}

response gigastore::connectivity(const request& asked)
{
    auto found = seen_.find(parts_of(asked.path)[2]);
    if (found == seen_.end())
        return problem(404, "Not found", "Nothing is known about this ICCID");
    return ok(found->second);
}

void gigastore::set_seen(const std::string& iccid, std::string country)
{
    seen_[iccid] = {{"iccid", iccid}, {"lastSeen", now_iso()}, {"country", std::move(country)}};
}

bool gigastore::set_state(const std::string& iccid, const std::string& state)
{
    for (record& each : data_.customers()) {
        const json::value* esims = each.document().if_contains("relatedEsims");
        if (esims == nullptr || !esims->is_array())
            continue;
        for (std::size_t i = 0; i < esims->get_array().size(); ++i) {
            const json::value* found = esims->get_array()[i].as_object().if_contains("iccid");
            if (found == nullptr || !found->is_string() || found->get_string() != iccid)
                continue;
            json::object& esim = each.change()["relatedEsims"].as_array()[i].as_object();
            esim["state"] = state;
            esim["activatedAt"] = state == "RELEASED" ? json::value() : json::value(now_iso());
            data_.save();
            return true;
        }
    }
    return false;
}

}  // namespace sandbox
