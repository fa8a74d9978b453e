#include "agent/config/config.hpp"

#include "agent/config/keys.hpp"
#include "agent/config/values.hpp"
#include "platform/error.hpp"
#include "platform/storage.hpp"

#include <filesystem>

namespace agent {
namespace {

failure bad_configuration(std::string why)
{
    return {platform::errc::configuration, std::move(why)};
}

result<void> check_destination(const report_destination& one)
{
    std::string what = std::string("report: <") + name_of(one.kind) + ">";
    bool is_hook = one.kind == destination_kind::webhook;
    if (!one.url && one.url_file.empty())
        return bad_configuration(what + (is_hook ? " needs url or url-file" : " needs url"));
    if (one.url && !one.url_file.empty())
        return bad_configuration(what + ": url and url-file are one too many");
    if (one.client_certificate_file.empty() != one.client_key_file.empty())
        return bad_configuration(
            what + ": client-certificate-file and client-key-file go together");
    if (one.username.empty() != one.password_file.empty())
        return bad_configuration(what + ": username and password-file go together");
    bool has_secret_url = !one.url_file.empty() || (one.url && !one.url->query.empty());
    bool proves_itself =
        !one.secret_file.empty() || !one.client_certificate_file.empty() || has_secret_url;
    if (is_hook && !proves_itself)
        return bad_configuration(
            what
            + " needs secret-file (it signs the reports), a client certificate, or a URL "
              "with a signature of its own");
    return {};
}

/// Where orders from afar come from: one topic for each device, which its EID alone tells.
result<void> settle_orders(report_destination& broker)
{
    if (broker.desired_topic.empty())
        broker.desired_topic = "esim/{eid}/desired";
    if (broker.reported_topic.empty())
        broker.reported_topic = "esim/{eid}/reported";
    for (const std::string& topic : {broker.desired_topic, broker.reported_topic})
        if (topic.find("{eid}") == topic.npos || topic.find_first_of("+#") != topic.npos)
            return bad_configuration("report: <mqtt>: '" + topic
                                     + "' is no topic of one device: it needs {eid}, and no "
                                       "wildcard");
    if (broker.desired_topic == broker.reported_topic)
        return bad_configuration("report: <mqtt>: desired-topic and reported-topic are the same");
    std::string all =
        broker.desired_topic + broker.reported_topic + broker.topic + broker.client_id;
    bool needs_order = all.find("{uid}") != all.npos || all.find("{iccid}") != all.npos;
    if (needs_order)
        return bad_configuration("report: <mqtt>: with <provision remote=\"yes\"/> topics and "
                                 "client-id have no {uid} and no {iccid}, which only an order "
                                 "tells");
    return {};
}

result<void> settle_orders(config& settings)
{
    for (report_destination& each : settings.destinations) {
        if (each.kind != destination_kind::mqtt)
            continue;
        bool names_topics = !each.desired_topic.empty() || !each.reported_topic.empty();
        if (!settings.takes_remote_orders && names_topics)
            return bad_configuration("report: <mqtt desired-topic> and reported-topic need "
                                     "<provision remote=\"yes\"/>");
        if (!settings.takes_remote_orders)
            continue;
        if (auto settled = settle_orders(each); !settled)
            return settled.error();
    }
    return {};
}

result<void> check_kiosk(const config& settings)
{
#ifndef ESIM_AGENT_KIOSK
    if (settings.has_kiosk() || !settings.printer_port.empty())
        return bad_configuration(
            "kiosk, display and printer: this esim-agent was built without them "
            "(ESIM_AGENT_KIOSK)");
#endif
    bool has_certificate = !settings.kiosk_certificate_file.empty();
    if (has_certificate != !settings.kiosk_key_file.empty())
        return bad_configuration("kiosk: certificate-file and key-file go together");
    if (settings.kiosk_wifi_ssid.empty() && !settings.kiosk_wifi_password_file.empty())
        return bad_configuration("kiosk: wifi-password-file needs wifi-ssid");
    bool is_open = settings.kiosk_listen && !settings.kiosk_listen->is_loopback;
    bool is_guarded = has_certificate && !settings.kiosk_token_file.empty();
    if (is_open && !is_guarded)
        return bad_configuration(
            "kiosk: others than this device itself may look at it only under TLS and with "
            "a token: set certificate-file, key-file and token-file, or listen on "
            "127.0.0.1");
    return {};
}

result<void> check_link(const config& settings)
{
#ifndef ESIM_AGENT_KIOSK
    if (settings.link_listen)
        return bad_configuration("link: this esim-agent was built without it (ESIM_AGENT_KIOSK)");
#endif
    if (settings.link_listen.has_value() != settings.link_url.has_value())
        return bad_configuration("link: listen and url go together: url is where the world finds "
                                 "what is served there");
    bool has_certificate = !settings.link_certificate_file.empty();
    if (has_certificate != !settings.link_key_file.empty())
        return bad_configuration("link: certificate-file and key-file go together");
    bool is_open = settings.link_listen && !settings.link_listen->is_loopback;
    if (is_open && !has_certificate)
        return bad_configuration(
            "link: others than this device itself get pages only under TLS: set "
            "certificate-file and key-file, or listen on 127.0.0.1 behind a "
            "server that has them");
    return {};
}

result<void> check_data(const config& settings)
{
    if (settings.data_online == data_mode::no)
        return {};
    using platform::control_kind;
    control_kind control = settings.modem_control.value_or(control_kind::none);
    bool tells_interface = control == control_kind::modemmanager
                           || control == control_kind::automatic
                           || settings.modem_channel == platform::channel_kind::automatic;
    if (settings.modem_interface.empty() && !tells_interface)
        return bad_configuration("data: name the modem's network interface: <modem "
                                 "interface=\"wwan0\"/>; only ModemManager tells it by itself");
    if (settings.data_user.empty() && !settings.data_password_file.empty())
        return bad_configuration("data: password-file needs user");
#ifndef ESIM_AGENT_HOOK
    if (!settings.data_program.empty())
        return bad_configuration("data: this esim-agent was built without programs of one's own "
                                 "(ESIM_AGENT_HOOK)");
#endif
    return {};
}

result<void> check_modem(const config& settings)
{
    using platform::channel_kind;
    using platform::control_kind;
    channel_kind channel = settings.modem_channel;
    control_kind control = settings.modem_control.value_or(control_kind::none);
    std::string name = values::to_text(settings.modem_control);
    bool has_hook = settings.modem_installer == installer_kind::hook;
    if (has_hook != !settings.modem_installer_program.empty())
        return bad_configuration("modem: installer=\"hook\" and installer-program go together");
    if (has_hook && channel != channel_kind::none)
        return bad_configuration("modem: with installer=\"hook\" its program talks with the card; "
                                 "leave channel out");
    bool is_automatic = control == control_kind::automatic;
    bool is_automatic_channel = channel == channel_kind::automatic;
    if (is_automatic && !is_automatic_channel)
        return bad_configuration("modem: control=\"auto\" needs channel=\"auto\"");
    bool is_managed = control == control_kind::modemmanager;
    bool is_a_modems = is_automatic_channel || platform::control_of(channel) != control_kind::none;
    bool has_port = is_managed ? is_a_modems : values::to_text(channel) == name;
    bool lacks_port = control != control_kind::none && !is_automatic && !has_port
                      && settings.modem_control_device.empty();
    if (lacks_port)
        return bad_configuration("modem: control=\"" + name
                                 + "\" needs control-device, unless the channel is "
                                 + (is_managed ? "a modem's" : name));
    bool needs_device = channel == channel_kind::at || channel == channel_kind::qmi
                        || channel == channel_kind::mbim || channel == channel_kind::socket;
    if (needs_device && settings.modem_device.empty())
        return bad_configuration(
            "modem: channel=\"" + values::to_text(channel) + "\" needs device");
    bool has_slots = channel == channel_kind::qmi || channel == channel_kind::automatic;
    if (settings.modem_slot.number != 0 && !has_slots)
        return bad_configuration("modem: slot needs channel=\"qmi\" or \"auto\"");
    return {};
}

}  // namespace

result<void> check(const config& settings)
{
    if (auto good = check_kiosk(settings); !good)
        return good.error();
    if (auto good = check_link(settings); !good)
        return good.error();
    for (const report_destination& each : settings.destinations)
        if (auto good = check_destination(each); !good)
            return good.error();
    if (auto good = check_modem(settings); !good)
        return good.error();
    if (auto good = check_data(settings); !good)
        return good.error();
    bool has_id = !settings.client_id_file.empty();
    bool has_secret = !settings.client_secret_file.empty();
    bool has_certificate = !settings.client_certificate_file.empty();
    bool has_key = !settings.client_key_file.empty();
    if (has_id != has_secret)
        return bad_configuration("gigastore: client-id-file and client-secret-file go together");
    if (has_certificate != has_key)
        return bad_configuration(
            "gigastore: client-certificate-file and client-key-file go together");
    if (has_id && !settings.bearer_file.empty())
        return bad_configuration(
            "gigastore: either client-id-file and client-secret-file, or bearer-file");
    if (!settings.proxy_credentials_file.empty() && !settings.proxy)
        return bad_configuration("proxy: credentials-file needs url");
    if (!settings.proxy_except.empty() && !settings.proxy)
        return bad_configuration("proxy: except needs url; beside https_proxy there is no_proxy");
    return {};
}

result<config> load_config(const std::string& file, bool must_exist, const char* const* environment)
{
    config loaded;
    std::error_code ec;
    if (must_exist || std::filesystem::exists(file, ec))
        if (auto read = read_xml(file, loaded); !read)
            return read.error();
    std::string folder = std::filesystem::path(file).parent_path() / "agent.d";
    auto fragments = platform::list_files(folder, ".xml");
    if (!fragments)
        return fragments.error();
    for (const std::string& fragment : *fragments)
        if (auto read = read_xml(fragment, loaded); !read)
            return read.error();
    if (auto read = read_environment(environment, loaded); !read)
        return read.error();
    // The environment may name a device, and a channel or none.
    bool has_device = !loaded.modem_device.empty();
    bool is_hook = loaded.modem_installer == installer_kind::hook;
    if (is_hook && loaded.modem_channel == platform::channel_kind::automatic)
        loaded.modem_channel = platform::channel_kind::none;
    if (has_device && !is_hook && loaded.modem_channel == platform::channel_kind::none)
        loaded.modem_channel = platform::channel_kind::automatic;
    if (auto good = check(loaded); !good)
        return good.error();
    if (auto settled = settle_orders(loaded); !settled)
        return settled.error();
    return loaded;
}

}  // namespace agent
