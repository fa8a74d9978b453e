#pragma once

#include "agent/base/vocabulary.hpp"
#include "platform/clock.hpp"

#include <boost/asio/ssl/context.hpp>

#include <optional>
#include <string>

namespace agent::net {

struct tls_settings {
    std::string ca_file{};           // empty: the system's authorities; else only these
    std::string more_authorities{};  // certificates (PEM) that are trusted beside those
    std::string certificate_file{};  // a client certificate chain (PEM), with its key
    std::string key_file{};
    std::string key_password_file{};  // where the key is behind a passphrase
};

/// A client context: TLS 1.2 or later, peers verified, certificates judged at
/// `clock.checked_at`. Fails if a file cannot be read, with its name.
result<asio::ssl::context> make_tls_context(
    const tls_settings& settings, const platform::clock_reading& clock);

/// A server's context, TLS 1.2 or later. Fails if a file cannot be read, with its name.
result<asio::ssl::context> make_server_context(
    const std::string& certificate_file, const std::string& key_file);

/// What verification found wrong with a peer, kept for the words of handshake_failure().
struct peer_fault {
    long error = 0;  // X509_V_ERR_..., 0 is none
    std::string subject{};
    std::string issuer{};
    std::string not_before{};  // ISO 8601, UTC
    std::string not_after{};
};

/// Sends `host` as SNI and accepts only a certificate for it (RFC 6125; an IP literal must
/// be among the certificate's addresses). The first fault found is noted in `fault`, which
/// must live as long as the connection. Fails with errc::tls if the host cannot be checked.
result<void> expect_peer(SSL* connection, const std::string& host, peer_fault& fault);

/// The same for every connection of a context, and for a library that connects by address: the
/// name for SNI comes before the handshake. `host` must live as long as the context.
void expect_host(asio::ssl::context& context, const std::string& host);

/// True once the handshake is done; `connection` may be null.
bool is_secured(const SSL* connection);

/// The failure that the peer's alert means if it does not accept our certificate, or wants one
/// (RFC 8446, section 6.2); nothing for other errors. With TLS 1.3 it comes after the handshake.
std::optional<failure> certificate_refusal(const error_code& ec);

/// Why a handshake with `host` failed: errc::tls, errc::clock when only the time is wrong,
/// or errc::unreachable when the connection broke.
failure handshake_failure(const error_code& ec, const std::string& host, const peer_fault& fault,
    const platform::clock_reading& clock);

}  // namespace agent::net
