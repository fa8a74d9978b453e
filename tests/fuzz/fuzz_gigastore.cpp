// Any bytes as an answer of the API.
#include "agent/gigastore/choose.hpp"
#include "agent/gigastore/parse.hpp"
#include "agent/net/problem.hpp"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view body{reinterpret_cast<const char*>(data), size};
    auto who = agent::gigastore::parse_customer(body);
    if (who)
        (void)agent::gigastore::choose(who->related_esims, "");
    (void)agent::gigastore::parse_customers(body);
    (void)agent::gigastore::parse_items(body);
    (void)agent::gigastore::parse_item(body);
    (void)agent::gigastore::parse_token(body);
    (void)agent::gigastore::parse_connectivity(body);
    agent::net::http_response answer;
    answer.status = size == 0 ? 200 : 200 + data[0] * 2U;
    answer.body = body;
    (void)agent::net::problem_of(answer);
    return 0;
}
