#include "agent/provision/provisioning_files.hpp"

#include "agent/base/digest.hpp"
#include "agent/base/redact.hpp"
#include "platform/storage.hpp"

#include <algorithm>
#include <filesystem>

namespace agent::provision {
namespace {

constexpr std::size_t most_taken = 16;

/// A file that lies there: what it wants, and what it is known by.
struct found_file {
    result<wanted> what;
    std::string digest;  // of its name, time and content; its name, if that cannot be read
};

/// The same content put there anew is another order.
std::string digest_of(const std::string& file, const std::string& content)
{
    std::error_code ignored;
    auto time = std::filesystem::last_write_time(file, ignored).time_since_epoch().count();
    return platform::to_hex(
        sha256(platform::view_of(file + "\n" + std::to_string(time) + "\n" + content)));
}

found_file read_one(const std::string& file)
{
    auto content = platform::read_regular_file(file);
    if (!content)
        return {content.error(), file};
    found_file out{parse_provisioning_file(file, *content), digest_of(file, *content)};
    platform::wipe(content->data(), content->size());
    return out;
}

void remember(std::vector<std::string>& taken, const std::string& digest)
{
    taken.push_back(digest);
    if (taken.size() > most_taken)
        taken.erase(taken.begin());
}

}  // namespace

std::string take_provisioning_files(const std::string& directory, std::vector<std::string>& taken,
    const std::function<void(wanted)>& order, const std::function<bool()>& save,
    platform::logger& log)
{
    std::string trouble;
    auto files = platform::list_files(directory, ".xml");
    if (!files) {
        log.warning(files.error().message());
        return trouble;
    }
    for (const std::string& file : *files) {
        auto [what, digest] = read_one(file);
        bool is_known = std::ranges::find(taken, digest) != taken.end();
        if (!what)
            trouble = words_of(what.error());
        if (!what && is_known)
            continue;
        if (!is_known)
            remember(taken, digest);
        if (!what) {
            log.error("provisioning file not taken: " + trouble);
            save();
            continue;
        }
        if (!is_known) {
            log.info("taking the provisioning file " + file);
            order(std::move(*what));
        }
        // It is the only copy until the order is on disk.
        bool is_kept = save();
        if (!is_kept) {
            trouble = file + " stays until its order can be written down";
            continue;
        }
        // A medium that cannot be written is remembered instead; once the file is gone, the same
        // one may come again.
        auto wiped = platform::wipe_file(file);
        if (wiped) {
            std::erase(taken, digest);
            save();
        } else if (!is_known) {
            log.warning("remove the provisioning file by hand: " + words_of(wiped.error()));
        }
    }
    return trouble;
}

}  // namespace agent::provision
