#pragma once

#include "agent/lpa/download.hpp"

#include <functional>
#include <string>

namespace agent::provision {

/// Decides for a device without anybody at it: takes the profile that Gigastore named and no
/// other, agrees to nothing in its owner's name, and has at most one confirmation code.
class headless_dialogue final : public lpa::download_dialogue {
public:
    headless_dialogue(iccid expected, platform::secret confirmation_code,
        std::function<void(const char* doing, int percent)> show)
        : expected_(std::move(expected))
        , code_(std::move(confirmation_code))
        , show_(std::move(show))
    {
    }

    void progress(lpa::step at, int percent) override;
    task<lpa::decision> approve(lpa::profile_metadata offered, bool needs_consent) override;
    task<platform::secret> confirmation_code(int tries_left) override;

private:
    iccid expected_;
    platform::secret code_;
    std::function<void(const char*, int)> show_;
};

}  // namespace agent::provision
