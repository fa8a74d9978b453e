#include "tests/support/temporary.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <sys/stat.h>

namespace tests {

temporary_directory::temporary_directory()
{
    path_ = std::filesystem::temp_directory_path() / "esim-agent-test.XXXXXX";
    if (::mkdtemp(path_.data()) == nullptr)
        throw std::runtime_error("no temporary directory");
}

temporary_directory::~temporary_directory()
{
    std::error_code ec;
    std::filesystem::remove_all(path_, ec);
}

std::string temporary_directory::write(
    const std::string& name, const std::string& content, unsigned mode) const
{
    std::string file = path_ + "/" + name;
    std::filesystem::create_directories(std::filesystem::path(file).parent_path());
    std::ofstream(file, std::ios::binary) << content;
    ::chmod(file.c_str(), mode);
    return file;
}

}  // namespace tests
