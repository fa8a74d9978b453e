#pragma once

#include "platform/result.hpp"
#include "platform/secret.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace platform {

// What must outlive a power cut: a file with a header (version, length, CRC-32C), replaced whole
// by write_file(), beside the one before it, PATH.previous. It may hold a code, so no copy of it
// stays in memory.

/// Writes a new generation, unless it says the same as the newest. Makes the directory (0700).
/// What root writes into another user's directory becomes that user's.
result<void> save_state(const std::string& path, std::string_view content);

/// Gives what root made to the owner of `like`: what root makes for another user's program must
/// stay that user's.
void own_as(const std::string& made, const std::string& like);

/// What to do with a damaged file: keep it as PATH.damaged, or only look.
enum class damage { set_aside, leave };

/// The newest generation that is whole; nothing if there never was one. Fails if there were some
/// and none is whole, with the file's name. What is damaged is set aside as PATH.damaged; if the
/// generation before serves instead, `word` says so.
result<std::optional<wiped_string>> load_state(
    const std::string& path, std::string* word = nullptr, damage damaged = damage::set_aside);

/// The same for a file that is written once, without generations.
result<void> save_once(const std::string& path, std::string_view content);
result<std::string> load_once(const std::string& path);

}  // namespace platform
