#include "platform/state_file.hpp"

#include "platform/storage.hpp"

#include <boost/crc.hpp>

#include <cstdio>
#include <filesystem>

namespace platform {
namespace {

constexpr std::string_view magic = "esim-agent-state 1 ";

unsigned checksum(std::string_view content)
{
    boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
    crc.process_bytes(content.data(), content.size());
    return crc.checksum();
}

/// "esim-agent-state 1 LENGTH CRC\n".
std::string header_of(std::string_view content)
{
    char text[64];
    std::snprintf(text, sizeof text, "%zu %08x\n", content.size(), checksum(content));
    return std::string(magic) + text;
}

/// What follows the header, if it is whole.
std::optional<std::string> content_of(const std::string& file)
{
    auto end = file.find('\n');
    if (end == std::string::npos)
        return std::nullopt;
    std::string content = file.substr(end + 1);
    if (file.substr(0, end + 1) != header_of(content))
        return std::nullopt;
    return content;
}

}  // namespace

result<void> save_state(const std::string& path, std::string_view content)
{
    std::error_code ec;
    auto directory = std::filesystem::path(path).parent_path();
    if (!std::filesystem::exists(directory, ec)) {
        std::filesystem::create_directories(directory, ec);
        if (ec)
            return failure(error_code(ec.value(), boost::system::system_category()),
                "making the directory " + directory.string());
        std::filesystem::permissions(directory, std::filesystem::perms::owner_all, ec);
    }
    auto newest = read_file(path);
    auto known = newest ? content_of(*newest) : std::nullopt;
    if (known && *known == content)
        return {};
    if (known)
        if (auto kept = write_file(path + ".previous", *newest); !kept)
            return kept.error();
    return write_file(path, header_of(content) + std::string(content));
}

result<std::optional<std::string>> load_state(const std::string& path)
{
    bool is_there = false;
    for (const std::string& each : {path, path + ".previous"}) {
        auto file = read_file(each);
        bool is_missing =
            !file && file.error().code() == boost::system::errc::no_such_file_or_directory;
        if (is_missing)
            continue;
        if (!file)
            return file.error();
        is_there = true;
        if (auto content = content_of(*file))
            return content;
    }
    if (is_there)
        return failure(boost::system::errc::illegal_byte_sequence,
            path + " is damaged, and so is the generation before it");
    return std::optional<std::string>();
}

}  // namespace platform
