#pragma once

#include "tests/sandbox/rsp/crypto.hpp"

#include <string>

namespace sandbox::rsp {

// The roles in a GSMA chain, as policy OIDs (SGP.14, annex B; SGP.22, 4.5.2).
inline const std::string role_euicc = "2.23.146.1.2.1.1";
inline const std::string role_eum = "2.23.146.1.2.1.2";
inline const std::string role_tls = "2.23.146.1.2.1.3";
inline const std::string role_auth = "2.23.146.1.2.1.4";
inline const std::string role_binding = "2.23.146.1.2.1.5";

/// The certificates of one certificate issuer (CI): EUM, SM-DP+ and TLS, on one curve. eUICCs get
/// theirs from the EUM. Made anew at each start, kept in memory.
class test_pki {
public:
    /// `server` is whom the TLS certificate names.
    explicit test_pki(
        const std::string& curve, tests::certificate_request server = tests::certificate_request());
    /// Read from a file that save() wrote: for a phone in another process.
    static test_pki load(const std::string& file);
    void save(const std::string& file) const;

    certificate ci() const { return certificate({ci_, ""}); }
    const std::string& ci_pem() const { return ci_; }
    certificate eum() const { return certificate({eum_, ""}); }
    certificate auth() const { return certificate(auth_); }
    certificate binding() const { return certificate(binding_); }
    const tests::identity& tls() const { return tls_; }
    /// One of a few eUICCs that the EUM made: number 0 is this device's, 1 a phone's.
    certificate euicc(int number) const
    {
        return certificate(euiccs_.at(static_cast<std::size_t>(number)));
    }
    static std::string eid(int number);

private:
    test_pki() = default;

    std::string ci_;
    std::string eum_;
    tests::identity auth_;
    tests::identity binding_;
    tests::identity tls_;
    std::vector<tests::identity> euiccs_;
};

}  // namespace sandbox::rsp
