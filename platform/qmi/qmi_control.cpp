#include "platform/qmi/qmi_control.hpp"

#include "platform/euicc_channel.hpp"
#include "platform/little_endian.hpp"

namespace platform::qmi {
namespace {

constexpr std::uint16_t power_off = 0x0030;
constexpr std::uint16_t power_on = 0x0031;
constexpr std::uint16_t get_serving_system = 0x0024;

constexpr std::chrono::milliseconds limit{10'000};

}  // namespace

platform::registration registration_in(const message& answer)
{
    platform::registration out;
    const bytes* system = answer.find(0x01);
    const bytes* roaming = answer.find(0x10);
    const bytes* network = answer.find(0x12);
    bool is_roaming = roaming != nullptr && !roaming->empty() && (*roaming)[0] == 0;
    unsigned state = system == nullptr || system->empty() ? 4U : (*system)[0];
    switch (state) {
    case 0: out.state = registration_state::none; break;
    case 1: out.state = is_roaming ? registration_state::roaming : registration_state::home; break;
    case 2: out.state = registration_state::searching; break;
    case 3: out.state = registration_state::denied; break;
    default: break;
    }
    if (network == nullptr || !out.is_registered())
        return out;
    auto name = counted_at(*network, 4);
    if (name)
        out.network = text_of(*name);
    if (out.network.empty())
        out.network =
            std::to_string(le16_at(*network, 0)) + " " + std::to_string(le16_at(*network, 2));
    return out;
}

task<void> qmi_control::open()
{
    auto opened = co_await port_.open();
    if (!opened)
        co_return opened.error();
    co_return result<void>();
}

task<message> qmi_control::ask_once(
    const char* doing, service of, std::uint16_t id, std::vector<parameter> with)
{
    auto answer = co_await port_.demand(doing, of, id, std::move(with), limit);
    co_await port_.release_clients();
    co_return answer;
}

task<void> qmi_control::refresh()
{
    for (std::uint16_t id : {power_off, power_on}) {
        std::vector<parameter> with;
        with.push_back(octets(0x01, {1}));
        auto done =
            co_await ask_once("switching the SIM's power", service::sim, id, std::move(with));
        if (!done)
            co_return done.error();
    }
    co_return result<void>();
}

task<std::string> qmi_control::iccid()
{
    std::vector<parameter> nothing;
    auto answer = co_await ask_once(
        "asking for the SIM slots", service::sim, get_slot_status, std::move(nothing));
    bool is_unknown = !answer && answer.error() == channel_errc::refused;
    if (is_unknown)  // modems of one slot do not know the question
        co_return std::string();
    if (!answer)
        co_return answer.error();
    const bytes* listed = answer->find(0x10);
    std::vector<slot_status> slots;
    if (listed != nullptr)
        slots = slots_in(*listed);
    for (const slot_status& each : slots)
        if (each.is_active)
            co_return each.iccid;
    co_return std::string();
}

task<platform::registration> qmi_control::registration()
{
    std::vector<parameter> nothing;
    auto answer = co_await ask_once(
        "asking for the network", service::network, get_serving_system, std::move(nothing));
    if (!answer)
        co_return answer.error();
    co_return registration_in(*answer);
}

}  // namespace platform::qmi
