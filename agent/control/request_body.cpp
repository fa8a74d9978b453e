#include "agent/control/request_body.hpp"

#include "agent/control/answers.hpp"
#include "agent/gigastore/types.hpp"

#include <algorithm>

namespace agent::control {
namespace {

/// "a, b and c"
std::string list_of(std::span<const known_member> all)
{
    std::string out;
    for (std::size_t i = 0; i < all.size(); ++i) {
        bool is_last = i + 1 == all.size();
        out += i == 0 ? "" : is_last ? " and " : ", ";
        out += all[i].name;
    }
    return out;
}

}  // namespace

result<void> read_body(const platform::wiped_string& body, std::span<const known_member> known,
    const take_member& take)
{
    json_document document{body};
    if (document.root() == nullptr || !document.root()->is_object())
        return usage("the body is no JSON object");
    for (const auto& each : document.root()->get_object()) {
        std::string_view name{each.key().data(), each.key().size()};
        auto found = std::ranges::find(known, name, &known_member::name);
        if (found == known.end())
            return usage("'" + std::string(name) + "' is not known; there are " + list_of(known));
        if (each.value().kind() != found->kind)
            return usage(std::string(name) + " is of another type");
        if (auto taken = take(name, each.value()); !taken)
            return taken;
    }
    return {};
}

result<void> need_customer(const std::string& uid)
{
    if (uid.empty() || !gigastore::is_plain_uid(uid))
        return usage("customerUid is needed");
    return {};
}

}  // namespace agent::control
