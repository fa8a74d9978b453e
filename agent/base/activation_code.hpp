#pragma once

#include "agent/base/vocabulary.hpp"
#include "platform/secret.hpp"

#include <ostream>
#include <string>
#include <string_view>

namespace agent {

/// An eSIM activation code (SGP.22, 4.1): LPA:1$host$matching-id[$oid[$flag[...]]].
/// A bearer secret: whoever has it can install the profile. Prints redacted.
class activation_code {
public:
    /// Reads a code as a QR carries it, or as people hand it over: without "LPA:", in an install
    /// link for an iPhone or Android phone, behind zbarimg's "QR-Code:", with no-break or
    /// zero-width spaces in it. The prefix may be in any case, the host is lower-cased, empty
    /// fields are absent ones, fields that this version does not know are kept. Refuses, naming the
    /// reason but not the code: another format than 1, a host that is none, control characters,
    /// more than 255 characters.
    static result<activation_code> parse(const platform::secret& text);

    /// "host" or "host:port", lower case. Not secret.
    const std::string& smdp_address() const { return smdp_address_; }
    const platform::secret& matching_id() const { return matching_id_; }
    /// The SM-DP+ OID that its certificate must carry; empty if the code names none. It may be
    /// anything else by mistake: see has_odd_oid().
    std::string_view smdp_oid() const;
    /// True if something stands in the place of the OID that is none.
    bool has_odd_oid() const;
    /// True if the code says that a confirmation code will be asked for.
    bool needs_confirmation_code() const;

    /// The whole code, beginning with "LPA:1$".
    platform::secret text() const;
    /// The link that opens the installation on the same iPhone (iOS 17.4 and later).
    platform::secret apple_link() const;
    /// The link that opens the installation on the same Android phone (10 and later).
    platform::secret android_link() const;

private:
    std::string smdp_address_;
    platform::secret matching_id_;
    std::string rest_;  // "" or "$oid$flag...", as given
};

/// "LPA:1$host$…"
std::ostream& operator<<(std::ostream& out, const activation_code& code);

}  // namespace agent
