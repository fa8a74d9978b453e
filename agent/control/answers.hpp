#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/net/http_server.hpp"

#include <boost/json/object.hpp>

#include <string>

namespace agent::control {

net::server_response to_response(const boost::json::object& body, unsigned status = 200);
/// The object, or the failure as a problem.
net::server_response to_response(const result<boost::json::object>& body);

/// A failure as application/problem+json (RFC 9457): its HTTP status by its class.
net::server_response to_problem(const failure& why);
net::server_response to_problem(const failure& why, unsigned status);
net::server_response to_problem(
    const failure& why, unsigned status, const std::string& name, const std::string& advice);

/// Why there is no eSIM to show or to give away, as people have to be told.
net::server_response order_problem(const failure& why);

/// What is wrong with a request.
failure usage(std::string words);
/// Fails as usage() unless it can be a customer's UID.
result<void> need_customer(const std::string& uid);

}  // namespace agent::control
