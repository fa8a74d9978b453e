// Any bytes as what a modem says in QMI and in MBIM.
#include "platform/mbim/mbim_message.hpp"
#include "platform/qmi/qmi_message.hpp"

#include <cstdint>

namespace {

void take_qmi(platform::byte_view frame)
{
    using namespace platform::qmi;
    (void)length_of(frame);
    (void)slots_in(frame);
    auto said = parse(frame);
    if (!said)
        return;
    for (const parameter& each : said->parameters)
        for (std::size_t at = 0; at < 3; ++at)
            (void)counted_at(each.value, at);
    if (const auto* slots = said->find(0x10))
        (void)slots_in(*slots);
    (void)failure_for("", error_in(*said));
}

void take_mbim(platform::byte_view whole)
{
    using namespace platform::mbim;
    (void)length_of(whole);
    auto said = parse(whole);
    if (!said)
        return;
    (void)failure_for("", status_in(said->rest));
    command asked;
    asked.of = basic_connect;
    asked.id = 2;
    for (const auto& service : {basic_connect, uicc_access, proxy_control}) {
        asked.of = service;
        auto answer = answer_in(said->rest, asked);
        if (!answer)
            continue;
        for (std::size_t at = 0; at < 16; at += 4) {
            (void)sized_field(answer->information, at);
            (void)text_in(offset_field(answer->information, at));
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    take_qmi({data, size});
    take_mbim({data, size});
    return 0;
}
