#pragma once

#include <memory>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <string>
#include <vector>

namespace tests {

struct openssl_free {
    void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
    void operator()(X509* p) const { X509_free(p); }
};
template <class T>
using handle = std::unique_ptr<T, openssl_free>;

/// A certificate and its key, both PEM.
struct identity {
    std::string certificate{};
    std::string key{};
};

/// A key (PEM) as it is kept behind a passphrase.
std::string encrypted(const std::string& key, const std::string& passphrase);

/// Whom a certificate names and when it is valid, in seconds from now.
struct certificate_request {
    std::string common_name = "localhost";
    std::vector<std::string> dns{"localhost"};
    std::vector<std::string> addresses{"127.0.0.1", "::1"};
    long valid_from = -30L * 86'400;  // a build is older than its tests
    long valid_until = 30L * 86'400;
    std::string organization{};
    std::string serial_number{};  // of the subject: an EID
    std::string policy{};         // OID: the role in a GSMA chain
    std::string registered_id{};  // OID among the alternative names
};

/// A certificate authority, made when the program starts; nothing rests on disk.
class authority {
public:
    explicit authority(const std::string& name, const std::string& curve = "P-256");
    /// One that `issuer` vouches for.
    authority(const authority& issuer, const certificate_request& wanted);

    std::string certificate() const;
    identity issue(const certificate_request& wanted) const;

private:
    std::string curve_;
    handle<EVP_PKEY> key_;
    handle<X509> certificate_;
};

}  // namespace tests
