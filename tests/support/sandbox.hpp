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

    /// Switches a fault on for what comes next; ends those before it.
    void fault(const std::string& one) const;
    /// A request to the admin port.
    void admin(
        const std::string& method, const std::string& path, const std::string& body = "") const;

private:
    temporary_directory directory_;
    background_program program_;
    boost::json::value ready_;
};

/// The path of a program of this build.
std::string built(const std::string& name);

}  // namespace tests
