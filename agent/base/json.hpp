#pragma once

#include "agent/base/vocabulary.hpp"
#include "platform/secret.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace agent {

namespace json = boost::json;

// Boost.JSON's own in 1.81, Boost.Container's in later versions.
using memory_resource = std::remove_pointer_t<decltype(json::storage_ptr().get())>;

/// Memory for JSON that holds secrets: wiped when it is freed. Texts are to be made in place, since
/// what is made elsewhere and copied leaves its first copy behind.
class wiping_resource final : public memory_resource {
    void* do_allocate(std::size_t size, std::size_t) override { return ::operator new(size); }
    void do_deallocate(void* data, std::size_t size, std::size_t) override
    {
        platform::wipe(data, size);
        ::operator delete(data);
    }
    bool do_is_equal(const memory_resource& other) const noexcept override
    {
        return this == &other;
    }
};

/// A parsed JSON answer and the memory it lives in, which is wiped when it is freed: answers
/// hold codes and tokens. At most 16 levels deep.
class json_document {
public:
    explicit json_document(std::string_view body);

    /// Null if it is not JSON, or was cut off.
    const json::value* root() const { return failed_ ? nullptr : &root_; }

private:
    json::value parse(std::string_view body);

    wiping_resource wiping_;
    json::monotonic_resource pool_;
    bool failed_ = false;
    json::value root_;
};

// The members of an object, as far as they are there and of the kind that was asked for; absent
// and null are the same.

const json::value* member(const json::value& parent, std::string_view name);
std::string_view text_view(const json::value& parent, std::string_view name);
std::string text(const json::value& parent, std::string_view name);
std::optional<double> number(const json::value& parent, std::string_view name);
/// A number that is not negative, without its fraction.
std::optional<int> whole_number(const json::value& parent, std::string_view name);
/// The same up to 2^53, for times and counters.
std::optional<std::int64_t> long_number(const json::value& parent, std::string_view name);

/// The text, or null if it is empty.
inline json::value or_null(const std::string& text)
{
    return text.empty() ? json::value() : json::value(text);
}

/// An object that holds secrets as text, which is wiped when it is freed.
platform::wiped_string wiped_json(const json::object& document);

/// A JSON document as text, with numbers as people write them (3.41, not 3.41E0).
std::string json_text(const json::value& document);

}  // namespace agent
