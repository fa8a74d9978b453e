#include "agent/gigastore/client.hpp"

#include "agent/base/json.hpp"
#include "agent/base/percent.hpp"
#include "agent/gigastore/parse.hpp"
#include "agent/net/error.hpp"
#include "agent/net/problem.hpp"
#include "platform/error.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace agent::gigastore {
namespace {

namespace json = boost::json;
using net::http_request, net::http_response;

constexpr const char* api = "/gigastore/activations";

json::object body_of(const search& query, int page_size, int index)
{
    constexpr const char* keys[] = {"EMAIL", "UID", "ICCID"};
    constexpr const char* modes[] = {"isExact", "startsWith", "contains"};
    return {{"pageSize", page_size}, {"pageIndex", index},
        {"searchKey", keys[static_cast<int>(query.key)]}, {"searchQuery", query.text},
        {"searchMode", modes[static_cast<int>(query.mode)]}, {"onlyActiveProfiles", false}};
}

std::string page_query(int page_size, int index)
{
    return "?page_size=" + std::to_string(page_size) + "&page_index=" + std::to_string(index)
           + "&only_active_profiles=false";
}

/// A write whose answer is "it broke" may have been carried out before it broke.
failure after_write(failure problem, bool is_repeatable)
{
    constexpr int request_timeout = 408;
    bool is_open =
        problem == net::errc::server_trouble || problem == net::errc::captive_portal
        || (problem.cause() != nullptr && problem.cause()->http_status == request_timeout);
    if (!is_repeatable && is_open)
        return {net::errc::outcome_unknown, problem.detail()};
    return problem;
}

/// A list is always there: if not, this is not the API.
failure about_list(failure problem)
{
    if (problem != net::errc::not_found)
        return problem;
    return {platform::errc::configuration,
        problem.detail() + "; the gigastore url is not that of the API"};
}

}  // namespace

client::client(net::http_client& http, client_settings settings, platform::logger& log)
    : http_(http)
    , settings_(std::move(settings))
    , log_(log)
    , credentials_(http, settings_.base, settings_.credentials, settings_.retries, log)
{
}

http_request client::get(std::string path) const
{
    http_request request;
    request.target = settings_.base.path + path;
    request.headers.push_back({"Accept", "application/json"});
    return request;
}

http_request client::post(std::string path, std::string body) const
{
    http_request request = get(std::move(path));
    request.method = "POST";
    request.body = body;
    if (!body.empty())
        request.headers.push_back({"Content-Type", "application/json"});
    return request;
}

task<http_response> client::call_once(
    http_request request, platform::secret authorization, int attempts)
{
    if (!authorization.empty()) {
        net::header line;
        line.name = "Authorization";
        line.value = authorization.reveal();
        request.headers.push_back(std::move(line));
    }
    net::backoff retries = settings_.retries;
    if (attempts != 0)
        retries.attempts = attempts;
    auto asking =
        net::exchange_with_retry(http_, settings_.base.where, std::move(request), retries, log_);
    co_return co_await std::move(asking);
}

task<http_response> client::call(http_request request, int attempts)
{
    bool is_repeatable = request.is_repeatable;
    auto authorization = co_await credentials_.authorization();
    if (!authorization)
        co_return authorization.error();
    http_request first = request;
    auto answer = co_await call_once(std::move(first), *authorization, attempts);
    if (answer && answer->status == 401 && credentials_.forget(*authorization)) {
        log_.debug("the token was refused; renewing it once");
        authorization = co_await credentials_.authorization();
        if (!authorization)
            co_return authorization.error();
        answer = co_await call_once(std::move(request), *authorization, attempts);
    }
    if (!answer)
        co_return answer.error();
    if (failure problem = problem_of(*answer); problem.code())
        co_return after_write(problem, is_repeatable);
    co_return std::move(answer);
}

task<gigastore::customer> client::customer(std::string uid)
{
    http_request request =
        get(std::string(api) + "/customers/" + percent_encode(uid) + "?only_active_profiles=false");
    auto answer = co_await call(std::move(request));
    if (!answer)
        co_return answer.error();
    auto who = parse_customer(answer->body);
    if (who && !same_uid(who->uid, uid))  // somebody else's code must never be shown as hers
        co_return failure(net::errc::malformed_answer, "it is about another customer");
    co_return std::move(who);
}

customer_pages client::customers(int limit)
{
    bool is_less = limit > 0 && limit < settings_.page_size;
    return {*this, std::nullopt, is_less ? limit : settings_.page_size};
}

customer_pages client::search_customers(search query)
{
    return {*this, std::move(query), settings_.page_size};
}

