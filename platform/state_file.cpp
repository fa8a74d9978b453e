#include "platform/state_file.hpp"

#include "platform/error.hpp"
#include "platform/storage.hpp"

#include <boost/crc.hpp>

#include <cstdio>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

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
std::optional<wiped_string> content_of(const wiped_string& file)
{
    std::string_view all = file;
    auto end = all.find('\n');
    if (end == all.npos)
        return std::nullopt;
    std::string_view content = all.substr(end + 1);
    if (all.substr(0, end + 1) != header_of(content))
        return std::nullopt;
    return wiped_string(content);
}

/// Makes the directory of `path`, unless it is there.
result<void> make_directory(const std::string& path)
{
    std::error_code ec;
    auto directory = std::filesystem::path(path).parent_path();
    if (std::filesystem::exists(directory, ec))
        return {};
    auto above = directory.parent_path();
    std::filesystem::create_directories(directory, ec);
    if (ec)
        return failure(error_code(ec.value(), boost::system::system_category()),
            "making the directory " + directory.string());
    std::filesystem::permissions(directory, std::filesystem::perms::owner_all, ec);
    own_as(directory.string(), above.string());
    return {};
}

/// Keeps what is damaged out of the way, for whoever wants to look at it.
void set_aside(const std::string& path)
{
    std::error_code ignored;
    std::filesystem::rename(path, path + ".damaged", ignored);
}

failure damaged_file(const std::string& path, const std::string& rest)
{
    return {errc::damaged, path + " is damaged" + rest};
}

result<void> write_framed(const std::string& path, std::string_view content)
{
    wiped_string all{header_of(content)};
    all += content;
    return write_file(path, all, ownership::of_directory);
}

}  // namespace

result<void> save_state(const std::string& path, std::string_view content)
{
    if (auto made = make_directory(path); !made)
        return made.error();
    auto newest = read_regular_file(path);
    auto known = newest ? content_of(*newest) : std::nullopt;
    if (known && *known == content)
        return {};
    if (known)
        if (auto kept = write_file(path + ".previous", *newest, ownership::of_directory); !kept)
            return kept.error();
    return write_framed(path, content);
}

void own_as(const std::string& made, const std::string& like)
{
    struct stat about {};
    bool is_root = ::geteuid() == 0 && ::stat(like.c_str(), &about) == 0;
    if (is_root && about.st_uid != 0 && ::chown(made.c_str(), about.st_uid, about.st_gid) != 0)
        return;  // then its program will say that it cannot read it
}

result<std::optional<wiped_string>> load_state(
    const std::string& path, std::string* word, damage damaged)
{
    bool is_there = false;
    failure unreadable;  // by an error of the disk, say: the other generation may serve
    for (const std::string& each : {path, path + ".previous"}) {
        auto file = read_regular_file(each);
        bool is_missing =
            !file && file.error().code() == boost::system::errc::no_such_file_or_directory;
        if (is_missing)
            continue;
        if (!file && unreadable.code() == error_code())
            unreadable = file.error();
        auto content = file ? content_of(*file) : std::nullopt;
        if (content && is_there && word != nullptr)
            *word = "the generation before it is used: "
                    + damaged_file(path, " (kept as *.damaged)").detail();
        if (content)
            return content;
        is_there = true;
        if (file && damaged == damage::set_aside)
            set_aside(each);
    }
    if (unreadable.code())
        return unreadable;
    if (is_there)
        return damaged_file(path, ", and so is the generation before it");
    return std::optional<wiped_string>();
}

result<void> save_once(const std::string& path, std::string_view content)
{
    if (auto made = make_directory(path); !made)
        return made.error();
    return write_framed(path, content);
}

result<std::string> load_once(const std::string& path)
{
    auto file = read_regular_file(path);
    if (!file)
        return file.error();
    auto content = content_of(*file);
    if (content)
        return std::string(*content);
    set_aside(path);
    return damaged_file(path, "; it is kept as " + path + ".damaged");
}

}  // namespace platform
