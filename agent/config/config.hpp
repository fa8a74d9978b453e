#pragma once

#include "agent/base/vocabulary.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace agent {

/// A place that reports go to. What it is and what each value means: esim-agent.xml(5).
struct report_destination {
    std::string kind{};  // "webhook" or "mqtt"
    std::string url{};
    std::string secret_file{};  // webhook: signs; several secrets may stand in it, one a line
    std::string ca_file{};
    std::string client_certificate_file{};
    std::string client_key_file{};
    std::string format{};         // webhook: "cloudevents", or "gigastore"
    std::string topic{};          // mqtt; {eid}, {iccid} and {uid} stand for theirs
    std::string username{};       // mqtt
    std::string password_file{};  // mqtt

    friend bool operator==(const report_destination&, const report_destination&) = default;
};

/// Everything that can be configured, with its default. Where each value comes from and what
/// it means: esim-agent.xml(5). Names that end in _file are paths; secrets are only ever files.
struct config {
    std::string gigastore_url = "https://api.giga.store";
    std::string client_id_file{};
    std::string client_secret_file{};
    std::string bearer_file{};
    std::string client_certificate_file{};
    std::string client_key_file{};
    std::string ca_file{};  // empty: the system's certificate authorities

    std::string customer_uid{};
    std::string customer_iccid{};
    std::string low_balance_megabytes = "100";  // a report when less is left
    std::string expiry_days = "3";              // a report when a package ends sooner

    std::string proxy_url{};  // empty: https_proxy from the environment
    std::string proxy_credentials_file{};
    std::string proxy_except{};

    std::string lpa_ca_file{};  // SM-DP+ roots beside GSMA's and the system's

    std::string modem_channel{};  // at, pcsc or socket; empty: this device has no eUICC to use
    std::string modem_device{};   // serial port, reader or socket
    std::string modem_enable = "yes";
    std::string modem_least_segment = "64";
    std::string modem_aid{};   // an ISD-R that is tried before those that are known
    std::string modem_imei{};  // where the channel tells none
    std::string modem_control = "none";
    std::string modem_control_device{};      // empty: the channel's
    std::string modem_interface{};           // its network interface: no uplink to install over
    std::string registration_limit = "180";  // seconds

    std::string provision_directory{};  // where provisioning files are dropped
    std::string poll = "21600";         // seconds between looks at Gigastore
    std::string pending_poll = "20";    // seconds, while something is awaited
    std::string delete_replaced = "no";
    std::string fallback = "yes";

    std::string report_max_count = "1000";
    std::string report_max_bytes = "1048576";
    std::vector<report_destination> destinations{};

    std::string control_socket = "/run/esim-agent/control.sock";
    std::string control_group{};  // beside root; a name

    std::string kiosk_listen{};  // "127.0.0.1:8080"; empty: no kiosk
    std::string kiosk_certificate_file{};
    std::string kiosk_key_file{};
    std::string kiosk_token_file{};
    std::string kiosk_language{};  // empty: the browser's
    std::string kiosk_title{};
    std::string kiosk_self_service = "no";
    std::string kiosk_minutes = "10";  // that a session lasts
    std::string kiosk_poll = "3";      // seconds between looks at Gigastore while one is open

    std::string display_framebuffer{};  // "/dev/fb0"; empty: none
    std::string display_mode{};         // of a plain file: "800x480x16"
    std::string display_rotate = "0";   // degrees, clockwise
    std::string printer_port{};         // "tcp://HOST:PORT", device or file; empty: none
    std::string printer_paper = "80";   // millimetres

    std::string state_directory = "/var/lib/esim-agent";

    std::string log_level{};  // empty: warning, or info for the daemon
};

/// One key: its element and attribute, its environment variable, its place in config, and
/// the kind of value it takes.
struct config_key {
    enum class kind {
        text,
        number,
        control,
        format,
        broker_url,
        path,
        https_url,
        proxy_url,
        iccid,
        level,
        channel,
        yes_no,
        segment,
        aid,
        imei,
        listen,
        self_service,
        rotation,
        printer_port,
        paper,
    };

    const char* element;
    const char* attribute;
    const char* variable;
    std::string config::*member;
    kind takes;
};

/// One key of a report_destination: it has no environment variable.
struct destination_key {
    const char* element;
    const char* attribute;
    std::string report_destination::*member;
    config_key::kind takes;
};

/// Looks a destination's key up; null if there is none.
const destination_key* find_destination_key(std::string_view element, std::string_view attribute);
bool is_destination(std::string_view element);

/// Sets one value of a destination, as set() does.
result<void> set(report_destination& into, const destination_key& key, std::string_view value,
    std::string directory);

/// Looks a key up by element and attribute, or by environment variable; null if there is none.
const config_key* find_config_key(std::string_view element, std::string_view attribute);
const config_key* find_config_key(std::string_view variable);
/// True if some key has this element.
bool is_config_element(std::string_view element);

/// Sets one value; fails with what is wrong with it. An empty value restores the default.
/// A relative path is taken to lie in `directory`, unless that is empty.
result<void> set(
    config& into, const config_key& key, std::string_view value, std::string directory);

/// Reads the configuration: `file`, then the folder agent.d beside it (*.xml in order), then
/// the environment (ESIM_AGENT_...). The default file need not exist, a named one must.
/// Fails with the file and line, and what to do.
result<config> load_config(
    const std::string& file, bool must_exist, const char* const* environment);

/// Where the kiosk listens, as check() has accepted it.
struct listen_address {
    std::string address{};  // an IP literal without brackets
    unsigned short port = 0;
    bool is_loopback = false;
};

/// "127.0.0.1:8080" or "[::1]:8080"; port 0 is any that is free. Fails for a name.
result<listen_address> parse_listen(const std::string& value);

/// Whether sessions can be shown here: on a page or a display.
bool has_kiosk(const config& settings);

/// A number that check() has accepted.
long number_of(const std::string& value);

/// What the parts must agree on: e.g. a client id needs its secret.
result<void> check(const config& settings);

/// Reads one XML file over what is in `into`.
result<void> read_xml(const std::string& file, config& into);
/// Takes ESIM_AGENT_* variables over what is in `into`; refuses unknown ones.
result<void> read_environment(const char* const* environment, config& into);

}  // namespace agent
