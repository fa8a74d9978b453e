#pragma once

#include "platform/result.hpp"
#include "platform/secret.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace platform {

/// The whole of a file of at most 1 MiB. A pipe whose other end stays silent ends after 30 s.
result<std::string> read_file(const std::string& path);

/// The same, for a regular file and nothing else: for places where anybody may put things.
/// Wiped once it is freed: it may hold a code.
result<wiped_string> read_regular_file(const std::string& path);

/// A secret from a file, without the white space around it. "-" is standard input.
/// Refuses a file that users other than its owner and group may read or write, saying
/// which chmod fixes it; refuses an empty one. A pipe whose other end stays silent ends at
/// `limit`, standard input only with a signal; nothing else goes on meanwhile.
result<secret> read_secret_file(
    const std::string& path, std::chrono::milliseconds limit = std::chrono::seconds(2));

/// How long somebody may take to hand over what they named on the command line.
constexpr std::chrono::seconds hand_over_limit{30};

/// The regular files in `directory` that end in `ending`, sorted by name. A directory that
/// is not there holds none.
result<std::vector<std::string>> list_files(const std::string& directory, std::string_view ending);

/// Whose a file that root writes is: root's, or that of the directory it lies in.
enum class ownership { of_process, of_directory };

/// What a secret may be written to: anything but another user's pipe or device (root's apart), and
/// a pipe that nobody reads. Says which, and fails with errc::usage.
result<void> may_write_to(const std::string& path);

/// Replaces `path` whole or not at all, also over a power cut: temporary file in the same
/// directory (mode 0600), fsync, rename, fsync of the directory. A path that is not a
/// regular file (a device, a pipe) is written to directly if may_write_to() says so; one that
/// lies in a directory of ours (of_directory) is replaced.
result<void> write_file(
    const std::string& path, std::string_view content, ownership whose = ownership::of_process);

/// Removes a file for good, also over a power cut; one that is not there is no failure.
result<void> remove_file(const std::string& path);

/// Removes what write_file() left unfinished in a directory when the power went: NAME.json.XXXXXX
/// and the like.
void remove_strays(const std::string& directory);

/// Overwrites a file's content, then removes it: for secrets that were handed over once. Flash
/// may keep old blocks all the same.
result<void> wipe_file(const std::string& path);

}  // namespace platform
