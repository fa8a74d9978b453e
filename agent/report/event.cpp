#include "agent/report/event.hpp"

#include "agent/base/digest.hpp"
#include "agent/base/json.hpp"
#include "platform/error.hpp"
#include "platform/iso_time.hpp"

#include <boost/json/serialize.hpp>

namespace agent::report {
namespace {

std::string to_cloud_event(const event& what, const std::string& id)
{
    std::string time = platform::to_iso(what.at.system);
    json::object data = what.more;
    data["stage"] = name_of(what.stage);
    data["customerUid"] = or_null(what.customer_uid);
    data["eid"] = or_null(what.eid);
    data["iccid"] = or_null(what.iccid.text());
    data["imsi"] = or_null(what.imsi);
    data["profileState"] = or_null(what.profile_state);
    data["modem"] = or_null(what.modem);
    data["agentVersion"] = AGENT_VERSION;
    data["occurredAt"] = time;
    data["clock"] = what.at.is_plausible() ? "system" : "floor";
    json::object out{{"specversion", "1.0"}, {"id", id},
        {"source", "urn:esim-agent:" + (what.eid.empty() ? "unknown" : what.eid)},
        {"type", std::string("store.giga.esim.") + name_of(what.stage)}, {"time", time},
        {"datacontenttype", "application/json"}};
    if (!what.iccid.empty())
        out["subject"] = what.iccid.text();
    out["data"] = std::move(data);
    return json::serialize(out);
}

}  // namespace

std::string id_of(const event& what)
{
    std::string all = what.eid + '\n' + what.customer_uid + '\n' + what.iccid.text() + '\n'
                      + name_of(what.stage) + '\n' + what.occurrence;
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

rendered_report render(const event& what)
{
    rendered_report out;
    out.id = id_of(what);
    out.stage = what.stage;
    out.eid = what.eid;
    out.iccid = what.iccid;
    out.imsi = what.imsi;
    out.customer_uid = what.customer_uid;
    out.profile_state = what.profile_state;
    if (const json::value* count = what.more.if_contains("droppedReports"))
        out.dropped_reports = count->to_number<int>();
    out.cloud_event = to_cloud_event(what, out.id);
    return out;
}

result<rendered_report> read_report(std::string cloud_event)
{
    json_document document{cloud_event};
    const json::value* root = document.root();
    const json::value* data = root != nullptr ? member(*root, "data") : nullptr;
    auto stage = data != nullptr ? stage_from(text_view(*data, "stage")) : std::nullopt;
    if (!stage)
        return failure(platform::errc::damaged, "it holds no CloudEvent of ours");
    rendered_report out;
    out.id = text(*root, "id");
    out.stage = *stage;
    out.eid = text(*data, "eid");
    out.iccid = iccid::from(text_view(*data, "iccid"));
    out.imsi = text(*data, "imsi");
    out.customer_uid = text(*data, "customerUid");
    out.profile_state = text(*data, "profileState");
    out.dropped_reports = whole_number(*data, "droppedReports").value_or(0);
    out.cloud_event = std::move(cloud_event);
    return out;
}

std::string to_gigastore(const rendered_report& what)
{
    bool is_change = *profile_state_after(what.stage) != '\0';
    if (!is_change || what.profile_state.empty())
        return {};
    json::object out{
        {"iccid", what.iccid.text()}, {"imsi", what.imsi}, {"profileState", what.profile_state}};
    if (!what.eid.empty())
        out["eid"] = what.eid;
    return json::serialize(out);
}

}  // namespace agent::report
