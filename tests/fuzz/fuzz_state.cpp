// Any bytes as what lies on the device's own disk: the daemon's memory, a report, the state of an
// installation. Half of them behind a header that holds, so that what is read behind it is reached.
#include "agent/lpa/journal.hpp"
#include "agent/provision/memory.hpp"
#include "agent/report/event.hpp"
#include "platform/state_file.hpp"
#include "platform/storage.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <unistd.h>

namespace {

void put(const std::string& file, std::string_view content, bool is_whole)
{
    std::filesystem::remove(file);
    std::filesystem::remove(file + ".previous");
    auto written =
        is_whole ? platform::save_state(file, content) : platform::write_file(file, content);
    if (!written)
        std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const std::string directory = "/dev/shm/esim-agent-fuzz." + std::to_string(::getpid());
    static platform::logger log{platform::log_level::error, std::fopen("/dev/null", "w")};
    std::filesystem::create_directories(directory);
    std::string_view text{reinterpret_cast<const char*>(data), size};
    bool is_whole = size > 0 && (data[0] & 1) != 0;

    put(directory + "/provision.json", text, is_whole);
    agent::provision::memory_file file{directory, log};
    if (auto past = file.load()) {
        // What was understood is written and understood again as the same.
        if (!file.save(*past))
            std::abort();
        auto again = file.load();
        if (!again
            || agent::provision::to_json_without_secrets(*again)
                   != agent::provision::to_json_without_secrets(*past))
            std::abort();
    }
    put(directory + "/lpa.json", text, is_whole);
    (void)agent::lpa::journal(directory).find("digest");
    if (auto report = agent::report::read_report(std::string(text)))
        (void)agent::report::to_gigastore(*report);
    std::filesystem::remove_all(directory);
    return 0;
}
