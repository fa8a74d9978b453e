#pragma once

#include "agent/cli/commands.hpp"
#include "agent/cli/output/progress.hpp"
#include "agent/lpa/download.hpp"
#include "platform/secret.hpp"

#include <optional>
#include <string>

namespace agent::cli {

/// A person at the terminal, or the policy that --yes stands for.
class install_dialogue final : public lpa::download_dialogue {
public:
    /// `given` is the confirmation code from a file, if there was one.
    install_dialogue(
        session& with, const install_options& options, std::optional<platform::secret> given)
        : with_(with), options_(options), given_(std::move(given))
    {
    }

    void progress(lpa::step at, int percent) override;
    task<lpa::decision> approve(lpa::profile_metadata offered, bool needs_consent) override;
    task<platform::secret> confirmation_code(int tries_left) override;

    cli::progress& bar() { return bar_; }
    /// The ICCID of the profile that was offered; none if none was.
    const agent::iccid& iccid() const { return iccid_; }

private:
    session& with_;
    const install_options& options_;
    std::optional<platform::secret> given_;
    cli::progress bar_;
    agent::iccid iccid_;
    std::optional<lpa::profile_metadata> approved_;
};

}  // namespace agent::cli
