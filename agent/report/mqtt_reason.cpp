#include "agent/report/mqtt_reason.hpp"

#include "agent/net/error.hpp"
#include "platform/error.hpp"

#include <mosquitto.h>
#include <mqtt_protocol.h>

namespace agent::report {
namespace {

// CONNACK's return codes in MQTT 3.1.1, table 3.1.
constexpr int bad_version = 1;
constexpr int bad_client_id = 2;
constexpr int unavailable = 3;
constexpr int bad_credentials = 4;
constexpr int not_authorized = 5;

const char* words_of_reason(int reason)
{
    switch (reason) {
    case bad_version: return "unacceptable protocol version";
    case bad_client_id: return "client id rejected";
    case unavailable: return "server unavailable";
    case bad_credentials: return "bad user name or password";
    case not_authorized: return "not authorized";
    default: return mosquitto_reason_string(reason);
    }
}

}  // namespace

bool is_about_version(int reason)
{
    return reason == bad_version || reason == MQTT_RC_UNSUPPORTED_PROTOCOL_VERSION;
}

failure refused_by_broker(int reason, const std::string& client_id)
{
    std::string words = "the broker says: " + std::string(words_of_reason(reason));
    switch (reason) {
    case bad_credentials:
    case not_authorized:
    case MQTT_RC_BAD_USERNAME_OR_PASSWORD:
    case MQTT_RC_NOT_AUTHORIZED:
    case MQTT_RC_BANNED: return {net::errc::credentials_refused, words};
    case bad_client_id:
    case MQTT_RC_CLIENTID_NOT_VALID:
        return {platform::errc::configuration,
            words + " ('" + client_id + "'): set client-id to the one that it expects"};
    default: return {net::errc::server_trouble, words};
    }
}

}  // namespace agent::report
