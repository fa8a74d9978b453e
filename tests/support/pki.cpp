#include "tests/support/pki.hpp"

#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

namespace tests {
namespace {

template <class Writer>
std::string to_pem(Writer write)
{
    std::unique_ptr<BIO, decltype(&BIO_free)> out{BIO_new(BIO_s_mem()), BIO_free};
    write(out.get());
    char* data = nullptr;
    auto size = BIO_get_mem_data(out.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate)
{
    return to_pem([&](BIO* out) { PEM_write_bio_X509(out, certificate); });
}

void add_extension(X509* to, X509* issuer, int kind, const std::string& value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
    X509_EXTENSION* made = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    X509_add_ext(to, made, -1);
    X509_EXTENSION_free(made);
}

handle<X509> blank(EVP_PKEY* key, const std::string& name, long from, long until)
{
    handle<X509> out{X509_new()};
    X509_set_version(out.get(), X509_VERSION_3);
    unsigned char serial[8];
    RAND_bytes(serial, sizeof serial);
    ASN1_INTEGER_set_uint64(
        X509_get_serialNumber(out.get()), (serial[0] | 1ULL) << 32 | serial[1] << 8 | serial[2]);
    X509_gmtime_adj(X509_getm_notBefore(out.get()), from);
    X509_gmtime_adj(X509_getm_notAfter(out.get()), until);
    X509_set_pubkey(out.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(out.get()), "CN", MBSTRING_ASC,
        reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    return out;
}

}  // namespace

authority::authority(const std::string& name) : key_(EVP_EC_gen("P-256"))
{
    certificate_ = blank(key_.get(), name, -86'400L * 400, 86'400L * 400);
    X509_set_issuer_name(certificate_.get(), X509_get_subject_name(certificate_.get()));
    X509* self = certificate_.get();
    add_extension(self, self, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(self, self, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(self, self, NID_subject_key_identifier, "hash");
    X509_sign(self, key_.get(), EVP_sha256());
}

std::string authority::certificate() const
{
    return pem_of(certificate_.get());
}

identity authority::issue(const certificate_request& wanted) const
{
    handle<EVP_PKEY> key{EVP_EC_gen("P-256")};
    handle<X509> made = blank(key.get(), wanted.common_name, wanted.valid_from, wanted.valid_until);
    X509_set_issuer_name(made.get(), X509_get_subject_name(certificate_.get()));
    std::string names;
    for (const std::string& each : wanted.dns)
        names += (names.empty() ? "DNS:" : ",DNS:") + each;
    for (const std::string& each : wanted.addresses)
        names += (names.empty() ? "IP:" : ",IP:") + each;
    if (!names.empty())
        add_extension(made.get(), certificate_.get(), NID_subject_alt_name, names);
    add_extension(made.get(), certificate_.get(), NID_basic_constraints, "critical,CA:FALSE");
    X509_sign(made.get(), key_.get(), EVP_sha256());
    return {pem_of(made.get()), to_pem([&](BIO* out) {
                PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
            })};
}

}  // namespace tests
