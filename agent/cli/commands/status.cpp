#include "agent/provision/status.hpp"
#include "agent/cli/commands.hpp"
#include "agent/cli/commands/status_text.hpp"
#include "agent/cli/daemon_client.hpp"
#include "agent/cli/error.hpp"
#include "agent/cli/output/output.hpp"
#include "agent/provision/memory.hpp"
#include "platform/iso_time.hpp"
#include "platform/text.hpp"

namespace agent::cli {
namespace {

std::string row(const char* name, const std::string& value)
{
    if (value.empty())
        return {};
    return cell(name, 11) + platform::printable(value) + "\n";
}

std::string local_time_in(const json::value& parent, const char* name)
{
    auto time = platform::parse_time(text_view(parent, name));
    return time ? local_time(*time) : std::string();
}

std::string esim_of(const json::value& now)
{
    std::string out = text(now, "iccid");
    std::string state = text(now, "profileState");
    return out + (out.empty() || state.empty() ? "" : " (" + state + " at Gigastore)");
}

std::string doing_of(const json::value& now)
{
    std::string out = text(now, "doing");
    if (auto percent = whole_number(now, "percent"))
        out += ", " + std::to_string(*percent) + " %";
    return out;
}

std::string trouble_of(const json::value& now)
{
    const json::value* trouble = member(now, "trouble");
    if (trouble == nullptr)
        return {};
    std::string out = text(*trouble, "name");
    int failures = whole_number(*trouble, "failures").value_or(0);
    if (failures > 1)
        out += ", " + std::to_string(failures) + " times in a row";
    return out;
}

std::string modem_of(const json::value& modem)
{
    std::string eid = text(modem, "eid");
    std::string imei = text(modem, "imei");
    return (imei.empty() ? "" : "IMEI " + imei + (eid.empty() ? "" : ", "))
           + (eid.empty() ? "" : "EID " + eid);
}

std::string network_of(const json::value& modem)
{
    std::string out = text(modem, "operator");
    std::string state = text(modem, "registration");
    out += (out.empty() || state.empty() ? "" : ", ") + state;
    const json::value* online = member(modem, "online");
    bool is_told = online != nullptr && online->is_bool();
    if (!is_told)
        return out;
    std::string how = online->get_bool() ? "online by " + text(modem, "interface") : "not online";
    return out + (out.empty() ? "" : ", ") + how;
}

std::string balance_of(const json::value& now)
{
    const json::value* balance = member(now, "balance");
    auto left = balance != nullptr ? number(*balance, "megabytes") : std::nullopt;
    if (!left)
        return {};
    std::string until = local_time_in(*balance, "expiresAt");
    return decimal(*left) + " MB" + (until.empty() ? "" : ", next package ends " + until);
}

std::string reports_of(const json::value& now)
{
    const json::value* reports = member(now, "reports");
    const json::value* all = reports != nullptr ? member(*reports, "destinations") : nullptr;
    std::string out;
    if (all == nullptr || !all->is_array())
        return out;
    if (all->get_array().empty())
        return row("Reports", "go nowhere: no <report> is configured");
    for (const json::value& each : all->get_array()) {
        std::string line = text(each, "name") + ": ";
        line += std::to_string(whole_number(each, "waiting").value_or(0)) + " wait";
        std::string last = local_time_in(each, "lastAcceptedAt");
        line += last.empty() ? "" : ", last accepted " + last;
        const json::value* off = each.as_object().if_contains("off");
        bool is_off = off != nullptr && off->is_bool() && off->get_bool();
        line += is_off ? "; off, it wants no more until its configuration changes" : "";
        std::string trouble = text(each, "trouble");
        line += trouble.empty() ? "" : "; " + trouble;
        out += row(out.empty() ? "Reports" : "", line);
    }
    return out;
}

}  // namespace

std::string status_text(const json::value& now)
{
    const json::value none = json::object();
    const json::value* modem = member(now, "modem");
    const json::value& its = modem != nullptr ? *modem : none;
    std::string out = row("Customer", text(now, "customerUid"));
    out += row("eSIM", esim_of(now));
    out += row("Stage", text(now, "stage"));
    out += row("Now", doing_of(now));
    out += row("Trouble", trouble_of(now));
    const json::value* trouble = member(now, "trouble");
    out += row("To do", trouble != nullptr ? text(*trouble, "advice") : std::string());
    out += row("Modem", modem_of(its));
    out += row("Network", network_of(its));
    out += row("Card", text(now, "cardUse"));
    out += row("Balance", balance_of(now));
    if (text_view(now, "clock") == "floor")
        out += row("Clock", "not set: certificates are checked at the last time that is known");
    if (text_view(now, "state").starts_with("in memory"))
        out += row("State", "cannot be written: what was done is lost when the agent ends");
    out += row("File", text(now, "provisioningFile"));
    out += reports_of(now);
    return out + row("Next look", local_time_in(now, "nextAt"));
}

namespace {

/// What the state directory tells while no daemon runs.
json::object from_memory(const session& with)
{
    provision::status out;
    auto kept = provision::memory_file(with.settings.state_directory, with.log).load();
    const provision::memory past = kept ? *kept : provision::memory();
    out.customer_uid =
        past.order.customer_uid.empty() ? with.settings.customer_uid : past.order.customer_uid;
    out.iccid = past.iccid;
    out.eid = past.eid;
    out.stage = past.stage();
    out.doing = "the daemon is not running ('esim-agent run'); last known:";
    out.trouble = kept ? past.refused.name : kept.error().name();
    out.advice = kept ? past.refused.advice : kept.error().message();
    json::object document = provision::to_json(out);
    document["running"] = false;
    return document;
}

}  // namespace

command run(session& with, status_options)
{
    auto answer = co_await ask_daemon(with, "GET", "/v1/status");
    if (!answer)
        co_return problem("status", answer.error());
    json::value now;
    if (*answer) {
        json_document document{**answer};
        if (document.root() == nullptr || !document.root()->is_object())
            co_return problem("status", garbled_answer());
        now = *document.root();
        now.as_object()["running"] = true;
        print(with.json ? json_text(now) + "\n" : status_text(now));
    } else {
        now = from_memory(with);
        print(with.json ? json_text(now) + "\n" : status_text(now));
    }
    co_return boost::system::result<void, problem>();
}

}  // namespace agent::cli
