#include "platform/uplink.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/udp.hpp>

#include <ifaddrs.h>
#include <memory>
#include <net/if.h>
#include <optional>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace platform {
namespace {

namespace ip = boost::asio::ip;

/// The address this device would send from; nothing if it has no route there. Connecting a UDP
/// socket only chooses the route.
std::optional<ip::address> source_towards(const ip::address& target)
{
    ip::udp::endpoint there{target, 443};
    int descriptor = ::socket(there.protocol().family(), SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return std::nullopt;
    ip::udp::endpoint here = there;
    auto size = static_cast<socklen_t>(there.size());
    bool has_route = ::connect(descriptor, there.data(), size) == 0;
    auto capacity = static_cast<socklen_t>(here.capacity());
    bool is_known = has_route && ::getsockname(descriptor, here.data(), &capacity) == 0;
    ::close(descriptor);
    return is_known ? std::optional(here.address()) : std::nullopt;
}

ip::address address_of(const sockaddr& from)
{
    if (from.sa_family == AF_INET) {
        const auto& four = reinterpret_cast<const sockaddr_in&>(from);
        return ip::address_v4(ntohl(four.sin_addr.s_addr));
    }
    const auto& six = reinterpret_cast<const sockaddr_in6&>(from);
    ip::address_v6::bytes_type octets{};
    std::copy_n(six.sin6_addr.s6_addr, octets.size(), octets.begin());
    return ip::address_v6(octets);
}

bool belongs_to(const ip::address& address, const std::string& interface)
{
    ifaddrs* list = nullptr;
    if (::getifaddrs(&list) != 0)
        return false;
    std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner{list, &::freeifaddrs};
    for (const ifaddrs* each = list; each != nullptr; each = each->ifa_next) {
        bool is_ip =
            each->ifa_addr != nullptr
            && (each->ifa_addr->sa_family == AF_INET || each->ifa_addr->sa_family == AF_INET6);
        if (!is_ip || interface != each->ifa_name)
            continue;
        ip::address its = address_of(*each->ifa_addr);
        bool is_same = address.is_v6() && its.is_v6()
                           ? address.to_v6().to_bytes() == its.to_v6().to_bytes()
                           : address == its;
        if (is_same)
            return true;
    }
    return false;
}

/// True if some interface has an address that is more than its own link's: there may be routes to
/// where it matters, and no default route.
bool has_address()
{
    ifaddrs* list = nullptr;
    if (::getifaddrs(&list) != 0)
        return true;
    std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner{list, &::freeifaddrs};
    for (const ifaddrs* each = list; each != nullptr; each = each->ifa_next) {
        bool is_up = (each->ifa_flags & IFF_UP) != 0 && (each->ifa_flags & IFF_LOOPBACK) == 0;
        bool is_ip =
            each->ifa_addr != nullptr
            && (each->ifa_addr->sa_family == AF_INET || each->ifa_addr->sa_family == AF_INET6);
        if (!is_up || !is_ip)
            continue;
        ip::address its = address_of(*each->ifa_addr);
        bool is_link_local = its.is_v6() && its.to_v6().is_link_local();
        if (!is_link_local)
            return true;
    }
    return false;
}

}  // namespace

uplink find_uplink(const std::string& host, const std::string& modem_interface)
{
    boost::system::error_code ec;
    auto literal = ip::make_address(host == "localhost" ? "127.0.0.1" : host, ec);
    std::vector<ip::address> targets{literal};
    if (ec)  // nobody's: set aside for documentation (RFC 5737, RFC 3849)
        targets = {ip::make_address("192.0.2.1"), ip::make_address("2001:db8::1")};
    uplink out = uplink::none;
    for (const ip::address& each : targets) {
        auto source = source_towards(each);
        if (!source)
            continue;
        bool is_modem = !modem_interface.empty() && belongs_to(*source, modem_interface);
        if (!is_modem)
            return uplink::present;
        out = uplink::only_modem;
    }
    if (out == uplink::none && has_address())
        return uplink::present;
    return out;
}

}  // namespace platform
