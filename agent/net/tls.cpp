#include "agent/net/tls.hpp"

#include "agent/net/error.hpp"
#include "platform/error.hpp"
#include "platform/storage.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>

#include <ctime>
#include <filesystem>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace agent::net {
namespace {

namespace ssl = asio::ssl;

/// A name must be among the certificate's own (SAN), and a wildcard a whole label (RFC 9525, 6.3).
constexpr unsigned strict_names =
    X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT;

std::string iso(const std::tm& utc)
{
    char text[32];
    std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return {text, size};
}

std::string iso(const ASN1_TIME* time)
{
    std::tm utc{};
    return ASN1_TIME_to_tm(time, &utc) == 1 ? iso(utc) : "?";
}

std::string iso(platform::timestamp time)
{
    std::time_t whole_seconds = platform::to_time_t(time);
    std::tm utc{};
    ::gmtime_r(&whole_seconds, &utc);
    return iso(utc);
}

std::string common_name(const X509_NAME* name)
{
    char text[128] = "";
    X509_NAME_get_text_by_NID(const_cast<X509_NAME*>(name), NID_commonName, text, sizeof text);
    return text;
}

/// The slot in an SSL that points to its peer_fault.
int fault_index()
{
    static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

int note_fault(int is_good, X509_STORE_CTX* context)
{
    if (is_good == 1)
        return 1;
    auto* connection = static_cast<SSL*>(
        X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx()));
    auto* fault = static_cast<peer_fault*>(SSL_get_ex_data(connection, fault_index()));
    const X509* certificate = X509_STORE_CTX_get_current_cert(context);
    if (fault == nullptr || fault->error != 0)
        return 0;
    fault->error = X509_STORE_CTX_get_error(context);
    if (certificate == nullptr)
        return 0;
    fault->subject = common_name(X509_get_subject_name(certificate));
    fault->issuer = common_name(X509_get_issuer_name(certificate));
    fault->not_before = iso(X509_get0_notBefore(certificate));
    fault->not_after = iso(X509_get0_notAfter(certificate));
    return 0;
}

error_code trust(ssl::context& tls, const std::string& ca_file)
{
    error_code ec;
    std::error_code ignored;
    if (ca_file.empty())
        tls.set_default_verify_paths(ec);
    else if (std::filesystem::is_directory(ca_file, ignored))
        tls.add_verify_path(ca_file, ec);
    else
        tls.load_verify_file(ca_file, ec);
    return ec;
}

/// Trusts the certificates in a PEM text too; ones that are there already do no harm.
void trust_more(ssl::context& tls, const std::string& pem)
{
    X509_STORE* store = SSL_CTX_get_cert_store(tls.native_handle());
    BIO* text = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    while (X509* each = PEM_read_bio_X509(text, nullptr, nullptr, nullptr)) {
        X509_STORE_add_cert(store, each);
        X509_free(each);
    }
    BIO_free(text);
    ERR_clear_error();  // the end of the text is one
}

/// What OpenSSL asks for; without it, it would ask at the terminal, and wait.
struct passphrase {
    platform::secret text{};
    bool was_asked = false;
};

/// PEM's callback for it (pem_password_cb(3)).
int give_passphrase(char* into, int size, int, void* from)
{
    auto* kept = static_cast<passphrase*>(from);
    kept->was_asked = true;
    std::string_view text = kept->text.reveal();
    if (text.empty() || text.size() > static_cast<std::size_t>(size))
        return -1;
    text.copy(into, text.size());
    return static_cast<int>(text.size());
}

failure key_failure(const tls_settings& settings, bool is_encrypted, const error_code& ec)
{
    if (is_encrypted && settings.key_password_file.empty())
        return {platform::errc::configuration,
            settings.key_file
                + " is protected by a passphrase, and nobody is there to type it: take it off "
                  "(openssl pkey -in KEY -out NEW) and keep NEW with mode 0600, or, for a client "
                  "certificate, name a file with it as client-key-password-file"};
    if (is_encrypted && ec)
        return {platform::errc::configuration, "the passphrase in " + settings.key_password_file
                                                   + " does not open " + settings.key_file};
    return {errc::credentials_refused,
        settings.key_file + " is not the key of " + settings.certificate_file};
}

result<void> present(ssl::context& tls, const tls_settings& settings)
{
    error_code ec;
    tls.use_certificate_chain_file(settings.certificate_file, ec);
    if (ec)
        return failure(
            platform::errc::configuration, "the certificate file " + settings.certificate_file
                                               + " holds no certificates (PEM): " + ec.message());
    auto key = platform::read_secret_file(settings.key_file);
    if (!key)
        return key.error();
    passphrase given;
    if (!settings.key_password_file.empty()) {
        auto read = platform::read_secret_file(settings.key_password_file);
        if (!read)
            return read.error();
        given.text = std::move(*read);
    }
    SSL_CTX* handle = tls.native_handle();
    SSL_CTX_set_default_passwd_cb(handle, give_passphrase);
    SSL_CTX_set_default_passwd_cb_userdata(handle, &given);
    std::string_view pem = key->reveal();
    tls.use_private_key(asio::buffer(pem.data(), pem.size()), ssl::context::pem, ec);
    SSL_CTX_set_default_passwd_cb_userdata(handle, nullptr);
    SSL_CTX_set_default_passwd_cb(handle, nullptr);
    if (ec || SSL_CTX_check_private_key(handle) != 1)
        return key_failure(settings, given.was_asked, ec);
    return {};
}

/// True if this system has no certificate authorities where OpenSSL looks for them.
bool system_trusts_nobody()
{
    std::error_code ec;
    if (std::filesystem::exists(X509_get_default_cert_file(), ec))
        return false;
    return std::filesystem::is_empty(X509_get_default_cert_dir(), ec) || ec;
}

std::string untrusted_words(const peer_fault& fault)
{
    std::string words = "its certificate '" + fault.subject + "' was issued by '" + fault.issuer
                        + "', which this device does not trust";
    if (system_trusts_nobody())
        words += "; this system has no certificate authorities at all: install the package "
                 "ca-certificates, or set ca-file";
    return words;
}

}  // namespace

