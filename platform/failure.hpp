#pragma once

#include <boost/system/errc.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/is_error_code_enum.hpp>
#include <boost/system/is_error_condition_enum.hpp>

#include <ostream>
#include <string>
#include <type_traits>

namespace platform {

using boost::system::error_code;

/// What went wrong: a code to act on, and words for the human who reads it
/// (what the other side said, or the file and line). Never holds a secret.
///
/// Not an aggregate: GCC 12 destroys those twice beside co_await (CONTRIBUTING.md).
class failure {
public:
    failure() = default;
    failure(error_code code, std::string detail = {}) : code_(code), detail_(std::move(detail)) {}

    template <class Enum>
    requires(boost::system::is_error_code_enum<Enum>::value
             || boost::system::is_error_condition_enum<Enum>::value)
        failure(Enum code, std::string detail = {})
        : failure(make_error_code(code), std::move(detail))
    {
    }

    const error_code& code() const { return code_; }
    const std::string& detail() const { return detail_; }

    /// The code in words, then the detail in brackets if there is one.
    std::string message() const;

    friend bool operator==(const failure& left, const error_code& right)
    {
        return left.code_ == right;
    }

private:
    error_code code_;
    std::string detail_;
};

std::ostream& operator<<(std::ostream& out, const failure& what);

/// The failure that errno names, with what was being done.
failure last_system_failure(std::string doing);

/// Called by result::value() when there is none; a bug in the caller.
[[noreturn]] void throw_exception_from_error(const failure& what, const boost::source_location&);

}  // namespace platform
