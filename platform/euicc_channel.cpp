#include "platform/euicc_channel.hpp"

namespace platform {

const boost::system::error_category& channel_category() noexcept
{
    static const struct : boost::system::error_category {
        const char* name() const noexcept override { return "euicc channel"; }
        std::string message(int value) const override
        {
            switch (static_cast<channel_errc>(value)) {
            case channel_errc::busy: return "in use";
            case channel_errc::no_device: return "no such modem or card reader";
            case channel_errc::silent: return "no answer within the time limit";
            case channel_errc::refused: return "the modem refuses";
            case channel_errc::no_application: return "no such application on the card";
            case channel_errc::no_euicc: return "no eUICC found";
            case channel_errc::card_gone: return "the card was removed or reset";
            case channel_errc::malformed_answer: return "an answer that makes no sense";
            case channel_errc::card_refused: return "the card refuses";
            }
            return "unknown";
        }
    } category;
    return category;
}

}  // namespace platform
