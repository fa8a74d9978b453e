#include "agent/esim/error.hpp"

namespace agent::esim {
namespace {

using platform::error_entry, platform::failure_class;

constexpr error_entry esim_entries[] = {
    {errc::code_unreadable, failure_class::obstructed, "malformed_answer",
        "Gigastore's activation code cannot be used",
        "Ask Gigastore's support to look at this eSIM."},
    {errc::hook_trouble, failure_class::may_pass, "installer_trouble",
        "the program that installs profiles failed",
        "Try again; 'echo {} | PROGRAM list' shows what it says by itself, and --log-level info "
        "what it said here."},
    {errc::not_by_hook, failure_class::usage, "not_by_installer",
        "the program that installs profiles does not do that",
        "It lists, installs, enables, disables and deletes profiles (esim-agent-hook(7))."},
};

}  // namespace

const platform::error_room& category() noexcept
{
    static const platform::error_room room{"order", esim_entries};
    return room;
}

}  // namespace agent::esim
