#include "agent/app/configured_daemon.hpp"

#include "agent/config/values.hpp"
#include "agent/provision/assignment.hpp"
#include "agent/report/destinations.hpp"
#include "platform/peers.hpp"
#include "platform/service.hpp"
#include "platform/storage.hpp"
#include "platform/watch_clock.hpp"
#include "platform/watch_directory.hpp"

#include <boost/json/serialize.hpp>

namespace agent {
namespace {

provision::data_wish data_wish_from(const config& settings)
{
    provision::data_wish out;
    out.is_apn_guessed = settings.data_apn == "auto";
    out.apn = out.is_apn_guessed ? "" : settings.data_apn;
    out.user = settings.data_user;
    out.password_file = settings.data_password_file;
    out.roams = settings.data_roaming;
    out.connects = settings.data_online == data_mode::connect;
    out.program = out.connects ? settings.data_program : "";
    out.limit = settings.data_limit;
    return out;
}

provision::provisioner_settings provisioner_settings_from(
    const config& settings, const components& all)
{
    provision::provisioner_settings out;
    out.allowed.has_card = all.installer != nullptr;
    out.allowed.enables = settings.modem_enable;
    out.allowed.goes_online = settings.data_online != data_mode::no;
    out.allowed.falls_back = settings.fallback;
    out.allowed.deletes_replaced = settings.delete_replaced;
    out.allowed.takes_remote_orders = settings.takes_remote_orders || settings.asks_for_assignment;
    out.configured.customer_uid = settings.customer_uid;
    out.configured.named = settings.customer_iccid.text();
    out.steps.gigastore_host =
        all.proxies.through ? all.proxies.through->where.host : all.gigastore_url.where.host;
    out.steps.modem_interface = settings.modem_interface;
    out.steps.data = data_wish_from(settings);
    out.directory = settings.provision_directory;
    out.pace.poll = settings.poll;
    out.pace.pending_poll = settings.pending_poll;
    out.steps.registration_limit = settings.registration_limit;
    out.steps.notice.low_megabytes = static_cast<double>(settings.low_balance_megabytes);
    out.steps.notice.before_expiry = settings.expiry_days;
    return out;
}

provision::device device_of(const components& all, esim::card_gate& gate, platform::logger& log)
{
    return {.api = *all.api,
        .card = all.device(),
        .modem = all.modem.get(),
        .reach =
            [&all](std::string interface) {
                return all.http->reach(all.gigastore_url.where, std::move(interface));
            },
        .gate = gate,
        .log = log};
}

#ifdef ESIM_AGENT_KIOSK
link::site_settings site_settings_from(const config& settings, const web::brand& look)
{
    link::site_settings out;
    out.at.address = settings.link_listen->address;
    out.at.port = settings.link_listen->port;
    out.is_behind_proxy = settings.link_listen->is_loopback;
    out.url = values::to_text(settings.link_url);
    out.at.certificate_file = settings.link_certificate_file;
    out.at.key_file = settings.link_key_file;
    out.title = settings.link_title.empty() ? settings.kiosk_title : settings.link_title;
    out.look = &look;
    out.support = settings.link_support.empty() ? look.support : settings.link_support;
    out.code_lasts = settings.link_hours;
    out.page_lasts = settings.link_days;
    out.state_directory = settings.state_directory;
    return out;
}
#endif

}  // namespace

configured_daemon::configured_daemon(asio::io_context& io, const config& settings,
    platform::state_lock lock, std::unique_ptr<components> all,
    std::function<result<void>()> reload, platform::logger& log)
    : settings_(settings)
    , lock_(std::move(lock))
    , log_(log)
    , components_(std::move(all))
    , outbox_(settings.state_directory, report::limits_of(settings), log)
    , memory_(settings.state_directory, log)
    , couriers_(report::make_couriers(settings, components_->proxies, outbox_, log))
    , provisioner_(provisioner_settings_from(settings, *components_),
          device_of(*components_, gate_, log), outbox_, memory_)
    , api_(api_parts(io.get_executor(), std::move(reload)))
    , server_(io.get_executor(), routes())
    , tasks_(io.get_executor())
{
}

control::api_parts configured_daemon::api_parts(
    [[maybe_unused]] asio::any_io_executor executor, std::function<result<void>()> reload)
{
#ifdef ESIM_AGENT_KIOSK
    make_pages(executor);
#endif
    if (components_->installer)
        card_ = std::make_unique<control::card_requests>(*components_->installer, gate_, log_);
    std::vector<report::courier*> couriers;
    for (auto& each : couriers_)
        couriers.push_back(each.get());
    return {.provisioner = provisioner_,
        .gigastore = *components_->api,
        .card = card_.get(),
        .gate = gate_,
        .outbox = outbox_,
        .couriers = std::move(couriers),
        .events = feed_,
#ifdef ESIM_AGENT_KIOSK
        .kiosk = kiosk_ ? &kiosk_->page() : nullptr,
        .links = links_.get(),
        .till = till_.get(),
#endif
        .reload = std::move(reload),
        .log = log_};
}

#ifdef ESIM_AGENT_KIOSK
void configured_daemon::make_pages(asio::any_io_executor executor)
{
    if (!look_)
        return;  // prepare() says so
    print::set_texts(look_->texts, look_->is_staffed);
    if (settings_.link_listen)
        links_ = std::make_unique<link::link_site>(executor,
            link::site_parts{.api = *components_->api, .outbox = outbox_, .log = log_},
            site_settings_from(settings_, *look_));
    if (!settings_.has_kiosk())
        return;
    if (!settings_.kiosk_sells.empty())
        till_ = std::make_unique<sale::till>(*components_->api,
            sale::till_settings{.items = settings_.kiosk_sells,
                .daily = static_cast<int>(settings_.kiosk_sells_daily),
                .state_directory = settings_.state_directory},
            log_);
    kiosk::session_store_parts with{.api = *components_->api, .outbox = outbox_, .log = log_};
    with.progress = [this](const iccid& which) -> std::optional<int> {
        const provision::status& now = provisioner_.now();
        bool is_ours = !which.empty() && now.iccid == which;
        return is_ours ? now.percent : std::nullopt;
    };
    if (links_)
        with.give_link = [this](const esim::order& what) { return give_link(what); };
    kiosk_ = std::make_unique<kiosk_front>(executor, settings_, *look_, with);
}

/// None if it cannot be kept: the session goes on without.
platform::secret configured_daemon::give_link(const esim::order& what)
{
    auto given = links_->give(what);
    if (given)
        return std::move(given->url);
    log_.warning("no link for the session: " + given.error().message());
    return {};
}
#endif

net::server_handler configured_daemon::routes()
{
    return [this](net::http_request asked) { return api_.answer(std::move(asked)); };
}

result<void> configured_daemon::prepare()
{
    platform::remove_strays(settings_.state_directory);
    if (auto loaded = outbox_.load(report::keys_of(settings_)); !loaded)
        return loaded.error();
    if (auto known = provisioner_.load(); !known)
        return known.error();
#ifdef ESIM_AGENT_KIOSK
    if (!look_)
        return look_.error();
    if (links_)
        if (auto ready = links_->open(); !ready)
            return ready.error();
    if (kiosk_)
        if (auto ready = kiosk_->open(); !ready)
            return ready.error();
#endif
    return server_.listen_on_socket(settings_.control_socket, settings_.control_group,
        platform::peers_allowed(settings_.control_group));
}

/// The same story to everybody: followers of the event stream and the service manager.
void configured_daemon::publish()
{
    std::string status = boost::json::serialize(api_.status());
    if (status != last_status_)
        feed_.publish("status", status);
    last_status_ = std::move(status);
    const provision::status& now = provisioner_.now();
    std::string reported = boost::json::serialize(provision::to_reported(now));
    for (auto& each : couriers_) {
        each->to().introduce({now.eid, now.iccid, now.customer_uid});
        each->to().show_state(reported);
    }
    std::string line = now.doing;
    if (now.percent)
        line += " (" + std::to_string(*now.percent) + " %)";
    if (line != last_line_)
        platform::notify_status(line);
    last_line_ = std::move(line);
}

void configured_daemon::begin()
{
    provisioner_.on_change([this] { publish(); });
    outbox_.on_add([this](const std::string& event) { feed_.publish("report", event); });
    for (auto& each : couriers_) {
        each->on_change([this] { publish(); });
        each->to().on_order([this](std::string_view text) { provisioner_.take_desired(text); });
        tasks_.spawn(each->run());
        tasks_.spawn(each->to().serve());
    }
    constexpr std::chrono::seconds between_looks{30};
    tasks_.spawn(outbox_.write_when_there_is_room(between_looks));
    tasks_.spawn(server_.run());
#ifdef ESIM_AGENT_KIOSK
    if (links_)
        tasks_.spawn(links_->run());
    if (kiosk_)
        tasks_.spawn(kiosk_->run());
#endif
    tasks_.spawn(provisioner_.run());
    if (settings_.asks_for_assignment)
        tasks_.spawn(provision::follow_assignment(provisioner_, *components_->api,
            {.first = settings_.pending_poll, .usual = settings_.poll}, log_));
    tasks_.spawn(platform::watch_clock([this] { clock_was_set(); }));
    if (!settings_.provision_directory.empty())
        tasks_.spawn(platform::watch_directory(
            settings_.provision_directory, [this] { provisioner_.look_again(); }));
}

/// Certificates that could not be judged can be now, and what waits until a time is too early or
/// too late.
void configured_daemon::clock_was_set()
{
    log_.info("the clock was set");
    provisioner_.look_again();
    for (auto& each : couriers_)
        each->hurry();
}

asio::awaitable<void> configured_daemon::end()
{
#ifdef ESIM_AGENT_KIOSK
    if (kiosk_)
        co_await kiosk_->end();
#endif
    co_await tasks_.ended();
}

}  // namespace agent
