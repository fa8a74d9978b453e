#include "tests/sandbox/rsp/crypto.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/kdf.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace sandbox::rsp {
namespace {

template <class T, void (*Free)(T*)>
struct freer {
    void operator()(T* p) const { Free(p); }
};
using key_context = std::unique_ptr<EVP_PKEY_CTX, freer<EVP_PKEY_CTX, EVP_PKEY_CTX_free>>;
using digest_context = std::unique_ptr<EVP_MD_CTX, freer<EVP_MD_CTX, EVP_MD_CTX_free>>;
using cipher_context = std::unique_ptr<EVP_CIPHER_CTX, freer<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>>;
using bio = std::unique_ptr<BIO, freer<BIO, BIO_free_all>>;
using signature_pair = std::unique_ptr<ECDSA_SIG, freer<ECDSA_SIG, ECDSA_SIG_free>>;
using names = std::unique_ptr<GENERAL_NAMES, freer<GENERAL_NAMES, GENERAL_NAMES_free>>;
using policies =
    std::unique_ptr<CERTIFICATEPOLICIES, freer<CERTIFICATEPOLICIES, CERTIFICATEPOLICIES_free>>;

constexpr int coordinate = 32;  // octets, on both curves

void expect(bool is_good, const char* what)
{
    if (!is_good)
        throw std::runtime_error(what);
}

bio read_only(const std::string& text)
{
    return bio{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

bytes der_of(X509* from)
{
    bytes out(static_cast<std::size_t>(i2d_X509(from, nullptr)));
    unsigned char* end = out.data();
    i2d_X509(from, &end);
    return out;
}

std::string curve_of(EVP_PKEY* key)
{
    char name[64] = "";
    std::size_t size = 0;
    EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, name, sizeof name, &size);
    return name;
}

}  // namespace

certificate::certificate(const tests::identity& from)
{
    parsed_.reset(PEM_read_bio_X509(read_only(from.certificate).get(), nullptr, nullptr, nullptr));
    if (!from.key.empty())
        key_.reset(PEM_read_bio_PrivateKey(read_only(from.key).get(), nullptr, nullptr, nullptr));
    expect(parsed_ != nullptr, "no certificate");
    der_ = der_of(parsed_.get());
}

certificate::certificate(byte_view der)
{
    const unsigned char* data = der.data();
    parsed_.reset(d2i_X509(nullptr, &data, static_cast<long>(der.size())));
    expect(parsed_ != nullptr, "no certificate");
    der_.assign(der.begin(), der.end());
}

EVP_PKEY* certificate::public_key() const
{
    return X509_get0_pubkey(parsed_.get());
}

bytes certificate::subject_key_id() const
{
    const ASN1_OCTET_STRING* id = X509_get0_subject_key_id(parsed_.get());
    const unsigned char* data = ASN1_STRING_get0_data(id);
    return {data, data + ASN1_STRING_length(id)};
}

std::string certificate::subject_serial_number() const
{
    char text[64] = "";
    X509_NAME_get_text_by_NID(
        X509_get_subject_name(parsed_.get()), NID_serialNumber, text, sizeof text);
    return text;
}

bool certificate::has_policy(const std::string& oid) const
{
    policies found{static_cast<CERTIFICATEPOLICIES*>(
        X509_get_ext_d2i(parsed_.get(), NID_certificate_policies, nullptr, nullptr))};
    for (int i = 0; i < sk_POLICYINFO_num(found.get()); ++i) {
        char text[64] = "";
        OBJ_obj2txt(text, sizeof text, sk_POLICYINFO_value(found.get(), i)->policyid, 1);
        if (text == oid)
            return true;
    }
    return false;
}

bytes certificate::registered_id() const
{
    names found{static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(parsed_.get(), NID_subject_alt_name, nullptr, nullptr))};
    for (int i = 0; i < sk_GENERAL_NAME_num(found.get()); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(found.get(), i);
        if (name->type == GEN_RID)
            return {OBJ_get0_data(name->d.registeredID),
                OBJ_get0_data(name->d.registeredID) + OBJ_length(name->d.registeredID)};
    }
    return {};
}