result<ssl::context> make_tls_context(
    const tls_settings& settings, const platform::clock_reading& clock)
{
    ssl::context tls{ssl::context::tls_client};
    SSL_CTX* handle = tls.native_handle();
    SSL_CTX_set_min_proto_version(handle, TLS1_2_VERSION);
    // Plaintext holds activation codes and tokens: OpenSSL wipes its own copies too.
    SSL_CTX_set_options(handle, SSL_OP_CLEANSE_PLAINTEXT | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(handle, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_verify(handle, SSL_VERIFY_PEER, note_fault);
    if (!clock.is_plausible())
        X509_VERIFY_PARAM_set_time(
            SSL_CTX_get0_param(handle), platform::to_time_t(clock.checked_at));
    if (error_code ec = trust(tls, settings.ca_file))
        return failure(platform::errc::configuration,
            "ca-file '" + settings.ca_file + "' holds no certificates (PEM): " + ec.message());
    trust_more(tls, settings.more_authorities);
    if (!settings.certificate_file.empty())
        if (auto done = present(tls, settings); !done)
            return done.error();
    return tls;
}

result<ssl::context> make_server_context(
    const std::string& certificate_file, const std::string& key_file)
{
    ssl::context tls{ssl::context::tls_server};
    SSL_CTX* handle = tls.native_handle();
    SSL_CTX_set_min_proto_version(handle, TLS1_2_VERSION);
    SSL_CTX_set_options(handle, SSL_OP_CLEANSE_PLAINTEXT | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(handle, SSL_MODE_RELEASE_BUFFERS);
    tls_settings own;
    own.certificate_file = certificate_file;
    own.key_file = key_file;
    if (auto done = present(tls, own); !done)
        return done.error();
    return tls;
}

result<void> expect_peer(SSL* connection, const std::string& host, peer_fault& fault)
{
    error_code ec;
    asio::ip::make_address(host, ec);
    X509_VERIFY_PARAM* checks = SSL_get0_param(connection);
    bool is_set = SSL_set_ex_data(connection, fault_index(), &fault) == 1;
    if (!ec) {
        is_set = is_set && X509_VERIFY_PARAM_set1_ip_asc(checks, host.c_str()) == 1;
    } else {
        X509_VERIFY_PARAM_set_hostflags(checks, strict_names);
        is_set = is_set && X509_VERIFY_PARAM_set1_host(checks, host.data(), host.size()) == 1
                 && SSL_set_tlsext_host_name(connection, host.c_str()) == 1;
    }
    if (!is_set)
        return failure(errc::tls, "no certificate can be checked against the name " + host);
    return {};
}

namespace {

/// Where a context keeps its host: Asio takes the application data for its own.
int host_index()
{
    static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

void name_host(const SSL* tls, int where, int)
{
    auto* host = static_cast<std::string*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(tls), host_index()));
    bool begins = (where & SSL_CB_HANDSHAKE_START) != 0;
    if (begins && host != nullptr)
        SSL_set_tlsext_host_name(const_cast<SSL*>(tls), host->c_str());
}

}  // namespace

void expect_host(asio::ssl::context& context, const std::string& host)
{
    SSL_CTX* tls = context.native_handle();
    SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, nullptr);
    X509_VERIFY_PARAM* checks = SSL_CTX_get0_param(tls);
    bool is_address = X509_VERIFY_PARAM_set1_ip_asc(checks, host.c_str()) == 1;
    if (is_address)
        return;
    X509_VERIFY_PARAM_set_hostflags(checks, strict_names);
    X509_VERIFY_PARAM_set1_host(checks, host.c_str(), host.size());
    SSL_CTX_set_ex_data(tls, host_index(), const_cast<std::string*>(&host));
    SSL_CTX_set_info_callback(tls, name_host);
}

bool is_secured(const SSL* connection)
{
    return connection != nullptr && SSL_is_init_finished(connection) == 1;
}

std::optional<failure> certificate_refusal(const error_code& ec)
{
    if (ec.category() != asio::error::get_ssl_category())
        return std::nullopt;
    switch (ERR_GET_REASON(static_cast<unsigned long>(ec.value()))) {
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
        return failure(errc::credentials_refused,
            "the server does not accept this device's client certificate, or wants one: "
                + ec.message());
    default: return std::nullopt;
    }
}

failure handshake_failure(const error_code& ec, const std::string& host, const peer_fault& fault,
    const platform::clock_reading& clock)
{
    std::string clock_words = "this device's clock says " + iso(clock.system);
    if (!clock.is_plausible())
        clock_words += ", which is before this program was built; set the clock";
    switch (fault.error) {
    case X509_V_OK: break;
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return {errc::clock, "the certificate of " + host + " is valid from " + fault.not_before
                                 + ", and " + clock_words};
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return {clock.is_plausible() ? errc::expired : errc::clock,
            "the certificate of " + host + " was valid until " + fault.not_after + ", and "
                + clock_words};
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return {errc::tls, "its certificate is for '" + fault.subject + "', not for " + host};
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE: return {errc::tls, untrusted_words(fault)};
    default: return {errc::tls, X509_verify_cert_error_string(fault.error)};
    }
    bool is_protocol = ec.category() == asio::error::get_ssl_category();
    if (!is_protocol)
        return {
            errc::unreachable, "the connection broke during the TLS handshake: " + ec.message()};
    if (auto refusal = certificate_refusal(ec))
        return *refusal;
    int reason = ERR_GET_REASON(static_cast<unsigned long>(ec.value()));
    if (reason == SSL_R_UNSUPPORTED_PROTOCOL || reason == SSL_R_TLSV1_ALERT_PROTOCOL_VERSION)
        return {errc::tls, host + " offers nothing newer than TLS 1.1"};
    if (reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST)
        return {errc::tls, host + " does not speak TLS on this port"};
    return {errc::tls, "TLS handshake with " + host + ": " + ec.message()};
}

}  // namespace agent::net
