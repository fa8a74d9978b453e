#include "agent/base/iccid.hpp"

#include <algorithm>
#include <iterator>
#include <string>

namespace agent {
namespace {

std::string digits_of(std::string_view text)
{
    std::string out;
    std::ranges::copy_if(
        text, std::back_inserter(out), [](char c) { return c >= '0' && c <= '9'; });
    return out;
}

}  // namespace

bool same_iccid(std::string_view left, std::string_view right)
{
    std::string one = digits_of(left);
    std::string two = digits_of(right);
    if (one.size() > two.size())
        std::swap(one, two);
    return one.size() >= 18 && two.size() - one.size() <= 1 && two.starts_with(one);
}

}  // namespace agent