bool certificate::is_issued_by(const certificate& issuer) const
{
    X509* self = parsed_.get();
    bool is_valid = X509_cmp_current_time(X509_get0_notBefore(self)) < 0
                    && X509_cmp_current_time(X509_get0_notAfter(self)) > 0;
    return is_valid && X509_check_issued(issuer.parsed_.get(), self) == X509_V_OK
           && X509_verify(self, issuer.public_key()) == 1;
}

bytes sign(EVP_PKEY* key, byte_view data)
{
    digest_context context{EVP_MD_CTX_new()};
    std::size_t size = 0;
    expect(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1
               && EVP_DigestSign(context.get(), nullptr, &size, data.data(), data.size()) == 1,
        "signing");
    bytes der(size);
    expect(
        EVP_DigestSign(context.get(), der.data(), &size, data.data(), data.size()) == 1, "signing");
    const unsigned char* start = der.data();
    signature_pair pair{d2i_ECDSA_SIG(nullptr, &start, static_cast<long>(size))};
    bytes raw(2 * coordinate);
    BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), raw.data(), coordinate);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), raw.data() + coordinate, coordinate);
    return make_tlv(0x5f37, raw);
}

bool verify(EVP_PKEY* key, byte_view signature, byte_view data)
{
    if (signature.size() != 2 * coordinate)
        return false;
    signature_pair pair{ECDSA_SIG_new()};
    ECDSA_SIG_set0(pair.get(), BN_bin2bn(signature.data(), coordinate, nullptr),
        BN_bin2bn(signature.data() + coordinate, coordinate, nullptr));
    bytes der(static_cast<std::size_t>(i2d_ECDSA_SIG(pair.get(), nullptr)));
    unsigned char* end = der.data();
    i2d_ECDSA_SIG(pair.get(), &end);
    digest_context context{EVP_MD_CTX_new()};
    return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1
           && EVP_DigestVerify(context.get(), der.data(), der.size(), data.data(), data.size())
                  == 1;
}

key_pair::key_pair(EVP_PKEY* same_curve_as) : key_(EVP_EC_gen(curve_of(same_curve_as).c_str())) {}

bytes key_pair::public_point() const
{
    bytes out(1 + 2 * coordinate);
    std::size_t size = 0;
    expect(EVP_PKEY_get_octet_string_param(
               key_.get(), OSSL_PKEY_PARAM_PUB_KEY, out.data(), out.size(), &size)
               == 1,
        "a public key");
    out.resize(size);
    return out;
}

bytes key_pair::agree(byte_view peer_point) const
{
    tests::handle<EVP_PKEY> peer{EVP_PKEY_new()};
    expect(EVP_PKEY_copy_parameters(peer.get(), key_.get()) == 1
               && EVP_PKEY_set1_encoded_public_key(peer.get(), peer_point.data(), peer_point.size())
                      == 1,
        "a point that is not on the curve");
    key_context context{EVP_PKEY_CTX_new(key_.get(), nullptr)};
    std::size_t size = coordinate;
    bytes secret(size);
    expect(EVP_PKEY_derive_init(context.get()) == 1
               && EVP_PKEY_derive_set_peer(context.get(), peer.get()) == 1
               && EVP_PKEY_derive(context.get(), secret.data(), &size) == 1,
        "key agreement");
    return secret;
}

bytes sha256(byte_view data)
{
    bytes out(SHA256_DIGEST_LENGTH);
    SHA256(data.data(), data.size(), out.data());
    return out;
}

bytes random_bytes(std::size_t count)
{
    bytes out(count);
    RAND_bytes(out.data(), static_cast<int>(count));
    return out;
}

