#include "agent/web/listen.hpp"

#include "agent/net/tls.hpp"
#include "platform/error.hpp"

namespace agent::web {

result<void> listen(net::http_server& server, const place& at, const std::string& element)
{
    std::shared_ptr<asio::ssl::context> tls;
    if (!at.certificate_file.empty()) {
        auto made = net::make_server_context(at.certificate_file, at.key_file);
        if (!made)
            return made.error();
        tls = std::make_shared<asio::ssl::context>(std::move(*made));
    }
    auto bound = server.listen_on_address(at.address, at.port, tls);
    if (bound)
        return {};
    bool is_low = bound.error().code() == boost::system::errc::permission_denied;
    std::string advice =
        is_low ? "a port below 1024 needs CAP_NET_BIND_SERVICE "
                 "(esim-agent-kiosk(7), Under systemd)"
               : "'ss -ltnp' shows who has it, <" + element + " listen=\"...\"/> another";
    return failure(platform::errc::configuration, element + ": " + bound.error().detail() + ": "
                                                      + bound.error().code().message() + "; "
                                                      + advice);
}

}  // namespace agent::web
