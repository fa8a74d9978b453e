#pragma once

#include "agent/base/activation_code.hpp"
#include "agent/base/iccid.hpp"
#include "agent/base/vocabulary.hpp"

#include <optional>
#include <string>
#include <vector>

namespace agent::lpa {

/// How far an installation came. The card knows better whether it succeeded.
enum class attempt_stage { loading, installed, failed };

/// One activation code that was tried on this device. Holds no secret: the code only as a digest.
struct attempt {
    std::string code_digest{};
    std::string smdp_address{};
    agent::iccid iccid{};          // none until the SM-DP+ named it
    std::string transaction_id{};  // of the last session
    attempt_stage stage = attempt_stage::loading;
};

/// What identifies a code without giving it away.
std::string digest_of(const activation_code& code);

/// The attempts of this device, on disk, the newest last (DESIGN, promise 1: only a memory).
class journal {
public:
    explicit journal(std::string directory) : file_(std::move(directory) + "/install.json") {}

    /// What is known of a code; nothing if it was never tried here.
    result<std::optional<attempt>> find(const std::string& code_digest) const;
    /// Writes an attempt down, in the place of the one before with that code.
    result<void> record(const attempt& made) const;

private:
    result<std::vector<attempt>> load() const;

    std::string file_;
};

}  // namespace agent::lpa
