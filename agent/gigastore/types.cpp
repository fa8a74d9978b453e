#include "agent/gigastore/types.hpp"

#include "platform/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace agent::gigastore {
std::optional<double> data_size::megabytes() const
{
    std::string known = platform::upper(unit);
    if (known == "MB")
        return value;
    if (known == "GB")
        return value * 1024;
    if (known == "TB")
        return value * 1024 * 1024;
    return std::nullopt;
}

namespace {

constexpr std::array state_names{"purchased", "activated", "expired", "refunded"};

}  // namespace

package_state state_of(const activated_item& item, timestamp now)
{
    for (std::size_t i = 0; i < state_names.size(); ++i)
        if (platform::same_ignoring_case(item.status, state_names[i]))
            return static_cast<package_state>(i);
    if (!item.balance.activated_at)
        return package_state::purchased;
    bool is_over = item.balance.expires_at && *item.balance.expires_at <= now;
    return is_over ? package_state::expired : package_state::activated;
}

std::string status_of(const activated_item& item, timestamp now)
{
    if (item.status.empty())
        return state_names[static_cast<std::size_t>(state_of(item, now))];
    return platform::lower(item.status);
}

std::optional<data_size> left_of(const activated_item& item, timestamp now)
{
    bool is_refunded = state_of(item, now) == package_state::refunded;
    if (!is_refunded || !item.balance.available)
        return item.balance.available;
    return data_size{.value = 0, .unit = item.balance.available->unit};
}

bool is_on_device(const esim& one)
{
    return one.state == esim_state::installed || one.state == esim_state::disabled;
}

const esim* find_esim(const customer& who, const iccid& number, std::string_view uid)
{
    auto is_it = [&](const esim& each) {
        return number.empty() ? each.uid == uid : each.iccid == number;
    };
    auto found = std::ranges::find_if(who.related_esims, is_it);
    return found == who.related_esims.end() ? nullptr : &*found;
}

std::vector<balance> packages_left(const customer& who, timestamp now)
{
    std::vector<balance> out;
    for (const activated_item& each : who.activated_items) {
        auto state = state_of(each, now);
        if (state == package_state::purchased || state == package_state::activated)
            out.push_back(each.balance);
    }
    std::ranges::stable_sort(out, [](const balance& left, const balance& right) {
        auto never = timestamp::max();
        return left.expires_at.value_or(never) < right.expires_at.value_or(never);
    });
    return out;
}

void forget_codes(customer& who)
{
    for (esim& each : who.related_esims)
        for (platform::secret* one :
            {&each.activation_code, &each.apple_universal_link, &each.installation_url})
            *one = platform::secret();
}

esim_state esim_state_from(std::string_view text)
{
    std::string known = platform::upper(text);
    if (known == "RELEASED")
        return esim_state::released;
    if (known == "INSTALLED")
        return esim_state::installed;
    if (known == "DISABLED")
        return esim_state::disabled;
    if (known == "ERROR")
        return esim_state::error;
    return esim_state::other;
}

bool same_uid(std::string_view left, std::string_view right)
{
    return platform::same_ignoring_case(left, right);
}

bool is_plain_uid(std::string_view uid)
{
    constexpr std::size_t longest = 64;
    bool is_plain = std::ranges::all_of(uid, [](char each) {
        return std::isalnum(static_cast<unsigned char>(each)) != 0 || each == '-' || each == '_';
    });
    return is_plain && uid.size() <= longest;
}

bool is_email(std::string_view text)
{
    auto at = text.find('@');
    bool is_address = at != text.npos && at > 0 && at + 1 < text.size()
                      && text.find_first_of(" @", at + 1) == text.npos;
    return text.empty() || (is_address && platform::is_printable(text));
}

bool is_country(std::string_view code)
{
    constexpr std::string_view all =
        "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL "
        "BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV "
        "CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD "
        "GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM "
        "IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK "
        "LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW "
        "MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR "
        "PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS "
        "ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY "
        "UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";
    constexpr std::size_t step = 3;
    for (std::size_t i = 0; i < all.size(); i += step)
        if (all.substr(i, 2) == code)
            return true;
    return false;
}

}  // namespace agent::gigastore
