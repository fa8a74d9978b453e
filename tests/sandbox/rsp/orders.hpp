#pragma once

#include "tests/sandbox/store.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>

namespace sandbox::rsp {

/// A download order: an eSIM of the Gigastore stand-in, and what the SM-DP+ keeps about it.
struct order {
    std::string matching_id{};
    std::string iccid{};
    boost::json::object* kept = nullptr;  // state, eid, installations, wrongCodes, and what was set

    std::string text(const char* name) const;
    int number(const char* name) const;
};

/// The orders of the SM-DP+, in a file. States: released, downloaded (bound to an eUICC, not
/// installed yet), installed, error; an order can be set to others, which are refused.
class orders {
public:
    orders(std::string file, store& customers);

    /// The order of a matching ID; nothing if there is none.
    std::optional<order> find(const std::string& matching_id);
    std::optional<order> find_iccid(const std::string& iccid);
    /// Sets fields of an order, as the admin port is told.
    bool set(const std::string& matching_id, const boost::json::object& fields);
    void save() const;

private:
    std::string file_;
    store& customers_;
    boost::json::object all_;
};

}  // namespace sandbox::rsp
