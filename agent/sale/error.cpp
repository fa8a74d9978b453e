#include "agent/sale/error.hpp"

namespace agent::sale {
namespace {

using platform::error_entry, platform::failure_class;

constexpr error_entry sale_entries[] = {
    {errc::unknown_item, failure_class::not_found, "unknown_item",
        "no package of that id is for sale",
        "'esim-agent inventory list' prints what is for sale."},
    {errc::other_price, failure_class::usage, "other_price", "the package costs something else",
        "Nothing was bought; if that price is right, give it instead."},
    {errc::other_countries, failure_class::refused, "other_countries",
        "the package is for another country set than the customer's",
        "A customer keeps one country set: create another customer ('esim-agent customer "
        "create'), or choose a package of that set. Nothing was bought."},
    {errc::not_offered, failure_class::forbidden, "not_offered",
        "the till may not sell this package",
        "<kiosk sells=\"...\"/> lists the ids of those it may sell. Nothing was bought."},
    {errc::limit_reached, failure_class::forbidden, "limit_reached",
        "the till may sell no more today",
        "<kiosk sells-daily=\"...\"/> is the limit. Nothing was bought."},
    {errc::other_purchase, failure_class::usage, "other_purchase",
        "the metatag is another purchase's",
        "Each sale has a metatag of its own. Nothing was bought."},
    {errc::unreadable_record, failure_class::internal, "unreadable_record",
        "a record of a sale cannot be read",
        "It may be a sale under way: look for it in 'esim-agent package list', then remove the "
        "file. Nothing was bought."},
};

}  // namespace

const platform::error_room& category() noexcept
{
    static const platform::error_room room{"sale", sale_entries, true};
    return room;
}

}  // namespace agent::sale
