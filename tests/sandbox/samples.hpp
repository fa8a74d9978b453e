#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <string>

namespace sandbox {

/// The customers every sandbox begins with, each named in its "sample" field (which the API
/// does not show): the plain case, and the awkward ones that were seen or must be expected.
boost::json::array sample_customers(const std::string& smdp);

/// Customer number `index` of a generated fleet: always the same one.
boost::json::object generated_customer(int index, const std::string& smdp);

/// The packages for sale.
boost::json::array inventory();

/// A new ICCID of 20 digits whose last one is right by Luhn (ITU-T E.118).
std::string make_iccid(unsigned long long number);
/// `count` random upper-case hexadecimal digits.
std::string random_hex(std::size_t count);
/// A random UUID (RFC 4122, version 4).
std::string random_uuid();
/// A new eSIM, RELEASED.
boost::json::object make_esim(const std::string& smdp, unsigned long long number);

}  // namespace sandbox
