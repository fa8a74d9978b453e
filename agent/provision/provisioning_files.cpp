#include "agent/provision/provisioning_files.hpp"

#include "agent/base/digest.hpp"
#include "agent/base/redact.hpp"
#include "platform/storage.hpp"

#include <algorithm>

namespace agent::provision {
namespace {

constexpr std::size_t most_taken = 16;

/// A file that lies there: what it wants, and what it is known by.
struct found_file {
    result<wanted> what;
    std::string digest;  // of its name and content; its name, if that cannot be read
};

found_file read_one(const std::string& file)
{
    auto content = platform::read_regular_file(file);
    if (!content)
        return {content.error(), file};
    platform::wiped_string known(file + "\n");
    known += *content;
    return {parse_provisioning_file(file, *content),
        platform::to_hex(sha256(platform::view_of(known)))};
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
    std::vector<std::string> there;
    for (const std::string& file : *files) {
        auto [what, digest] = read_one(file);
        there.push_back(digest);
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
    // What is gone may come again: the same content put there anew is another order.
    auto gone = std::erase_if(taken, [&there](const std::string& each) {
        return std::ranges::find(there, each) == there.end();
    });
    if (gone != 0)
        save();
    return trouble;
}

}  // namespace agent::provision
