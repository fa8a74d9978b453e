#include "platform/modem_control.hpp"

#include "platform/at/at_control.hpp"
#include "platform/holders.hpp"
#ifdef ESIM_AGENT_MODEMMANAGER
#include "platform/modemmanager/modemmanager_control.hpp"
#endif
#ifdef ESIM_AGENT_QMI
#include "platform/qmi/qmi_control.hpp"
#endif
#ifdef ESIM_AGENT_MBIM
#include "platform/mbim/mbim_control.hpp"
#endif

namespace platform {
namespace {

/// A modem by one of its own ports; null for a kind of port that is none.
std::unique_ptr<modem_control> control_by_port(channel_kind kind, const std::string& device)
{
    control_settings out;
    out.kind = control_of(kind);
    out.device = device;
    return make_modem_control(std::move(out));
}

/// The modem behind whose port the card was found.
class auto_control final : public modem_control {
public:
    auto_control(control_kind kind, found_port found) : kind_(kind), found_(std::move(found)) {}

    bool is_there() const override { return control_of(found_->kind) != control_kind::none; }

    task<void> open() override
    {
        if (!is_there())
            co_return failure(channel_errc::no_device, "no modem was found");
#ifdef ESIM_AGENT_MODEMMANAGER
        bool is_certain = kind_ == control_kind::modemmanager;
        if (is_certain || is_running("ModemManager")) {
            modemmanager::modemmanager_control::settings its;
            its.port = found_->device;
            its.by_port = control_by_port(found_->kind, found_->device);
            if (!is_certain)  // nobody said that ModemManager has it: it is not waited for
                its.patience = std::chrono::milliseconds(0);
            modem_ = std::make_unique<modemmanager::modemmanager_control>(std::move(its));
            auto opened = co_await modem_->open();
            bool is_not_its = !opened && opened.error() == channel_errc::no_device;
            if (is_certain || !is_not_its)
                co_return opened;
        }
#endif
        modem_ = control_by_port(found_->kind, found_->device);
        auto opened = co_await modem_->open();
        co_return opened;
    }

    void close() override
    {
        if (modem_)
            modem_->close();
    }

    task<void> refresh() override
    {
        return modem_->refresh();
    }
    task<std::string> iccid() override
    {
        return modem_->iccid();
    }
    task<platform::registration> registration() override
    {
        return modem_->registration();
    }
    task<data_connection> connect_data(data_settings what) override
    {
        return modem_->connect_data(std::move(what));
    }

private:
    control_kind kind_;
    found_port found_;
    std::unique_ptr<modem_control> modem_;
};

}  // namespace

task<data_connection> modem_control::connect_data(data_settings)
{
    co_return data_connection();
}

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

std::unique_ptr<modem_control> make_modem_control(control_settings settings)
{
    bool needs_search = settings.kind == control_kind::automatic
                        || (settings.kind == control_kind::modemmanager && settings.device.empty());
    if (needs_search)
        return std::make_unique<auto_control>(settings.kind, std::move(settings.found));
    if (settings.kind == control_kind::at)
        return std::make_unique<at::at_control>(std::move(settings.device));
#ifdef ESIM_AGENT_MODEMMANAGER
    if (settings.kind == control_kind::modemmanager) {
        modemmanager::modemmanager_control::settings its;
        its.port = settings.device;
        its.by_port = control_by_port(settings.channel, settings.device);
        its.is_interrupted_by_card = settings.is_interrupted_by_card;
        return std::make_unique<modemmanager::modemmanager_control>(std::move(its));
    }
#endif
#ifdef ESIM_AGENT_QMI
    if (settings.kind == control_kind::qmi)
        return std::make_unique<qmi::qmi_control>(std::move(settings.device));
#endif
#ifdef ESIM_AGENT_MBIM
    if (settings.kind == control_kind::mbim)
        return std::make_unique<mbim::mbim_control>(std::move(settings.device));
#endif
    return nullptr;
}

}  // namespace platform
