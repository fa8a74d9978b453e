#include "tests/sandbox/rsp/orders.hpp"

#include "platform/storage.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace sandbox::rsp {
namespace {

namespace json = boost::json;

const char* const usual_confirmation_code = "1234";

/// The fields of an activation code: "LPA:1", host, matching ID, OID, flag.
std::vector<std::string> parts_of(const std::string& code)
{
    std::vector<std::string> out;
    for (std::size_t start = 0; start <= code.size();) {
        auto end = std::min(code.find('$', start), code.size());
        out.push_back(code.substr(start, end - start));
        start = end + 1;
    }
    return out;
}

}  // namespace

std::string order::text(const char* name) const
{
    const json::value* found = kept->if_contains(name);
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : "";
}

int order::number(const char* name) const
{
    const json::value* found = kept->if_contains(name);
    return found != nullptr && found->is_number() ? found->to_number<int>() : 0;
}

orders::orders(std::string file, store& customers) : file_(std::move(file)), customers_(customers)
{
    if (auto text = platform::read_file(file_))
        all_ = json::parse(*text).as_object();
}

std::optional<order> orders::find(const std::string& matching_id)
{
    for (const record& customer : customers_.customers()) {
        const json::value* esims = customer.document().if_contains("relatedEsims");
        if (esims == nullptr || !esims->is_array())
            continue;
        for (const json::value& each : esims->get_array()) {
            const json::value* code = each.as_object().if_contains("activationCode");
            if (code == nullptr || !code->is_string())
                continue;
            auto parts = parts_of(std::string(code->get_string()));
            if (parts.size() < 3 || parts[2] != matching_id)
                continue;
            json::object& kept = all_[matching_id].is_object() ? all_[matching_id].get_object()
                                                               : all_[matching_id].emplace_object();
            if (kept.empty()) {
                kept["state"] = "released";
                bool needs_code = parts.size() > 4 && parts[4] == "1";
                kept["confirmationCode"] = needs_code ? usual_confirmation_code : "";
            }
            return order{.matching_id = matching_id,
                .iccid = std::string(each.at("iccid").as_string()),
                .kept = &kept};
        }
    }
    return std::nullopt;
}

std::optional<order> orders::find_iccid(const std::string& iccid)
{
    for (auto& [matching_id, kept] : all_) {
        auto found = find(std::string(matching_id));
        if (found && found->iccid == iccid)
            return found;
    }
    return std::nullopt;
}

bool orders::set(const std::string& matching_id, const json::object& fields)
{
    auto found = find(matching_id);
    if (!found)
        return false;
    for (const auto& [name, value] : fields)
        (*found->kept)[name] = value;
    save();
    return true;
}

void orders::save() const
{
    platform::write_file(file_, json::serialize(all_)).value();
}

}  // namespace sandbox::rsp
