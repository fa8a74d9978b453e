#pragma once

#include "agent/esim/installer.hpp"
#include "agent/lpa/smdp_access.hpp"

namespace agent::esim {

/// The LPA of this program: ES10 to the card, ES9+ to the servers that it trusts.
class native_installer final : public installer {
public:
    native_installer(
        lpa::euicc& card, lpa::smdp_access& servers, lpa::journal& journal, platform::logger& log)
        : card_(card), servers_(servers), journal_(journal), log_(log)
    {
    }

    task<void> open() override { return card_.open(); }
    task<void> reopen() override { return card_.card().reopen(); }
    task<void> close() override { return card_.close(); }

    task<std::string> eid() override { return card_.eid(); }
    task<std::string> imei() override { return card_.card().channel().imei(); }
    task<std::vector<lpa::profile>> profiles() override { return card_.profiles(); }

    task<lpa::download_outcome> install(install_order what, lpa::download_dialogue& with) override;
    task<bool> tell_installed(lpa::download_outcome what) override;

    task<void> enable(iccid which) override { return card_.enable(std::move(which)); }
    task<void> disable(iccid which) override { return card_.disable(std::move(which)); }
    task<void> remove(iccid which) override { return card_.remove(std::move(which)); }
    task<void> rename(iccid which, std::string nickname) override
    {
        return card_.rename(std::move(which), std::move(nickname));
    }

    task<std::vector<lpa::notification>> notifications() override { return card_.notifications(); }
    task<void> forget(std::uint64_t sequence) override { return card_.forget(sequence); }
    task<std::vector<lpa::delivery>> send_notifications(
        std::function<bool(const lpa::notification&)> is_left_out) override;

private:
    /// The way to the servers that the open card trusts.
    task<lpa::es9_client*> servers();

    lpa::euicc& card_;
    lpa::smdp_access& servers_;
    lpa::journal& journal_;
    platform::logger& log_;
};

}  // namespace agent::esim
