#include "platform/process_stats.hpp"

#include "platform/storage.hpp"

#include <cstdio>
#include <filesystem>
#include <unistd.h>

namespace platform {

process_stats read_process_stats()
{
    process_stats out;
    auto text = read_file("/proc/self/statm");
    unsigned long all = 0;
    unsigned long resident = 0;
    bool is_known = text && std::sscanf(text->c_str(), "%lu %lu", &all, &resident) == 2;
    if (is_known)
        out.resident_octets =
            static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE));
    std::error_code ec;
    for (auto each = std::filesystem::directory_iterator("/proc/self/fd", ec);
         !ec && each != std::filesystem::directory_iterator(); each.increment(ec))
        ++out.open_files;
    return out;
}

}  // namespace platform
