#pragma once

#include "tests/sandbox/coding.hpp"
#include "tests/support/pki.hpp"

#include <array>
#include <string>

namespace sandbox::rsp {

using sandbox::byte_view;
using sandbox::bytes;

// What an SM-DP+ and an eUICC compute (SGP.22, 2.6): apart from the product, which computes no
// signature. Everything throws std::runtime_error for what OpenSSL refuses.

/// A certificate and perhaps its key.
class certificate {
public:
    explicit certificate(const tests::identity& from);
    explicit certificate(byte_view der);

    const bytes& der() const { return der_; }
    EVP_PKEY* key() const { return key_.get(); }  // null if only the certificate is known
    EVP_PKEY* public_key() const;
    bytes subject_key_id() const;
    std::string subject_serial_number() const;
    bool has_policy(const std::string& oid) const;
    /// The registered ID's value octets.
    bytes registered_id() const;
    /// True if `issuer` has issued and signed it, and it is valid now.
    bool is_issued_by(const certificate& issuer) const;

private:
    tests::handle<X509> parsed_;
    tests::handle<EVP_PKEY> key_;
    bytes der_;
};

/// An ECDSA signature with SHA-256, as 5F37 with r and s (BSI TR-03111).
bytes sign(EVP_PKEY* key, byte_view data);
/// True if `signature` (r and s, without tag) holds.
bool verify(EVP_PKEY* key, byte_view signature, byte_view data);

/// An ephemeral key pair for one session.
class key_pair {
public:
    explicit key_pair(EVP_PKEY* same_curve_as);
    bytes public_point() const;
    bytes agree(byte_view peer_point) const;  // the x coordinate

private:
    tests::handle<EVP_PKEY> key_;
};

bytes sha256(byte_view data);
bytes random_bytes(std::size_t count);

/// The BSP of SGP.22, 2.6.4: SCP03t with AES-128; encrypts and authenticates the blocks of a
/// package in order.
class bsp {
public:
    bsp(bytes chaining, bytes encryption, bytes mac)
        : chaining_(std::move(chaining)), encryption_(std::move(encryption)), mac_(std::move(mac))
    {
    }
    /// Session keys from a shared secret (2.6.4.1).
    static bsp derive(byte_view secret, byte_view host_id, byte_view eid);

    bytes protect(std::uint8_t tag, byte_view data, bool is_encrypted);
    /// Nothing if the MAC or the padding is wrong.
    std::optional<bytes> open(const tlv& block, bool is_encrypted);

private:
    bytes next_mac(byte_view data);
    bytes cipher(byte_view data, bool encrypt) const;

    bytes chaining_;
    bytes encryption_;
    bytes mac_;
    std::uint32_t blocks_ = 0;
};

}  // namespace sandbox::rsp
