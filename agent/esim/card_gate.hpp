#pragma once

#include "agent/base/vocabulary.hpp"
#include "platform/wake.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace agent::esim {

/// One at a time has the card: the provisioner, a request of the local API, or a command line
/// that borrowed it.
class card_gate {
public:
    /// The card is its holder's until this is destroyed.
    class lease {
    public:
        explicit lease(card_gate& of) : of_(&of) {}
        ~lease();
        lease(const lease&) = delete;
        lease& operator=(const lease&) = delete;

    private:
        card_gate* of_;
    };

    /// Waits for the card, in no particular order, until `limit`. Fails with channel_errc::busy
    /// and what it is used for. `use` tells others: "loading the profile".
    task<std::unique_ptr<lease>> take(std::string use, std::chrono::milliseconds limit);

    const std::string& use() const { return use_; }
    bool is_taken() const { return is_taken_; }

private:
    bool is_taken_ = false;
    std::string use_;
    platform::wake free_;
};

}  // namespace agent::esim
