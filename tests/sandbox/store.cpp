#include "tests/sandbox/store.hpp"

#include "platform/clock.hpp"
#include "platform/storage.hpp"
#include "tests/sandbox/coding.hpp"
#include "tests/sandbox/samples.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace sandbox {
namespace {

namespace json = boost::json;

bool is_inactive(const json::value& esim)
{
    const json::value* active = esim.as_object().if_contains("active");
    return active != nullptr && active->is_bool() && !active->get_bool();
}

}  // namespace

std::string record::uid() const
{
    return std::string(document_.at("customer").at("uid").as_string());
}

std::string record::text(bool only_active) const
{
    json::object shown = only_active || text_.empty() ? document_ : json::object();
    shown.erase("sample");
    const json::value* esims = document_.if_contains("relatedEsims");
    bool filters = only_active && esims != nullptr && esims->is_array();
    if (filters) {
        json::array active;
        for (const json::value& each : esims->get_array())
            if (!is_inactive(each))
                active.push_back(each);
        if (active.size() == esims->get_array().size())
            return text(false);
        shown["relatedEsims"] = std::move(active);
        return json::serialize(shown);
    }
    if (text_.empty())
        text_ = json::serialize(shown);
    return text_;
}

store::store(std::string directory, const std::string& smdp, int generated)
    : file_(std::move(directory) + "/gigastore.json"), smdp_(smdp), inventory_(sandbox::inventory())
{
    for (json::value& sample : sample_customers(smdp)) {
        customers_.emplace_back(std::move(sample.as_object()));
        by_uid_[customers_.back().uid()] = customers_.size() - 1;
    }
    for (int i = 0; i < generated; ++i) {
        customers_.emplace_back(generated_customer(i, smdp));
        by_uid_[customers_.back().uid()] = customers_.size() - 1;
    }
    load();
}

record* store::find_customer(const std::string& uid)
{
    auto found = by_uid_.find(uid);
    return found == by_uid_.end() ? nullptr : &customers_[found->second];
}

record& store::add_customer(json::object document)
{
    customers_.emplace_back(json::object());
    customers_.back().change() = std::move(document);
    by_uid_[customers_.back().uid()] = customers_.size() - 1;
    return customers_.back();
}

void store::save() const
{
    json::array changed;
    for (const record& each : customers_)
        if (each.is_changed())
            changed.push_back(each.document());
    json::object all{
        {"customers", std::move(changed)}, {"inventory", inventory_}, {"lastNumber", last_number_}};
    platform::write_file(file_, json::serialize(all)).value();
}

/// The codes of a saved customer, for an SM-DP+ that is on another port now.
void store::move_codes(json::object& customer) const
{
    json::value* esims = customer.if_contains("relatedEsims");
    if (esims == nullptr || !esims->is_array())
        return;
    for (json::value& esim : esims->get_array())
        for (const char* name : {"activationCode", "appleUniversalLink"}) {
            json::value* code = esim.as_object().if_contains(name);
            if (code == nullptr || !code->is_string())
                continue;
            std::string text(code->get_string());
            auto start = text.find("LPA:1$");
            auto end = start == text.npos ? start : text.find('$', start + 6);
            if (end != text.npos)
                *code = text.replace(start + 6, end - start - 6, smdp_);
        }
}

void store::load()
{
    auto text = platform::read_file(file_);
    if (!text)
        return;
    json::value saved = json::parse(*text);
    inventory_ = saved.at("inventory").as_array();
    last_number_ = saved.at("lastNumber").to_number<unsigned long long>();
    for (json::value& each : saved.at("customers").as_array()) {
        json::object& document = each.as_object();
        move_codes(document);
        std::string uid(document.at("customer").at("uid").as_string());
        if (record* known = find_customer(uid))
            known->change() = std::move(document);
        else
            add_customer(std::move(document));
    }
}

void update_balance(json::object& customer)
{
    double gigabytes = 0;
    for (const json::value& item : customer["activatedItems"].as_array()) {
        const json::value* status = item.as_object().if_contains("status");
        bool is_refunded =
            status != nullptr && status->is_string() && status->get_string() == "REFUNDED";
        const json::value& left = item.at("balance").at("availableBalance");
        double value = left.at("sizeValue").to_number<double>();
        if (!is_refunded)
            gigabytes += left.at("sizeUnit").as_string() == "MB" ? value / 1024 : value;
    }
    customer["totalAvailableBalance"] = {{"sizeValue", gigabytes}, {"sizeUnit", "GB"}};
}

std::string now_iso()
{
    return to_rfc3339(std::chrono::floor<std::chrono::milliseconds>(platform::read_clock().system));
}

}  // namespace sandbox
