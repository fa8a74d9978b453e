#pragma once

#include "platform/result.hpp"

namespace agent {

// platform's words, for all of agent.
using platform::error_code;
using platform::failure;
using platform::failure_class;
using platform::result;
using platform::task;

namespace asio = boost::asio;

}  // namespace agent
