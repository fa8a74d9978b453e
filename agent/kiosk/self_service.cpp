#include "agent/kiosk/self_service.hpp"

#include "agent/net/error.hpp"

namespace agent::kiosk {
namespace {

failure nobody()
{
    return {net::errc::not_found, "nobody has that reference"};
}

task<found_customer> find_by(gigastore::client& api, gigastore::search_key key, std::string text)
{
    gigastore::search query;
    query.key = key;
    query.text = std::move(text);
    auto pages = api.search_customers(std::move(query));
    auto found = co_await pages.next();
    if (!found)
        co_return found.error();
    if (found->size() != 1)
        co_return nobody();
    found_customer out;
    out.uid = found->front().uid;
    co_return out;
}

bool is_reference(const std::string& text)
{
    constexpr std::string_view allowed =
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
    constexpr std::size_t shortest = 8;
    constexpr std::size_t longest = 64;
    return text.size() >= shortest && text.size() <= longest
           && text.find_first_not_of(allowed) == text.npos;
}

}  // namespace

task<found_customer> find_customer(gigastore::client& api, std::string text, bool takes_email)
{
    std::erase(text, ' ');
    bool is_email = text.find('@') != text.npos;
    if (is_email && !takes_email)
        co_return nobody();
    if (is_email) {
        auto by_email = find_by(api, gigastore::search_key::email, std::move(text));
        co_return co_await std::move(by_email);
    }
    if (auto number = iccid::parse(text)) {
        auto by_iccid = find_by(api, gigastore::search_key::iccid, number->text());
        auto whose = co_await std::move(by_iccid);
        if (whose)
            whose->named = number->text();
        co_return std::move(whose);
    }
    if (!is_reference(text))
        co_return nobody();
    found_customer out;
    auto item = co_await api.activated_item(text);
    bool is_purchase = item && !item->customer_uid.empty();
    if (is_purchase) {
        out.uid = item->customer_uid;
        co_return out;
    }
    auto who = co_await api.customer(std::move(text));
    if (!who)
        co_return who.error();
    out.uid = who->uid;
    co_return out;
}

}  // namespace agent::kiosk
