// Any bytes as what people hand over in files: a batch's list and its results, a provisioning file;
// and as a URL and an MQTT topic.
#include "agent/cli/batch/batch_list.hpp"
#include "agent/net/url.hpp"
#include "agent/provision/wanted.hpp"
#include "agent/report/mqtt.hpp"
#include "platform/storage.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const std::string directory = "/dev/shm/esim-agent-fuzz." + std::to_string(::getpid());
    std::filesystem::create_directories(directory);
    std::string_view text{reinterpret_cast<const char*>(data), size};
    std::string file = directory + "/list.csv";
    if (!platform::write_file(file, text))
        std::abort();
    if (auto list = agent::cli::batch_list::read(file, directory + "/results.csv")) {
        // Its results belong to it.
        if (!list->save() || !agent::cli::batch_list::read(file, directory + "/results.csv"))
            std::abort();
    } else if (list.error().detail().empty()) {
        std::abort();  // a refusal without a reason
    }
    (void)agent::cli::batch_list::read(file, file);
    auto wanted = agent::provision::parse_provisioning_file("file", text);
    if (!wanted && wanted.error().detail().empty())
        std::abort();
    (void)agent::net::parse_url(text);
#ifdef ESIM_AGENT_MQTT
    // Nothing that came from a card or a server adds a level or a wildcard.
    agent::report::device_identity hostile{
        std::string(text), agent::iccid::from(text), std::string(text)};
    std::string topic = agent::report::topic_of("a/{eid}/{iccid}/{uid}", hostile);
    if (std::count(topic.begin(), topic.end(), '/') != 3
        || topic.find_first_of(std::string("+#\0", 3)) != std::string::npos)
        std::abort();
#endif
    std::filesystem::remove_all(directory);
    return 0;
}
