#include "agent/net/error.hpp"

#include <algorithm>
#include <iterator>
#include <string>

namespace agent::net {
namespace {

class server_category final : public boost::system::error_category {
public:
    const char* name() const noexcept override { return "server"; }

    std::string message(int value) const override
    {
        switch (static_cast<errc>(value)) {
        case errc::not_found: return "not found";
        case errc::credentials_refused: return "the credentials were refused";
        case errc::not_allowed: return "not allowed with these credentials";
        case errc::rate_limited: return "too many requests";
        case errc::refused: return "refused";
        case errc::server_trouble: return "the server is in trouble";
        case errc::malformed_answer: return "the answer is not what the API promises";
        case errc::proxy_refused: return "the proxy wants other credentials";
        case errc::captive_portal: return "a login page of the local network answered instead";
        case errc::tls: return "the server could not prove who it is";
        case errc::clock: return "certificates cannot be checked with the clock of this device";
        case errc::name_lookup: return "the name could not be looked up";
        case errc::unreachable: return "no connection";
        case errc::timeout: return "no answer in time";
        case errc::outcome_unknown: return "no answer, so nobody knows whether it was done";
        }
        return "unknown server error";
    }
};

}  // namespace

const boost::system::error_category& category() noexcept
{
    static constinit const server_category instance;
    return instance;
}

bool is_transient(const boost::system::error_code& error)
{
    const boost::system::error_code passing[] = {errc::rate_limited, errc::server_trouble,
        errc::name_lookup, errc::unreachable, errc::timeout};
    return std::ranges::find(passing, error) != std::end(passing);
}

}  // namespace agent::net
