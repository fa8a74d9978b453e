#include "platform/segment_memory.hpp"

#include "platform/storage.hpp"

#include <charconv>

namespace platform {

std::size_t segment_memory::recall() const
{
    auto text = read_regular_file(file_);
    if (!text)
        return 0;
    std::size_t size = 0;
    const char* end = text->data() + text->size();
    auto [rest, ec] = std::from_chars(text->data(), end, size);
    bool is_ours = ec == std::errc() && std::string_view(rest, end) == " " + path_ + "\n";
    return is_ours ? size : 0;
}

result<void> segment_memory::remember(std::size_t octets) const
{
    return file_.empty() ? result<void>()
                         : write_file(file_, std::to_string(octets) + " " + path_ + "\n");
}

}  // namespace platform
