#include "agent/provision/desired.hpp"

#include "agent/base/iccid.hpp"
#include "agent/base/json_members.hpp"
#include "agent/gigastore/types.hpp"
#include "platform/error.hpp"

namespace agent::provision {

result<desired> parse_desired(std::string_view text)
{
    static constexpr known_member known[] = {
        {"version", json::kind::int64}, {"customerUid"}, {"iccid"}};
    auto bad = [](const char* words) { return failure(platform::errc::usage, words); };
    constexpr std::size_t longest = 4096;
    if (text.size() > longest)
        return bad("an order has 4096 octets at most");
    desired out;
    auto take = [&out](std::string_view name, const json::value& member) -> result<void> {
        if (name == "version")
            out.version = member.get_int64();
        else
            (name == "iccid" ? out.what.named : out.what.customer_uid) = member.get_string();
        return {};
    };
    if (auto read = read_members(text, "the order", known, take); !read)
        return read.error();
    constexpr std::int64_t largest = std::int64_t{1} << 53;  // what every JSON library can hold
    if (out.version < 1 || out.version > largest)
        return bad("version is needed: a number from 1 to 2^53, larger with each order");
    bool has_customer =
        !out.what.customer_uid.empty() && gigastore::is_plain_uid(out.what.customer_uid);
    if (!has_customer)
        return bad("customerUid is needed");
    if (!out.what.named.empty() && !iccid::parse(out.what.named))
        return bad("an ICCID is 18 to 22 digits");
    return out;
}

}  // namespace agent::provision
