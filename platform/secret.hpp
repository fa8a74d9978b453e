#pragma once

#include <cstddef>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace platform {

/// Overwrites `size` bytes so that no compiler takes it for a dead store.
void wipe(void* data, std::size_t size) noexcept;

/// An allocator that wipes memory before it gives it back: for containers through
/// which secrets pass (HTTP bodies, headers, parsed JSON).
template <class T>
struct wiping_allocator {
    using value_type = T;

    wiping_allocator() = default;
    template <class U>
    wiping_allocator(const wiping_allocator<U>&) noexcept
    {
    }

    T* allocate(std::size_t count) { return std::allocator<T>{}.allocate(count); }
    void deallocate(T* data, std::size_t count) noexcept
    {
        wipe(data, count * sizeof(T));
        std::allocator<T>{}.deallocate(data, count);
    }

    template <class U>
    bool operator==(const wiping_allocator<U>&) const noexcept
    {
        return true;
    }
};

/// A text that leaves no copy of itself behind on the heap; for long ones only, since a short
/// one lives inside the object. Where one may be short, begin with reserve().
using wiped_string = std::basic_string<char, std::char_traits<char>, wiping_allocator<char>>;

/// A token, a client secret, an activation code: prints as "[redacted]", is wiped after use.
class secret {
public:
    secret() = default;
    explicit secret(std::string_view text) : text_(text.begin(), text.end()) {}
    secret(const secret&) = default;
    secret(secret&&) noexcept = default;
    // A vector that is copied into keeps its memory, and what it held there.
    secret& operator=(const secret& other) { return *this = secret(other); }
    secret& operator=(secret&&) noexcept = default;
    ~secret() = default;

    bool empty() const { return text_.empty(); }
    /// The secret itself: for the wire, a mode-0600 file, or eyes that asked for it.
    std::string_view reveal() const { return {text_.data(), text_.size()}; }
    friend bool operator==(const secret&, const secret&) = default;

private:
    // No string: that would keep short texts inside itself, also after they were moved.
    std::vector<char, wiping_allocator<char>> text_;
};

std::ostream& operator<<(std::ostream& out, const secret&);

/// Takes the places of standard input, output and error if one was closed, so that no file
/// opened later gets what is written there; writing there fails.
void occupy_standard_descriptors() noexcept;

/// Keeps this process's memory out of core dumps and from other processes of the same user.
void forbid_core_dumps() noexcept;

}  // namespace platform
