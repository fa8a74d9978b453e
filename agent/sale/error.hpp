#pragma once

#include "platform/failure.hpp"

namespace agent::sale {

/// Why a package is not even asked for.
enum class errc {
    unknown_item = 1,   // nothing of that id is for sale
    other_price,        // it costs something else than was said
    other_countries,    // the customer's packages are for another country set
    not_offered,        // a till may not sell it
    limit_reached,      // nor anything more today
    other_purchase,     // the number of the sale is another's
    unreadable_record,  // a record in the ledger is damaged
};

const platform::error_room& category() noexcept;

inline boost::system::error_code make_error_code(errc e) noexcept
{
    return {static_cast<int>(e), category()};
}

}  // namespace agent::sale

template <>
struct boost::system::is_error_code_enum<agent::sale::errc> : std::true_type {
};
