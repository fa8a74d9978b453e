// Any bytes as an answer of an SM-DP+.
#include "agent/lpa/es9_message.hpp"

#include <cstdint>

using namespace agent::lpa;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view body{reinterpret_cast<const char*>(data), size};
    (void)read_status(body);
    (void)read_bound_profile_package(body);
    auto session = read_authentication_offer(body);
    if (session)
        (void)read_server_signed1(session->server.signed1);
    auto profile = read_profile_offer(body);
    if (profile)
        (void)read_metadata(profile->metadata);
    return 0;
}
