#pragma once

#include <cstddef>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>

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

/// A text that leaves no copy of itself behind on the heap. Short texts live inside the
/// object itself; secret wipes those too.
using wiped_string = std::basic_string<char, std::char_traits<char>, wiping_allocator<char>>;

/// A token, a client secret, an activation code: prints as "[redacted]", is wiped after use.
class secret {
public:
    secret() = default;
    explicit secret(std::string_view text) : text_(text) {}
    ~secret() { wipe_inline(); }

    secret(const secret&) = default;
    secret& operator=(const secret& other)
    {
        if (this != &other) {
            wipe_inline();
            text_ = other.text_;
        }
        return *this;
    }
    secret(secret&& other) noexcept : text_(std::move(other.text_)) { other.forget(); }
    secret& operator=(secret&& other) noexcept
    {
        if (this != &other) {
            wipe_inline();
            text_ = std::move(other.text_);
            other.forget();
        }
        return *this;
    }

    bool empty() const { return text_.empty(); }
    /// The secret itself: for the wire, a mode-0600 file, or eyes that asked for it.
    std::string_view reveal() const { return text_; }
    friend bool operator==(const secret& left, const secret& right)
    {
        return left.text_ == right.text_;
    }

private:
    void wipe_inline() noexcept { wipe(text_.data(), text_.size()); }
    void forget() noexcept
    {
        wipe_inline();
        text_.clear();
    }

    wiped_string text_;
};

std::ostream& operator<<(std::ostream& out, const secret&);

/// Keeps this process's memory out of core dumps and from other processes of the same user.
void forbid_core_dumps() noexcept;

}  // namespace platform
