#pragma once

#include "agent/esim/hook_message.hpp"
#include "agent/esim/installer.hpp"
#include "platform/device_lock.hpp"

#include <chrono>

namespace platform {
class child_process;
}

namespace agent::esim {

struct hook_settings {
    std::string program{};
    std::string device{};             // handed on; empty: the program knows
    std::chrono::seconds limit{600};  // for one run
    std::string lock_directory = platform::lock_directory();
};

/// An installer that is a program of the integrator's: for modems whose firmware or middleware has
/// the LPA. It is run once for each verb (list, install, enable, disable, delete, rename), gets its
/// order on standard input and answers with JSON lines (esim-agent-hook(7)). Its whole process
/// group is ended at the limit.
class hook_installer final : public installer {
public:
    hook_installer(hook_settings settings, lpa::journal& journal, platform::logger& log)
        : settings_(std::move(settings)), journal_(journal), log_(log)
    {
    }

    /// Fails with channel_errc::busy also while a run of a process before, which was killed, goes
    /// on: that holds the lock.
    task<void> open() override;
    task<void> reopen() override;
    task<void> close() override;

    task<std::string> eid() override;
    task<std::string> imei() override;
    task<std::vector<lpa::profile>> profiles() override;

    task<lpa::download_outcome> install(install_order what, lpa::download_dialogue& with) override;
    task<bool> tell_installed(lpa::download_outcome) override { co_return true; }

    task<void> enable(iccid which) override { return change("enable", std::move(which)); }
    task<void> disable(iccid which) override { return change("disable", std::move(which)); }
    task<void> remove(iccid which) override { return change("delete", std::move(which)); }
    task<void> rename(iccid which, std::string nickname) override;

    // The program tells the servers by itself.
    task<std::vector<lpa::notification>> notifications() override;
    task<void> forget(std::uint64_t sequence) override;
    task<std::vector<lpa::delivery>> send_notifications(
        std::function<bool(const lpa::notification&)>) override;

private:
    task<void> look();
    task<void> change(std::string verb, iccid which);
    /// One run of the program. Whatever it came to besides a result is `without_result`, or for
    /// want of that errc::hook_trouble.
    task<void> run(std::string verb, platform::wiped_string order, hook_answer& into,
        lpa::download_dialogue* with = nullptr, error_code without_result = {});
    /// Until it gave its result.
    task<void> talk(platform::child_process& program, std::string_view order,
        lpa::download_dialogue* with, hook_answer& into);
    task<void> decide(platform::child_process& program, lpa::download_dialogue& with,
        hook_offer offer, std::optional<failure>& why_not);
    task<void> confirm(platform::child_process& program, lpa::download_dialogue& with,
        int tries_left, std::optional<failure>& why_not);

    hook_settings settings_;
    lpa::journal& journal_;
    platform::logger& log_;
    std::optional<platform::device_lock> lock_{};
    std::optional<hook_answer> seen_{};  // what it listed last, unless that has changed since
};

}  // namespace agent::esim
