#include "agent/report/event.hpp"

#include "agent/base/digest.hpp"
#include "agent/base/json.hpp"
#include "platform/iso_time.hpp"

#include <boost/json/serialize.hpp>

namespace agent::report {

std::string id_of(const event& what)
{
    std::string all = what.eid + '\n' + what.customer_uid + '\n' + what.iccid + '\n' + what.stage
                      + '\n' + what.occasion;
    platform::bytes hash = sha256(platform::view_of(all));
    hash.resize(16);
    hash[6] = static_cast<std::uint8_t>((hash[6] & 0x0fU) | 0x80U);
    hash[8] = static_cast<std::uint8_t>((hash[8] & 0x3fU) | 0x80U);
    std::string out = platform::to_hex(hash);
    for (char& digit : out)
        digit = digit >= 'A' ? static_cast<char>(digit - 'A' + 'a') : digit;
    for (std::size_t at : {8U, 13U, 18U, 23U})
        out.insert(at, 1, '-');
    return out;
}

std::string to_cloud_event(const event& what)
{
    auto or_null = [](const std::string& text) {
        return text.empty() ? json::value() : json::value(text);
    };
    std::string time = platform::to_iso(what.at.system);
    json::object data = what.more;
    data["stage"] = what.stage;
    data["customerUid"] = or_null(what.customer_uid);
    data["eid"] = or_null(what.eid);
    data["iccid"] = or_null(what.iccid);
    data["imsi"] = or_null(what.imsi);
    data["profileState"] = or_null(what.profile_state);
    data["modem"] = or_null(what.modem);
    data["agentVersion"] = AGENT_VERSION;
    data["occurredAt"] = time;
    data["clock"] = what.at.is_plausible() ? "system" : "floor";
    json::object out{{"specversion", "1.0"}, {"id", id_of(what)},
        {"source", "urn:esim-agent:" + (what.eid.empty() ? "unknown" : what.eid)},
        {"type", "store.giga.esim." + what.stage}, {"time", time},
        {"datacontenttype", "application/json"}};
    if (!what.iccid.empty())
        out["subject"] = what.iccid;
    out["data"] = std::move(data);
    return json::serialize(out);
}

std::string to_gigastore(std::string_view cloud_event)
{
    json_document document{cloud_event};
    const json::value* data =
        document.root() != nullptr ? member(*document.root(), "data") : nullptr;
    if (data == nullptr || text_view(*data, "profileState").empty())
        return {};
    json::object out{{"iccid", text_view(*data, "iccid")}, {"imsi", text_view(*data, "imsi")},
        {"profileState", text_view(*data, "profileState")}};
    if (auto eid = text_view(*data, "eid"); !eid.empty())
        out["eid"] = eid;
    return json::serialize(out);
}

std::string shortened(std::string_view number)
{
    constexpr std::size_t kept = 4;
    if (number.size() <= 2 * kept)
        return std::string(number);
    return std::string(number.substr(0, kept)) + "..."
           + std::string(number.substr(number.size() - kept));
}

}  // namespace agent::report
