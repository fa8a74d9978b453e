#pragma once

#include "agent/base/vocabulary.hpp"
#include "agent/gigastore/types.hpp"

#include <boost/system/is_error_code_enum.hpp>
#include <string_view>
#include <vector>

namespace agent::gigastore {

/// Why no eSIM could be chosen.
enum class choice_errc {
    none_named = 1,    // the customer has no eSIM of that ICCID or uid
    none_installable,  // none is RELEASED, active and with an activation code
    several,           // name one
    unusable,          // the one that was named is in ERROR, or has no activation code
};

const platform::error_room& choice_category() noexcept;

inline boost::system::error_code make_error_code(choice_errc e) noexcept
{
    return {static_cast<int>(e), choice_category()};
}

/// True for one that waits to be installed: active, RELEASED and with an activation code.
bool is_installable(const esim& candidate);

/// Which of a customer's eSIMs is meant: the one whose ICCID or uid is `named`; else the one
/// already on this eUICC (`on_euicc` lists its ICCIDs); else the only one that is active,
/// RELEASED and has an activation code. Never one in ERROR. A failure lists the candidates by
/// ICCID and state, without their codes.
result<const esim*> choose(const std::vector<esim>& related, std::string_view named,
    const std::vector<iccid>& on_euicc = {});

}  // namespace agent::gigastore

template <>
struct boost::system::is_error_code_enum<agent::gigastore::choice_errc> : std::true_type {
};
