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

void add_policy(X509* to, const std::string& oid)
{
    POLICYINFO* policy = POLICYINFO_new();
    policy->policyid = OBJ_txt2obj(oid.c_str(), 1);
    CERTIFICATEPOLICIES* all = sk_POLICYINFO_new_null();
    sk_POLICYINFO_push(all, policy);
    X509_add1_ext_i2d(to, NID_certificate_policies, all, 1, X509V3_ADD_DEFAULT);
    CERTIFICATEPOLICIES_free(all);
}

void add_name(X509* to, const char* field, const std::string& value)
{
    if (!value.empty())
        X509_NAME_add_entry_by_txt(X509_get_subject_name(to), field, MBSTRING_ASC,
            reinterpret_cast<const unsigned char*>(value.c_str()), -1, -1, 0);
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
    add_name(out.get(), "CN", name);
    return out;
}

/// A certificate as wanted, all but what makes it an authority or not, and its signature.
handle<X509> describe(EVP_PKEY* key, X509* issuer, const certificate_request& wanted)
{
    handle<X509> made = blank(key, wanted.common_name, wanted.valid_from, wanted.valid_until);
    add_name(made.get(), "O", wanted.organization);
    add_name(made.get(), "serialNumber", wanted.serial_number);
    X509_set_issuer_name(made.get(), X509_get_subject_name(issuer));
    std::string names;
    auto add = [&names](const std::string& kind, const std::string& name) {
        names += (names.empty() ? "" : ",") + kind + name;
    };
    for (const std::string& each : wanted.dns)
        add("DNS:", each);
    for (const std::string& each : wanted.addresses)
        add("IP:", each);
    if (!wanted.registered_id.empty())
        add("RID:", wanted.registered_id);
    if (!names.empty())
        add_extension(made.get(), issuer, NID_subject_alt_name, names);
    if (!wanted.policy.empty())
        add_policy(made.get(), wanted.policy);
    add_extension(made.get(), issuer, NID_subject_key_identifier, "hash");
    add_extension(made.get(), issuer, NID_authority_key_identifier, "keyid");
    return made;
}

}  // namespace

authority::authority(const std::string& name, const std::string& curve)
    : curve_(curve), key_(EVP_EC_gen(curve.c_str()))
{
    certificate_ = blank(key_.get(), name, -86'400L * 400, 86'400L * 400);
    X509_set_issuer_name(certificate_.get(), X509_get_subject_name(certificate_.get()));
    X509* self = certificate_.get();
    add_extension(self, self, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(self, self, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(self, self, NID_subject_key_identifier, "hash");
    X509_sign(self, key_.get(), EVP_sha256());
}

authority::authority(const authority& issuer, const certificate_request& wanted)
    : curve_(issuer.curve_), key_(EVP_EC_gen(issuer.curve_.c_str()))
{
    certificate_ = describe(key_.get(), issuer.certificate_.get(), wanted);
    add_extension(
        certificate_.get(), issuer.certificate_.get(), NID_basic_constraints, "critical,CA:TRUE");
    X509_sign(certificate_.get(), issuer.key_.get(), EVP_sha256());
}

std::string authority::certificate() const
{
    return pem_of(certificate_.get());
}

identity authority::issue(const certificate_request& wanted) const
{
    handle<EVP_PKEY> key{EVP_EC_gen(curve_.c_str())};
    handle<X509> made = describe(key.get(), certificate_.get(), wanted);
    add_extension(made.get(), certificate_.get(), NID_basic_constraints, "critical,CA:FALSE");
    X509_sign(made.get(), key_.get(), EVP_sha256());
    return {pem_of(made.get()), to_pem([&](BIO* out) {
                PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
            })};
}

std::string encrypted(const std::string& key, const std::string& passphrase)
{
    std::unique_ptr<BIO, decltype(&BIO_free)> text{
        BIO_new_mem_buf(key.data(), static_cast<int>(key.size())), BIO_free};
    handle<EVP_PKEY> plain{PEM_read_bio_PrivateKey(text.get(), nullptr, nullptr, nullptr)};
    return to_pem([&](BIO* out) {
        PEM_write_bio_PKCS8PrivateKey(out, plain.get(), EVP_aes_256_cbc(), passphrase.data(),
            static_cast<int>(passphrase.size()), nullptr, nullptr);
    });
}

}  // namespace tests
