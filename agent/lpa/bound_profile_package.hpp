#pragma once

#include "agent/lpa/tlv.hpp"

#include <vector>

namespace agent::lpa {

/// The pieces in which a bound profile package goes to the card, each by STORE DATA of its own
/// (SGP.22, 2.5.5 and 5.7.6): the head with InitialiseSecureChannel; ConfigureISDP; the head of
/// StoreMetadata and each of its blocks; ReplaceSessionKeys if there is any; the head of the
/// profile and each of its blocks. Views into `package`. Fails with errc::bad_package if it
/// is put together otherwise.
result<std::vector<byte_view>> segments_of(byte_view package);

/// The metadata (BF25) that a package will store, which are not encrypted; empty if it has none.
bytes metadata_in(byte_view package);

}  // namespace agent::lpa
