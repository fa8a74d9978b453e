// Any bytes as a configuration file.
#include "agent/config/config.hpp"

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const std::string file = "/tmp/esim-agent-fuzz." + std::to_string(::getpid()) + ".xml";
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
    agent::config settings;
    auto read = agent::read_xml(file, settings);
    if (!read && read.error().detail().empty())
        std::abort();  // a refusal without a reason
    (void)agent::check(settings);
    ::unlink(file.c_str());
    return 0;
}
