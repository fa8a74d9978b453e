#pragma once

#include "platform/result.hpp"

#include <string>

namespace platform {

/// Where lock files lie: the first of /run/lock, /var/lock and the user's runtime directory that
/// can be written to; empty if none can.
std::string lock_directory();

/// A device taken for this process: a UUCP lock file (FHS 3.0, 5.9: LCK..NAME holding the process
/// id in ten characters), which modem programs honour, itself held by flock(), which ends with
/// the process whatever happens to it.
class device_lock {
public:
    device_lock() = default;
    device_lock(const device_lock&) = delete;
    device_lock& operator=(const device_lock&) = delete;
    ~device_lock() { release(); }
    device_lock(device_lock&& other) noexcept;
    device_lock& operator=(device_lock&& other) noexcept;

    /// Takes `device` ("/dev/ttyUSB2", or any name), its links resolved. Fails with
    /// channel_errc::busy, naming the program and process that hold it. Without a directory to
    /// lock in there is no lock, and that is no failure.
    static result<device_lock> take(
        const std::string& device, const std::string& directory = lock_directory());
    void release() noexcept;

    /// Holds the lock for as long as anybody has it open: for a program that is to keep it; -1 if
    /// there is no lock.
    int descriptor() const { return descriptor_; }

    /// Writes down what is to be cleared away if this process is killed; one line.
    void note(const std::string& what) noexcept;
    /// What the process before had written down, if it was killed and was ours or root's; it stays
    /// written until the next note().
    const std::string& left_behind() const { return left_behind_; }

private:
    bool write_down(const std::string& note) noexcept;

    int descriptor_ = -1;
    std::string path_;
    std::string left_behind_;
};

}  // namespace platform
