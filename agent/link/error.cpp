#include "agent/link/error.hpp"

namespace agent::link {
namespace {

using platform::error_entry, platform::failure_class;

constexpr error_entry link_entries[] = {
    {errc::no_room, failure_class::wrong_state, "too_many_links",
        "as many links are out as there may be",
        "Revoke some: 'esim-agent link list' shows them, 'esim-agent link revoke ID' ends one."},
    {errc::none, failure_class::not_found, "unknown_link", "there is no such link",
        "'esim-agent link list' shows those there are."},
};

}  // namespace

const platform::error_room& category() noexcept
{
    static const platform::error_room room{"link", link_entries};
    return room;
}

}  // namespace agent::link
