#pragma once

#include "agent/base/iccid.hpp"
#include "agent/base/vocabulary.hpp"
#include "agent/lpa/types.hpp"
#include "agent/net/proxy.hpp"
#include "agent/net/url.hpp"
#include "platform/bytes.hpp"
#include "platform/log.hpp"
#include "platform/make_channel.hpp"
#include "platform/modem_control.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace agent {

enum class destination_kind { webhook, mqtt };
enum class report_format { cloudevents, gigastore };

/// A place that reports go to. What each value means: esim-agent.xml(5).
struct report_destination {
    destination_kind kind = destination_kind::webhook;
    std::optional<net::url> url{};
    std::string url_file{};     // webhook: holds the URL, where all of it is secret
    std::string secret_file{};  // webhook: signs; several secrets may stand in it, one a line
    std::string ca_file{};
    std::string client_certificate_file{};
    std::string client_key_file{};
    std::string client_key_password_file{};
    std::optional<report_format> format{};  // webhook; none: CloudEvents
    std::string topic{};                    // mqtt; {eid}, {iccid} and {uid} stand for theirs
    std::string client_id{};                // mqtt; with the same
    std::string desired_topic{};            // mqtt; with the same
    std::string reported_topic{};           // mqtt; with the same
    std::string username{};                 // mqtt
    std::string password_file{};            // mqtt
};

/// Where the kiosk listens, or the pages of links.
struct listen_address {
    std::string address{};  // an IP literal without brackets
    unsigned short port = 0;
    bool is_loopback = false;
};

/// A SIM slot of a modem.
struct sim_slot {
    unsigned number = 0;  // from 1; 0: the one in use
};

/// Who puts profiles onto the card: this program, or one of the integrator's.
enum class installer_kind { native, hook };

/// Whether data has to come up, and by whom.
enum class data_mode { no, await, connect };

enum class self_service { no, reference, email };

/// Everything that can be configured, with its default. Where each value comes from and what
/// it means: esim-agent.xml(5). Names that end in _file are paths; secrets are only ever files.
struct config {
    net::url gigastore_url{.scheme = "https", .where = {.host = "api.giga.store"}};
    std::string client_id_file{};
    std::string client_secret_file{};
    std::string bearer_file{};
    std::string client_certificate_file{};
    std::string client_key_file{};
    std::string client_key_password_file{};
    std::string ca_file{};  // empty: the system's certificate authorities

    std::string customer_uid{};
    iccid customer_iccid{};
    std::size_t low_balance_megabytes = 100;  // a report when less is left
    std::chrono::days expiry_days{3};         // a report when a package ends sooner

    std::optional<net::proxy> proxy{};  // none: https_proxy from the environment
    std::string proxy_credentials_file{};
    std::vector<std::string> proxy_except{};

    std::string lpa_ca_file{};  // SM-DP+ roots beside GSMA's and the system's

    platform::channel_kind modem_channel = platform::channel_kind::none;  // no eUICC to use
    std::string modem_device{};  // serial port, reader or socket
    sim_slot modem_slot{};       // the one in use, unless one is named
    bool modem_enable = true;
    std::optional<bool> modem_refresh{};  // whether cards are asked for one; none: as fits
    installer_kind modem_installer = installer_kind::native;
    std::string modem_installer_program{};
    std::chrono::seconds modem_installer_limit{600};  // for each of its runs
    std::size_t modem_segment = 255;                  // octets, at most
    std::size_t modem_least_segment = 64;             // after longer ones were refused
    platform::bytes modem_aid{};  // an ISD-R that is tried before those that are known
    std::string modem_imei{};     // where the channel tells none
    lpa::device_capabilities modem_technologies{};
    std::optional<platform::control_kind> modem_control{};  // none: automatic where the channel is
    std::string modem_control_device{};                     // empty: the channel's
    std::string modem_interface{};  // its network interface: no uplink to install over
    std::chrono::seconds registration_limit{180};

    data_mode data_online = data_mode::no;
    std::string data_apn{};  // empty: the modem's own; "auto": guessed
    std::string data_user{};
    std::string data_password_file{};
    bool data_roaming = true;
    std::string data_program{};  // brings the interface up
    std::chrono::seconds data_limit{120};

    std::string provision_directory{};      // where provisioning files are dropped
    std::chrono::seconds poll{21'600};      // between looks at Gigastore
    std::chrono::seconds pending_poll{20};  // while something is awaited
    bool delete_replaced = false;
    bool takes_remote_orders = false;  // from a broker
    bool asks_for_assignment = false;  // the gateway whose eSIM it is to have
    bool fallback = true;

    std::size_t report_max_count = 1'000;
    std::size_t report_max_bytes = 1'048'576;
    std::vector<report_destination> destinations{};

    std::string control_socket = "/run/esim-agent/control.sock";
    std::string control_group{};  // beside root; a name

    std::optional<listen_address> kiosk_listen{};  // none: no page
    std::string kiosk_certificate_file{};
    std::string kiosk_key_file{};
    std::string kiosk_token_file{};
    std::string kiosk_language{};  // empty: the browser's
    std::string kiosk_title{};
    std::string kiosk_brand{};      // a folder
    std::string kiosk_wifi_ssid{};  // the visitors' network; empty: the page shows none
    std::string kiosk_wifi_password_file{};
    self_service kiosk_self_service = self_service::no;
    std::vector<std::string> kiosk_sells{};  // ids of the packages that a till may sell
    std::size_t kiosk_sells_daily = 20;
    std::chrono::minutes kiosk_minutes{10};  // that a session lasts
    std::chrono::seconds kiosk_poll{3};      // between looks at Gigastore while one is open

    std::optional<listen_address> link_listen{};  // none: no links
    std::optional<net::url> link_url{};           // as the world finds it
    std::string link_certificate_file{};
    std::string link_key_file{};
    std::string link_title{};
    std::string link_support{};         // a mail address, telephone number or page
    std::chrono::hours link_hours{72};  // that a link shows a code
    std::chrono::days link_days{90};    // that it shows what is left

    std::string display_framebuffer{};  // "/dev/fb0"; empty: none
    std::string display_mode{};         // of a plain file: "800x480x16"
    int display_rotate = 0;             // degrees, clockwise
    std::string printer_port{};         // "tcp://HOST:PORT", device or file; empty: none
    int printer_paper = 80;             // millimetres

    std::string state_directory = "/var/lib/esim-agent";

    std::optional<platform::log_level> log_level{};  // none: warning, or info for the daemon

    /// Whether there is a card to install on.
    bool has_card() const
    {
        return modem_channel != platform::channel_kind::none
               || modem_installer == installer_kind::hook;
    }
    /// Whether sessions can be shown here: on a page or a display.
    bool has_kiosk() const { return kiosk_listen || !display_framebuffer.empty(); }
};

/// Reads the configuration: `file`, then the folder agent.d beside it (*.xml in order), then
/// the environment (ESIM_AGENT_...). The default file need not exist, a named one must.
/// Fails with the file and line, and what to do.
result<config> load_config(
    const std::string& file, bool must_exist, const char* const* environment);

/// What the parts must agree on: e.g. a client id needs its secret.
result<void> check(const config& settings);

/// Reads one XML file over what is in `into`.
result<void> read_xml(const std::string& file, config& into);
/// Takes ESIM_AGENT_* variables over what is in `into`; refuses unknown ones.
result<void> read_environment(const char* const* environment, config& into);

}  // namespace agent
