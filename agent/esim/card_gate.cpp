#include "agent/esim/card_gate.hpp"

#include "platform/euicc_channel.hpp"

namespace agent::esim {

card_gate::lease::~lease()
{
    of_->is_taken_ = false;
    of_->use_.clear();
    of_->free_.all();
}

task<std::unique_ptr<card_gate::lease>> card_gate::take(
    std::string use, std::chrono::milliseconds limit)
{
    auto end = std::chrono::steady_clock::now() + limit;
    while (is_taken_) {
        auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            end - std::chrono::steady_clock::now());
        failure busy(platform::channel_errc::busy, "esim-agent's daemon uses the card: " + use_);
        if (left.count() <= 0)
            co_return busy;
        co_await free_.until_called(left);
    }
    is_taken_ = true;
    use_ = std::move(use);
    co_return std::make_unique<lease>(*this);
}

}  // namespace agent::esim
