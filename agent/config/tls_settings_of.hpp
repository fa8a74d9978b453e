#pragma once

#include "agent/net/tls.hpp"

namespace agent {

/// What TLS takes from `of`: the configuration itself (Gigastore), or one of its report
/// destinations.
template <class Configured>
net::tls_settings tls_settings_of(const Configured& of)
{
    net::tls_settings out;
    out.ca_file = of.ca_file;
    out.certificate_file = of.client_certificate_file;
    out.key_file = of.client_key_file;
    out.key_password_file = of.client_key_password_file;
    return out;
}

}  // namespace agent
