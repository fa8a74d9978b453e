#pragma once

#include "agent/app/components.hpp"
#include "agent/base/vocabulary.hpp"
#include "agent/config/config.hpp"
#include "agent/control/api.hpp"
#include "agent/net/event_feed.hpp"
#include "agent/net/http_server.hpp"
#include "agent/provision/provisioner.hpp"
#include "agent/report/courier.hpp"
#include "platform/log.hpp"
#include "platform/state_lock.hpp"
#include "platform/task_group.hpp"
#ifdef ESIM_AGENT_KIOSK
#include "agent/app/kiosk_front.hpp"
#include "agent/link/link_site.hpp"
#include "agent/sale/till.hpp"
#include "agent/web/brand.hpp"
#endif

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace agent {

/// The daemon with one configuration: from its start, or a reload, to the next.
class configured_daemon {
public:
    configured_daemon(asio::io_context& io, const config& settings, platform::state_lock lock,
        std::unique_ptr<components> all, std::function<result<void>()> reload,
        platform::logger& log);

    /// Fails if reports or the control socket cannot be had.
    result<void> prepare();
    void begin();
    /// Ends all of it; returns once it has ended.
    asio::awaitable<void> end();
    void on_failure(std::function<void(std::exception_ptr)> call)
    {
        tasks_.on_failure(std::move(call));
    }

private:
    control::api_parts api_parts(
        asio::any_io_executor executor, std::function<result<void>()> reload);
    net::server_handler routes();
#ifdef ESIM_AGENT_KIOSK
    void make_pages(asio::any_io_executor executor);
    platform::secret give_link(const esim::order& what);
#endif
    void publish();
    void clock_was_set();

    config settings_;
    platform::state_lock lock_;
    platform::logger& log_;
    std::unique_ptr<components> components_;
    report::outbox outbox_;
    provision::memory_file memory_;
    esim::card_gate gate_;
    std::vector<std::unique_ptr<report::courier>> couriers_;
    provision::provisioner provisioner_;
    net::event_feed feed_;
    std::unique_ptr<control::card_requests> card_;
#ifdef ESIM_AGENT_KIOSK
    result<web::brand> look_ = web::read_brand(settings_.kiosk_brand);
    std::unique_ptr<link::link_site> links_;
    std::unique_ptr<kiosk_front> kiosk_;
    std::unique_ptr<sale::till> till_;
#endif
    control::api api_;
    net::http_server server_;
    std::string last_status_;  // what followers and the service manager were told last
    std::string last_line_;
    platform::task_group tasks_;  // last: it ends what works with the others
};

}  // namespace agent
