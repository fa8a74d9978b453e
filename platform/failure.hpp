#pragma once

#include <boost/system/errc.hpp>
#include <boost/system/error_category.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/is_error_code_enum.hpp>
#include <boost/system/is_error_condition_enum.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace platform {

using boost::system::error_code;

/// What the caller can do about a failure. Everything that decides (another try, an exit status, an
/// HTTP status) asks for this and nothing else.
enum class failure_class {
    internal,       // nobody foresaw it, or this machine is at its limits
    usage,          // ask for something else
    configuration,  // correct the configuration, or a file that it names
    not_found,      // there is none of that name
    credentials,    // get other credentials, or wider ones
    may_pass,       // the same again, soon, may do
    obstructed,   // the same again will do once something in the way is gone: a login page, a clock
    card,         // see to the modem, the reader or the card
    busy,         // wait for whoever has it
    wrong_state,  // something else has to be done first
    refused,      // refused for good
    forbidden,    // a rule forbids it
    confirmation,   // a person has to give a confirmation code
    unknown,        // look at what became of it before anything else
    interrupted,    // somebody did not want it any more
    nothing_to_do,  // it is so already
};

/// The class as a word for programs: "may_pass".
const char* name_of(failure_class kind);
/// The class of that name; nothing if there is none.
std::optional<failure_class> failure_class_from(std::string_view name);

/// What one value of an errc means: stated beside the enum that it belongs to.
struct error_entry {
    template <class Enum>
    constexpr error_entry(Enum code, failure_class its_class, const char* its_name,
        const char* its_words, const char* its_advice = "")
        : value(static_cast<int>(code))
        , kind(its_class)
        , name(its_name)
        , words(its_words)
        , advice(its_advice)
    {
    }

    int value;
    failure_class kind;
    const char* name;    // a word for programs: "not_found"
    const char* words;   // for people
    const char* advice;  // what to do next; may be empty
};

/// The error category of a room: its errc values with their meanings. Lives as long as the program.
class error_room final : public boost::system::error_category {
public:
    /// `detail_says_all`: a failure's detail replaces the entry's words instead of following them.
    error_room(
        const char* name, std::span<const error_entry> entries, bool detail_says_all = false);

    const char* name() const noexcept override { return name_; }
    std::string message(int value) const override;
    const error_entry* find(int value) const;
    /// The first of that name; null if there is none.
    const error_entry* named(std::string_view name) const;
    bool detail_says_all() const { return detail_says_all_; }

    /// The room that a code belongs to; null for the system's and other libraries' codes.
    static const error_room* of(const error_code& code);

private:
    const char* name_;
    std::span<const error_entry> entries_;
    bool detail_says_all_;
    const error_room* next_;  // rooms are told apart without RTTI
};

/// What stood behind a failure, as far as somebody said so.
struct failure_cause {
    std::string subject{};               // SGP.22, 5.2.6: "8.2.6"
    std::string reason{};                // "3.8"
    int http_status = 0;                 // 0: none
    std::string euicc_result{};          // what the card answered, as SGP.22 numbers it: "10"
    std::chrono::seconds retry_after{};  // what a server asked for; 0: nothing
};

/// What a failure means, when another process or an earlier run told it: as it was told.
struct told_meaning {
    failure_class kind = failure_class::internal;
    std::string name{};
    std::string advice{};
};

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

    /// A failure that was told, with the meaning that it had there.
    static failure retold(told_meaning meaning, std::string words);

    /// The same, with what stood behind it.
    failure because(failure_cause cause) &&;
    /// The same failure, said in other words.
    failure saying(std::string detail) const;
    /// The same failure, with words before its detail: "proxy: ".
    failure after(const std::string& words) const { return saying(words + detail_); }

    const error_code& code() const { return code_; }
    const std::string& detail() const { return detail_; }
    failure_class kind() const;
    /// A word for programs: "not_found".
    std::string name() const;
    /// What to do next, as the room of the code has it; may be empty.
    std::string advice() const;
    /// What stood behind it; null if nobody said.
    const failure_cause* cause() const { return cause_.get(); }
    /// How it was told, if it was.
    const told_meaning* told() const { return told_.get(); }

    /// The whole in words, on one line.
    std::string message() const;

    friend bool operator==(const failure& left, const error_code& right)
    {
        return left.code_ == right;
    }

private:
    error_code code_;
    std::string detail_;
    std::shared_ptr<const failure_cause> cause_;
    std::shared_ptr<const told_meaning> told_;
};

std::ostream& operator<<(std::ostream& out, const failure& what);

/// The failure that errno names, with what was being done.
failure last_system_failure(std::string doing);

/// Called by result::value() when there is none; a bug in the caller.
[[noreturn]] void throw_exception_from_error(const failure& what, const boost::source_location&);

}  // namespace platform
