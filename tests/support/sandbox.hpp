#pragma once

#include "tests/support/program.hpp"
#include "tests/support/temporary.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <vector>

namespace tests {

/// esim-sandbox, running for one test, and esim-agent against it: the programs as built.
class sandbox {
public:
    explicit sandbox(std::vector<std::string> options = {});

    /// A field of the line it printed when it was ready.
    std::string at(const std::string& name) const;
    /// The UID of a sample customer.
    std::string uid(const std::string& sample) const;
    const std::string& directory() const { return directory_.path(); }

    /// Runs esim-agent with the sandbox's configuration (a reseller's).
    finished agent(std::vector<std::string> words, const program_options& options = {}) const;
    /// With a device's bearer token instead, which may read customers and no more.
    finished device(std::vector<std::string> words, const program_options& options = {}) const;

    /// With the card's socket instead of the modem.
    finished over_socket(std::vector<std::string> words, program_options options = {}) const;
    /// A file with the activation code of this matching ID at the sandbox's SM-DP+.
    std::string code_file(const std::string& matching_id, const std::string& rest = "") const;
    /// Empties the card, and lets the order be installed again.
    void start_over(const std::string& matching_id) const;

    /// Switches a fault on for what comes next; ends those before it.
    void fault(const std::string& one) const;
    /// A request to the admin port.
    void admin(
        const std::string& method, const std::string& path, const std::string& body = "") const;
    /// What the card did, and how often each ES9+ function was called.
    boost::json::value counts() const;
    /// What the report sink has received; see tests/sandbox/README.md.
    boost::json::value reports() const;
    /// The stages of the reports for an eSIM, in the order in which they came first.
    std::string stages() const;
    /// The card's memory, and what the SM-DP+ keeps about an order.
    boost::json::value card() const;
    boost::json::value order(const std::string& matching_id) const;

private:
    std::string ask(
        const std::string& method, const std::string& path, const std::string& body) const;

    temporary_directory directory_;
    background_program program_;
    boost::json::value ready_;
};

/// The path of a program of this build.
std::string built(const std::string& name);

}  // namespace tests
