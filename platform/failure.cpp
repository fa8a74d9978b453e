#include "platform/failure.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>

namespace platform {
namespace {

using boost::system::generic_category, boost::system::system_category;

constexpr std::array class_names{"internal", "usage", "configuration", "not_found", "credentials",
    "may_pass", "obstructed", "card", "busy", "wrong_state", "refused", "forbidden", "confirmation",
    "unknown", "interrupted", "nothing_to_do"};

constexpr const char* file_advice =
    "Check the path, and whether this user may go there ('ls -ld', 'id').";
constexpr const char* network_advice = "Check the network, then try again.";

// What the system's own errors mean, for those that no room has named better.
constexpr error_entry system_entries[] = {
    {ECANCELED, failure_class::interrupted, "interrupted", ""},
    {EINTR, failure_class::interrupted, "interrupted", ""},
    {ENOENT, failure_class::usage, "no_such_file", "", file_advice},
    {ENOTDIR, failure_class::usage, "no_such_file", "", file_advice},
    {EISDIR, failure_class::usage, "no_such_file", "", file_advice},
    {ENAMETOOLONG, failure_class::usage, "no_such_file", "", file_advice},
    {EACCES, failure_class::usage, "permission_denied", "", file_advice},
    {EPERM, failure_class::usage, "permission_denied", "", file_advice},
    {EROFS, failure_class::usage, "read_only", "",
        "Name a place that can be written, or mount it for writing."},
    {ENOSPC, failure_class::internal, "no_space", "", "Free some space, then try again."},
    {EDQUOT, failure_class::internal, "no_space", "", "Free some space, then try again."},
    {EBUSY, failure_class::busy, "busy", "", "Find out who has it ('fuser -v FILE'), and end it."},
    {EADDRINUSE, failure_class::busy, "busy", "", "'ss -lxntp' shows who has it."},
    {EAGAIN, failure_class::may_pass, "try_again", "", "Try again in a moment."},
    {ETIMEDOUT, failure_class::may_pass, "timeout", "", network_advice},
    {ECONNREFUSED, failure_class::may_pass, "unreachable", "", network_advice},
    {ECONNRESET, failure_class::may_pass, "unreachable", "", network_advice},
    {ECONNABORTED, failure_class::may_pass, "unreachable", "", network_advice},
    {EPIPE, failure_class::may_pass, "unreachable", "", network_advice},
    {ENETUNREACH, failure_class::may_pass, "unreachable", "", network_advice},
    {EHOSTUNREACH, failure_class::may_pass, "unreachable", "", network_advice},
    {ENETDOWN, failure_class::may_pass, "unreachable", "", network_advice},
};
constexpr error_entry unforeseen{0, failure_class::internal, "internal", ""};

/// The rooms that have shown a code so far; each is made before its first code.
const error_room* first_room = nullptr;

const error_entry& meaning_of(const error_code& code)
{
    const error_room* room = error_room::of(code);
    const error_entry* found = room != nullptr ? room->find(code.value()) : nullptr;
    bool is_system = code.category() == system_category() || code.category() == generic_category();
    if (found == nullptr && is_system)
        if (auto at = std::ranges::find(system_entries, code.value(), &error_entry::value);
            at != std::end(system_entries))
            found = at;
    return found != nullptr ? *found : unforeseen;
}

}  // namespace

const char* name_of(failure_class kind)
{
    return class_names[static_cast<std::size_t>(kind)];
}

std::optional<failure_class> failure_class_from(std::string_view name)
{
    auto found = std::ranges::find(class_names, name);
    if (found == class_names.end())
        return std::nullopt;
    return static_cast<failure_class>(found - class_names.begin());
}

error_room::error_room(const char* name, std::span<const error_entry> entries, bool detail_says_all)
    : name_(name), entries_(entries), detail_says_all_(detail_says_all), next_(first_room)
{
    first_room = this;
}

std::string error_room::message(int value) const
{
    const error_entry* found = find(value);
    return found != nullptr ? found->words : "unknown error";
}

const error_entry* error_room::find(int value) const
{
    auto found = std::ranges::find(entries_, value, &error_entry::value);
    return found == entries_.end() ? nullptr : &*found;
}

const error_entry* error_room::named(std::string_view name) const
{
    auto found = std::ranges::find(entries_, name, &error_entry::name);
    return found == entries_.end() ? nullptr : &*found;
}

const error_room* error_room::of(const error_code& code)
{
    for (const error_room* each = first_room; each != nullptr; each = each->next_)
        if (code.category() == *each)
            return each;
    return nullptr;
}

failure failure::retold(told_meaning meaning, std::string words)
{
    failure out(error_code(EPROTO, generic_category()), std::move(words));
    out.told_ = std::make_shared<const told_meaning>(std::move(meaning));
    return out;
}

failure failure::because(failure_cause cause) &&
{
    cause_ = std::make_shared<const failure_cause>(std::move(cause));
    return std::move(*this);
}

failure failure::saying(std::string detail) const
{
    failure out = *this;
    out.detail_ = std::move(detail);
    return out;
}

failure_class failure::kind() const
{
    return told_ ? told_->kind : meaning_of(code_).kind;
}

std::string failure::name() const
{
    return told_ ? told_->name : meaning_of(code_).name;
}

std::string failure::advice() const
{
    return told_ ? told_->advice : meaning_of(code_).advice;
}

std::string failure::message() const
{
    if (detail_.empty())
        return code_ == boost::asio::error::operation_aborted ? "interrupted" : code_.message();
    // A generic code only repeats what the detail says already, better.
    const error_room* room = error_room::of(code_);
    bool is_said = code_.category() == generic_category() || (room && room->detail_says_all());
    if (is_said)
        return detail_;
    bool is_system = code_.category() == system_category();
    return is_system ? detail_ + ": " + code_.message() : code_.message() + " (" + detail_ + ")";
}

std::ostream& operator<<(std::ostream& out, const failure& what)
{
    return out << what.code().category().name() << ": " << what.message();
}

failure last_system_failure(std::string doing)
{
    return {error_code(errno, system_category()), std::move(doing)};
}

void throw_exception_from_error(const failure& what, const boost::source_location&)
{
    throw boost::system::system_error(what.code(), what.detail());
}

}  // namespace platform