task<std::vector<customer>> customer_pages::next()
{
    http_request request;
    if (query_)
        request = api_.post(std::string(api) + "/search-customers",
            json::serialize(body_of(*query_, page_size_, index_)));
    else
        request = api_.get(std::string(api) + "/customers" + page_query(page_size_, index_));
    auto answer = co_await api_.call(std::move(request));
    if (!answer)
        co_return about_list(answer.error());
    auto page = parse_customers(answer->body);
    if (!page)
        co_return page.error();
    ++index_;
    bool is_repeat = !page->empty() && page->front().uid == first_uid_;
    if (is_repeat)
        page->clear();
    first_uid_ = page->empty() ? std::string() : page->front().uid;
    co_return std::move(page);
}

task<void> client::update_customer(std::string uid, customer_change change)
{
    json::object body;
    if (change.email)
        body["customerEmail"] = or_null(*change.email);
    if (change.country_of_residence)
        body["countryOfResidence"] = *change.country_of_residence;
    http_request request =
        post(std::string(api) + "/customers/" + percent_encode(uid), json::serialize(body));
    request.method = "PUT";  // the same twice is the same once: repeatable
    auto answer = co_await call(std::move(request));
    if (!answer)
        co_return answer.error();
    co_return result<void>();
}

task<std::vector<activated_item>> client::activated_items(std::string from, std::string to)
{
    std::string query = "?sort_by=DATE&sort_dir=DESC";
    if (!from.empty())
        query += "&from=" + percent_encode(from);
    if (!to.empty())
        query += "&to=" + percent_encode(to);
    http_request request = get(std::string(api) + "/activated-items" + query);
    auto answer = co_await call(std::move(request));
    if (!answer)
        co_return about_list(answer.error());
    co_return parse_items(answer->body);
}

task<gigastore::activated_item> client::activated_item(std::string uid)
{
    http_request request = get(std::string(api) + "/activated-items/" + percent_encode(uid)
                               + "?only_active_profiles=false");
    auto answer = co_await call(std::move(request));
    if (!answer)
        co_return answer.error();
    auto item = parse_item(answer->body);
    if (item && !same_uid(item->uid, uid))
        co_return failure(net::errc::malformed_answer, "it is about another package");
    co_return std::move(item);
}

task<void> client::activate(std::string item_uid)
{
    http_request request =
        post(std::string(api) + "/activated-items/" + percent_encode(item_uid) + "/activate");
    request.is_repeatable = false;
    auto answer = co_await call(std::move(request));
    if (!answer)
        co_return answer.error();
    co_return result<void>();
}

task<void> client::refund(std::string item_uid)
{
    std::string path = "/activations/activated-items/" + percent_encode(item_uid) + "/refund";
    http_request request = post(path);
    request.is_repeatable = false;
    auto answer = co_await call(std::move(request));
    if (!answer && answer.error() == net::errc::not_found) {
        // The documentation prints this one path without its prefix; it may be a slip.
        request = post("/gigastore" + path);
        request.is_repeatable = false;
        answer = co_await call(std::move(request));
    }
    if (!answer)
        co_return answer.error();
    co_return result<void>();
}

task<std::vector<inventory_item>> client::inventory()
{
    http_request request = get("/gigastore/products/inventory");
    auto answer = co_await call(std::move(request));
    if (!answer)
        co_return about_list(answer.error());
    co_return parse_inventory(answer->body);
}

task<sale> client::buy(purchase what, std::string key)
{
    http_request request =
        post(std::string(api) + "/" + name_of(what.kind), json_text(to_json(what)));
    request.is_repeatable = false;
    net::header line;
    line.name = "idempotency-key";
    line.value = key;
    request.headers.push_back(std::move(line));
    // Once: of several answers the last would hide what an earlier one leaves open.
    auto answer = co_await call(std::move(request), 1);
    if (!answer)
        co_return answer.error();
    auto sold = parse_sale(answer->body);
    if (!sold)
        co_return failure(net::errc::outcome_unknown, sold.error().message());
    bool is_theirs =
        what.customer_uid.empty() || same_uid(sold->item.customer_uid, what.customer_uid);
    if (!is_theirs)
        co_return failure(net::errc::outcome_unknown, "the answer is about another customer");
    co_return std::move(sold);
}

task<std::optional<connectivity>> client::connectivity(iccid which)
{
    http_request request =
        get("/gigastore/esim/" + percent_encode(which.text()) + "/status/connectivity");
    auto answer = co_await call(std::move(request));
    if (!answer && answer.error() == net::errc::not_found)
        co_return std::optional<gigastore::connectivity>();
    if (!answer)
        co_return answer.error();
    auto found = parse_connectivity(answer->body);
    if (!found)
        co_return found.error();
    co_return std::optional<gigastore::connectivity>(std::move(*found));
}

task<assignment> client::assignment(std::string eid)
{
    std::string query;
    if (!eid.empty())
        query = "?eid=" + percent_encode(eid);
    http_request request = get("/esim-agent/assignment" + query);
    auto answer = co_await call(std::move(request));
    if (!answer && answer.error() == net::errc::not_found)
        co_return gigastore::assignment();
    if (!answer)
        co_return answer.error();
    co_return parse_assignment(answer->body);
}

}  // namespace agent::gigastore
