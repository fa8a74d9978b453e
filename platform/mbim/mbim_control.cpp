#include "platform/mbim/mbim_control.hpp"

#include "platform/little_endian.hpp"

namespace platform::mbim {
namespace {

constexpr std::uint32_t subscriber_ready_status = 2;
constexpr std::uint32_t register_state = 9;
constexpr std::uint32_t uicc_reset = 6;

constexpr std::chrono::milliseconds limit{10'000};
constexpr std::chrono::milliseconds reset_limit{60'000};  // it detaches from the network first

}  // namespace

platform::registration registration_in(byte_view information)
{
    constexpr std::size_t state = 4;
    constexpr std::size_t provider_id = 20;
    constexpr std::size_t provider_name = 28;
    platform::registration out;
    switch (le32_at(information, state)) {
    case 1: out.state = registration_state::none; break;
    case 2: out.state = registration_state::searching; break;
    case 3: out.state = registration_state::home; break;
    case 4:
    case 5: out.state = registration_state::roaming; break;  // 5: at a partner's
    case 6: out.state = registration_state::denied; break;
    default: break;
    }
    if (!out.is_registered())
        return out;
    out.network = text_in(offset_field(information, provider_name));
    if (out.network.empty())
        out.network = text_in(offset_field(information, provider_id));
    return out;
}

task<void> mbim_control::refresh()
{
    command asked;
    asked.of = uicc_access;
    asked.id = uicc_reset;
    asked.is_set = true;
    append_le32(asked.information, 0);  // an ordinary card, as before
    auto done = co_await port_.demand("resetting the card", std::move(asked), reset_limit);
    if (!done)
        co_return done.error();
    co_return result<void>();
}

task<std::string> mbim_control::iccid()
{
    command asked;
    asked.of = basic_connect;
    asked.id = subscriber_ready_status;
    auto told = co_await port_.demand("asking for the ICCID", std::move(asked), limit);
    if (!told)
        co_return told.error();
    constexpr std::size_t sim_iccid = 12;
    co_return text_in(offset_field(*told, sim_iccid));
}

task<platform::registration> mbim_control::registration()
{
    command asked;
    asked.of = basic_connect;
    asked.id = register_state;
    auto told = co_await port_.demand("asking for the network", std::move(asked), limit);
    if (!told)
        co_return told.error();
    co_return registration_in(*told);
}

}  // namespace platform::mbim
