#include "platform/error.hpp"

namespace platform {
namespace {

constexpr error_entry error_entries[] = {
    {errc::usage, failure_class::usage, "usage", "this makes no sense"},
    {errc::configuration, failure_class::configuration, "configuration",
        "the configuration is wrong"},
    {errc::declined, failure_class::interrupted, "interrupted", "not done"},
    {errc::no_terminal, failure_class::usage, "usage", "there is no terminal to ask on"},
    {errc::in_use, failure_class::busy, "busy", "in use",
        "End it first, or ask it: 'esim-agent status'."},
    {errc::damaged, failure_class::internal, "damaged", "a damaged file"},
    {errc::not_durable, failure_class::internal, "not_durable", "it cannot be kept",
        "Free some space, or see to the state directory's disk."},
    {errc::output_stuck, failure_class::may_pass, "timeout", "it takes nothing",
        "Switch it on, see to its paper and cable, then try again."},
    {errc::too_long, failure_class::usage, "usage", "too long for any QR"},
};

}  // namespace

const error_room& category() noexcept
{
    static const error_room room{"agent", error_entries, true};
    return room;
}

}  // namespace platform
