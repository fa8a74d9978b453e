#include "agent/lpa/bound_profile_package.hpp"

#include "agent/lpa/error.hpp"

#include "tests/support/catch.hpp"

using namespace agent::lpa;
using platform::from_hex, platform::to_hex;

namespace {

const std::string channel = "BF230101";
const std::string configure = "A0038701AA";
const std::string metadata = "A1068801BB8801CC";
const std::string keys = "A2038701DD";
const std::string profile = "A3098601EE8601FF860111";

bytes package_of(const std::string& parts)
{
    return make_tlv(0xbf36, *from_hex(parts));
}

std::vector<std::string> segments(const std::string& parts)
{
    bytes package = package_of(parts);
    std::vector<std::string> out;
    auto views = segments_of(package);
    for (byte_view each : views.value())
        out.push_back(to_hex(each));
    return out;
}

}  // namespace

TEST_CASE("a package goes to the card in the pieces that SGP.22 names", "[bpp]")
{
    std::vector<std::string> expected{"BF3621" + channel, configure, "A106", "8801BB", "8801CC",
        keys, "A309", "8601EE", "8601FF", "860111"};
    CHECK(segments(channel + configure + metadata + keys + profile) == expected);
}

TEST_CASE("a package without keys of its own has no segment for them", "[bpp]")
{
    std::vector<std::string> expected{"BF361C" + channel, configure, "A106", "8801BB", "8801CC",
        "A309", "8601EE", "8601FF", "860111"};
    CHECK(segments(channel + configure + metadata + profile) == expected);
}

TEST_CASE("a package that is put together otherwise is refused", "[bpp]")
{
    std::string wrong = GENERATE_COPY(std::string(), channel,
        configure + channel + metadata + profile, channel + configure + profile + metadata,
        channel + configure + metadata, channel + configure + metadata + keys,
        channel + configure + "A100" + profile, channel + configure + metadata + "A3038801EE",
        channel + configure + metadata + keys + profile + keys,
        channel + configure + "A1028601" + profile);
    CHECK(segments_of(package_of(wrong)).error() == errc::bad_package);
    bytes cut = package_of(channel + configure + metadata + profile);
    cut.pop_back();
    CHECK(segments_of(cut).error() == errc::bad_package);
}
