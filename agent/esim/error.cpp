#include "agent/esim/error.hpp"

namespace agent::esim {
namespace {

using platform::error_entry, platform::failure_class;

constexpr error_entry esim_entries[] = {
    {errc::code_unreadable, failure_class::obstructed, "malformed_answer",
        "Gigastore's activation code cannot be used",
        "Ask Gigastore's support to look at this eSIM."},
};

}  // namespace

const platform::error_room& category() noexcept
{
    static const platform::error_room room{"order", esim_entries};
    return room;
}

}  // namespace agent::esim
