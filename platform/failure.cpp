#include "platform/failure.hpp"

#include <boost/system/system_error.hpp>

#include <cerrno>

namespace platform {

std::string failure::message() const
{
    return detail_.empty() ? code_.message() : code_.message() + " (" + detail_ + ")";
}

std::ostream& operator<<(std::ostream& out, const failure& what)
{
    return out << what.code().category().name() << ": " << what.message();
}

failure last_system_failure(std::string doing)
{
    return {error_code(errno, boost::system::system_category()), std::move(doing)};
}

void throw_exception_from_error(const failure& what, const boost::source_location&)
{
    throw boost::system::system_error(what.code(), what.detail());
}

}  // namespace platform