bsp bsp::derive(byte_view secret, byte_view host_id, byte_view eid)
{
    // X9.63 KDF with SHA-256: hash of (secret, counter, key type, key length, host id, EID).
    bytes shared{0x88, 0x10, static_cast<std::uint8_t>(host_id.size())};
    platform::append(shared, host_id);
    shared.push_back(static_cast<std::uint8_t>(eid.size()));
    platform::append(shared, eid);
    bytes stream;
    for (std::uint8_t counter = 1; counter <= 2; ++counter) {
        bytes block(secret.begin(), secret.end());
        const std::uint8_t number[] = {0, 0, 0, counter};
        platform::append(block, number);
        platform::append(block, shared);
        platform::append(stream, sha256(block));
    }
    auto part = [&stream](std::ptrdiff_t at) {
        return bytes(stream.begin() + at, stream.begin() + at + 16);
    };
    return {part(0), part(16), part(32)};
}

bytes bsp::next_mac(byte_view data)
{
    std::unique_ptr<EVP_MAC, freer<EVP_MAC, EVP_MAC_free>> cmac{
        EVP_MAC_fetch(nullptr, "CMAC", nullptr)};
    std::unique_ptr<EVP_MAC_CTX, freer<EVP_MAC_CTX, EVP_MAC_CTX_free>> context{
        EVP_MAC_CTX_new(cmac.get())};
    char name[] = "AES-128-CBC";
    OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, name, 0),
        OSSL_PARAM_construct_end()};
    bytes out(16);
    std::size_t size = 0;
    expect(EVP_MAC_init(context.get(), mac_.data(), mac_.size(), parameters) == 1
               && EVP_MAC_update(context.get(), chaining_.data(), chaining_.size()) == 1
               && EVP_MAC_update(context.get(), data.data(), data.size()) == 1
               && EVP_MAC_final(context.get(), out.data(), &size, out.size()) == 1,
        "CMAC");
    chaining_ = out;
    out.resize(8);
    return out;
}

bytes bsp::cipher(byte_view data, bool encrypt) const
{
    auto run = [this](const EVP_CIPHER* how, const bytes& vector, byte_view input, bool forward) {
        cipher_context context{EVP_CIPHER_CTX_new()};
        bytes out(input.size() + 16);
        int size = 0;
        expect(EVP_CipherInit_ex2(context.get(), how, encryption_.data(),
                   vector.empty() ? nullptr : vector.data(), forward ? 1 : 0, nullptr)
                       == 1
                   && EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1
                   && EVP_CipherUpdate(context.get(), out.data(), &size, input.data(),
                          static_cast<int>(input.size()))
                          == 1,
            "AES");
        out.resize(static_cast<std::size_t>(size));
        return out;
    };
    bytes counter(16);
    for (int i = 0; i < 4; ++i)
        counter[static_cast<std::size_t>(15 - i)] =
            static_cast<std::uint8_t>(blocks_ >> (8 * i) & 0xffU);
    bytes vector = run(EVP_aes_128_ecb(), {}, counter, true);
    return run(EVP_aes_128_cbc(), vector, data, encrypt);
}

bytes bsp::protect(std::uint8_t tag, byte_view data, bool is_encrypted)
{
    ++blocks_;
    bytes content(data.begin(), data.end());
    if (is_encrypted) {
        content.push_back(0x80);
        content.resize((content.size() + 15) / 16 * 16);
        content = cipher(content, true);
    }
    bytes block = make_head(tag, content.size() + 8);
    platform::append(block, content);
    platform::append(block, next_mac(block));
    return block;
}

std::optional<bytes> bsp::open(const tlv& block, bool is_encrypted)
{
    ++blocks_;
    if (block.value.size() < 8)
        return std::nullopt;
    bytes mac = next_mac(block.whole.first(block.whole.size() - 8));
    byte_view given = block.whole.last(8);
    if (!std::equal(mac.begin(), mac.end(), given.begin()))
        return std::nullopt;
    byte_view content = block.value.first(block.value.size() - 8);
    if (!is_encrypted)
        return bytes(content.begin(), content.end());
    if (content.empty() || content.size() % 16 != 0)
        return std::nullopt;
    bytes plain = cipher(content, false);
    while (!plain.empty() && plain.back() == 0)
        plain.pop_back();
    if (plain.empty() || plain.back() != 0x80)
        return std::nullopt;
    plain.pop_back();
    return plain;
}

}  // namespace sandbox::rsp
