#include "agent/lpa/bound_profile_package.hpp"

#include "agent/lpa/error.hpp"

namespace agent::lpa {
namespace {

failure malformed_package(const char* what)
{
    return {errc::bad_package, std::string("the bound profile package: ") + what};
}

/// The head of a sequence, then each of its blocks, which must all have one tag.
bool add_blocks(std::vector<byte_view>& to, const tlv& sequence, std::uint32_t block)
{
    auto blocks = read_tlvs(sequence.value);
    if (!blocks || blocks->empty())
        return false;
    to.push_back(sequence.whole.first(sequence.whole.size() - sequence.value.size()));
    for (const tlv& each : *blocks) {
        if (each.tag != block)
            return false;
        to.push_back(each.whole);
    }
    return true;
}

}  // namespace

result<std::vector<byte_view>> segments_of(byte_view package)
{
    auto whole = read_only_tlv(package, 0xbf36);
    if (!whole)
        return malformed_package("it is cut off, or something else");
    auto parts = read_tlvs(whole->value);
    if (!parts || parts->size() < 4)
        return malformed_package("a part is missing");
    bool has_keys = parts->size() == 5;
    std::vector<std::uint32_t> expected{0xbf23, 0xa0, 0xa1};
    if (has_keys)
        expected.push_back(0xa2);
    expected.push_back(0xa3);
    if (parts->size() != expected.size())
        return malformed_package("it has too many parts");
    for (std::size_t i = 0; i < expected.size(); ++i)
        if ((*parts)[i].tag != expected[i])
            return malformed_package("its parts are in another order");

    std::vector<byte_view> out;
    std::size_t head = whole->whole.size() - whole->value.size();
    out.push_back(whole->whole.first(head + (*parts)[0].whole.size()));
    out.push_back((*parts)[1].whole);
    if (!add_blocks(out, (*parts)[2], 0x88))
        return malformed_package("its metadata are not in blocks");
    if (has_keys)
        out.push_back((*parts)[3].whole);
    if (!add_blocks(out, parts->back(), 0x86))
        return malformed_package("its profile is not in blocks");
    return out;
}

bytes metadata_in(byte_view package)
{
    constexpr std::size_t mac = 8;  // at the end of each block (SCP03t)
    bytes out;
    auto whole = read_only_tlv(package, 0xbf36);
    auto sequence = whole ? child(*whole, 0xa1) : std::nullopt;
    auto blocks = read_tlvs(sequence ? sequence->value : byte_view());
    if (!blocks)
        return out;
    for (const tlv& each : *blocks)
        if (each.value.size() > mac)
            platform::append(out, each.value.first(each.value.size() - mac));
    return out;
}

}  // namespace agent::lpa
