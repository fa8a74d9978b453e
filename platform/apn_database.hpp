#pragma once

#include "platform/result.hpp"

#include <optional>
#include <string>

namespace platform {

/// How a network's packet data is named, and entered.
struct access_point {
    std::string apn{};
    std::string user{};
    std::string password{};  // everybody's: it is in a public file
};

/// Where Debian, OpenWrt and Yocto put mobile-broadband-provider-info.
constexpr const char* apn_database_file =
    "/usr/share/mobile-broadband-provider-info/serviceproviders.xml";

/// The access point to the internet of the operator who issued that IMSI, by the first five or six
/// digits (MCC and MNC); nothing if the database does not know it. Several operators share such a
/// code, and one has several access points: this is a guess. An operator called `name` goes first,
/// then the longer code, then the one that is marked as primary.
///
/// The file is read operator by operator: a document of it all takes 3 MB. Fails with
/// errc::configuration if it cannot be read.
result<std::optional<access_point>> find_access_point(
    const std::string& file, const std::string& imsi, const std::string& name = {});

}  // namespace platform
