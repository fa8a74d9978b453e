#pragma once

#include "tests/support/sandbox.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace tests {

/// `esim-agent run` against a sandbox, in the background; killed at the end of its scope.
class running_agent {
public:
    /// `environment` is added to a small fixed one; words go before "run".
    explicit running_agent(const sandbox& outside, std::vector<std::string> environment = {},
        std::vector<std::string> words = {});
    ~running_agent();
    running_agent(const running_agent&) = delete;
    running_agent& operator=(const running_agent&) = delete;

    /// Reads its log until `words` are in it `times`, from the mark on. False if it ended, or
    /// `limit` passed.
    bool says(const std::string& words, std::chrono::seconds limit = std::chrono::seconds(20),
        int times = 1);
    /// What was said until now does not count any more.
    void mark() { mark_ = log_.size(); }
    /// Reads its log until it ends; gives its exit status, or 128 + signal. -1 if it goes on.
    int ends(std::chrono::seconds limit = std::chrono::seconds(20));
    void signal(int number) const;
    /// All that it said.
    const std::string& log() const { return log_; }
    int pid() const { return pid_; }

private:
    bool read_more(std::chrono::steady_clock::time_point end);

    int pid_ = -1;
    int output_ = -1;
    std::string log_;
    std::size_t mark_ = 0;
};

/// The environment of a daemon for this customer, with the card on its socket and no modem.
std::vector<std::string> daemon_for(const sandbox& outside, const std::string& uid);

/// Asks a daemon's local API; gives the whole answer, head and body.
std::string ask_api(const sandbox& outside, const std::string& method, const std::string& target,
    const std::string& body = "");

}  // namespace tests
