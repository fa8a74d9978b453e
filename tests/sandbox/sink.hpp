#pragma once

#include "tests/sandbox/http.hpp"

#include <boost/json/object.hpp>

#include <map>
#include <string>
#include <vector>

namespace sandbox {

/// Where reports go: a backend that checks Standard Webhooks' signatures with code of its own, and
/// counts each id once.
class sink {
public:
    /// `secret` is "whsec_" and base64.
    explicit sink(std::string secret) : secret_(std::move(secret)) {}

    /// A report that is posted.
    response operator()(const request& asked);
    /// {"reports": [...], "received": N, "ids": N, "rejected": N}: each id once, in the order in
    /// which they came first.
    boost::json::object state() const;
    void clear();

private:
    bool is_signed(const request& asked) const;

    std::string secret_;
    std::vector<std::string> reports_;
    std::map<std::string, int> ids_;
    int rejected_ = 0;
};

}  // namespace sandbox
