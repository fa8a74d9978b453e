#include "agent/lpa/certificate.hpp"

#include "agent/lpa/error.hpp"

#include <memory>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace agent::lpa {
namespace {

struct openssl_free {
    void operator()(X509* p) const { X509_free(p); }
    void operator()(BIO* p) const { BIO_free(p); }
    void operator()(GENERAL_NAMES* p) const { GENERAL_NAMES_free(p); }
};
template <class T>
using handle = std::unique_ptr<T, openssl_free>;

}  // namespace

result<std::string> smdp_oid(byte_view certificate)
{
    const unsigned char* data = certificate.data();
    handle<X509> parsed{d2i_X509(nullptr, &data, static_cast<long>(certificate.size()))};
    if (!parsed)
        return failure(errc::malformed_es9, "serverCertificate is no certificate");
    handle<GENERAL_NAMES> names{static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(parsed.get(), NID_subject_alt_name, nullptr, nullptr))};
    for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type != GEN_RID)
            continue;
        char text[128] = "";
        OBJ_obj2txt(text, sizeof text, name->d.registeredID, 1);
        return std::string(text);
    }
    return std::string();
}

bytes subject_key_id(const std::string& pem)
{
    handle<BIO> text{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
    handle<X509> parsed{PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr)};
    const ASN1_OCTET_STRING* id = parsed ? X509_get0_subject_key_id(parsed.get()) : nullptr;
    if (id == nullptr)
        return {};
    const unsigned char* data = ASN1_STRING_get0_data(id);
    return {data, data + ASN1_STRING_length(id)};
}

}  // namespace agent::lpa
