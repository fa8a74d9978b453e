#include "agent/provision/error.hpp"

#include <string>

namespace agent::provision {
namespace {

class provision_error_category final : public boost::system::error_category {
public:
    const char* name() const noexcept override { return "provision"; }

    std::string message(int value) const override
    {
        switch (static_cast<errc>(value)) {
        case errc::no_uplink: return "there is no way to the network";
        case errc::not_registered: return "the modem did not register with the new profile";
        case errc::wrong_profile: return "the SM-DP+ offers another profile than Gigastore named";
        case errc::consent_needed: return "the card demands its owner's consent";
        case errc::often_lost: return "the profile was installed here before, and is gone again";
        }
        return "unknown provisioning error";
    }
};

}  // namespace

const boost::system::error_category& category() noexcept
{
    static constinit const provision_error_category instance;
    return instance;
}

}  // namespace agent::provision
