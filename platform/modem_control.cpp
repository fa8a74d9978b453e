#include "platform/modem_control.hpp"

#include "platform/at/at_control.hpp"
#ifdef ESIM_AGENT_QMI
#include "platform/qmi/qmi_control.hpp"
#endif
#ifdef ESIM_AGENT_MBIM
#include "platform/mbim/mbim_control.hpp"
#endif

namespace platform {
namespace {

/// The modem behind whose port the card was found, by that port.
class auto_control final : public modem_control {
public:
    explicit auto_control(found_port found) : found_(std::move(found)) {}

    bool is_there() const override { return control_of(found_->kind) != control_kind::none; }

    task<void> open() override
    {
        modem_ = make_modem_control(control_of(found_->kind), found_->device, found_);
        if (!modem_)
            co_return failure(channel_errc::no_device, "no modem was found");
        auto opened = co_await modem_->open();
        co_return opened;
    }

    void close() override
    {
        if (modem_)
            modem_->close();
    }

    task<void> refresh() override { return modem_->refresh(); }
    task<std::string> iccid() override { return modem_->iccid(); }
    task<platform::registration> registration() override { return modem_->registration(); }

private:
    found_port found_;
    std::unique_ptr<modem_control> modem_;
};

}  // namespace

const char* name_of(registration_state state)
{
    switch (state) {
    case registration_state::none: return "not registered";
    case registration_state::home: return "home";
    case registration_state::roaming: return "roaming";
    case registration_state::searching: return "searching";
    case registration_state::denied: return "denied";
    case registration_state::unknown: break;
    }
    return "unknown";
}

control_kind control_of(channel_kind kind)
{
    switch (kind) {
    case channel_kind::at: return control_kind::at;
    case channel_kind::qmi: return control_kind::qmi;
    case channel_kind::mbim: return control_kind::mbim;
    case channel_kind::none:
    case channel_kind::pcsc:
    case channel_kind::socket:
    case channel_kind::automatic: break;
    }
    return control_kind::none;
}

std::unique_ptr<modem_control> make_modem_control(
    control_kind kind, const std::string& device, found_port found)
{
    if (kind == control_kind::automatic)
        return std::make_unique<auto_control>(std::move(found));
    if (kind == control_kind::at)
        return std::make_unique<at::at_control>(device);
#ifdef ESIM_AGENT_QMI
    if (kind == control_kind::qmi)
        return std::make_unique<qmi::qmi_control>(device);
#endif
#ifdef ESIM_AGENT_MBIM
    if (kind == control_kind::mbim)
        return std::make_unique<mbim::mbim_control>(device);
#endif
    return nullptr;
}

}  // namespace platform
