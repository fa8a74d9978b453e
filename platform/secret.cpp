#include "platform/secret.hpp"

#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace platform {

void wipe(void* data, std::size_t size) noexcept
{
    ::explicit_bzero(data, size);
}

std::ostream& operator<<(std::ostream& out, const secret&)
{
    return out << "[redacted]";
}

void occupy_standard_descriptors() noexcept
{
    int opened = 0;
    while (opened >= 0 && opened <= STDERR_FILENO)
        opened = ::open("/dev/null", O_RDONLY);
    if (opened >= 0)
        ::close(opened);
}

void forbid_core_dumps() noexcept
{
    rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
#if !defined(__SANITIZE_ADDRESS__)  // LeakSanitizer attaches to its own process
    ::prctl(PR_SET_DUMPABLE, 0);
#endif
}

}  // namespace platform
