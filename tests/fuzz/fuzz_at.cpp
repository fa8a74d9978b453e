// Any bytes as what a modem says, in two pieces.
#include "platform/at/at_reply.hpp"

#include <cstdint>

using namespace platform::at;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view text{reinterpret_cast<const char*>(data), size};
    reply_reader reader;
    auto first = reader.take(text.substr(0, size / 2), "AT+CCHO");
    auto second = reader.take(text.substr(size / 2), "AT+CCHO");
    for (const auto& each : {first, second}) {
        if (!each)
            continue;
        (void)session_in(*each);
        (void)apdu_in(*each, "+CGLA:");
        (void)apdu_in(*each, "+CSIM:");
        (void)each->refusal();
    }
    return 0;
}
