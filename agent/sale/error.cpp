#include "agent/sale/error.hpp"

namespace agent::sale {
namespace {

using platform::error_entry, platform::failure_class;

constexpr error_entry sale_entries[] = {
    {errc::unknown_item, failure_class::not_found, "unknown_item",
        "no package of that id is for sale",
        "'esim-agent inventory list' prints what is for sale."},
    {errc::other_price, failure_class::usage, "other_price", "the package costs something else",
        "Nothing was bought; correct the price if that is right."},
    {errc::other_countries, failure_class::refused, "other_countries",
        "the package is for another country set than the customer's",
        "A customer has one country set for ever: make another customer ('esim-agent customer "
        "create'), or choose a package of theirs. Nothing was bought."},
    {errc::not_offered, failure_class::forbidden, "not_offered",
        "the till may not sell this package",
        "<kiosk sells=\"...\"/> lists the ids of those it may sell. Nothing was bought."},
    {errc::limit_reached, failure_class::forbidden, "limit_reached",
        "the till has sold all that it may today",
        "<kiosk sells-daily=\"...\"/> is the limit. Nothing was bought."},
};

}  // namespace

const platform::error_room& category() noexcept
{
    static const platform::error_room room{"sale", sale_entries, true};
    return room;
}

}  // namespace agent::sale
