#include "agent/report/webhook.hpp"

#include "agent/base/base64.hpp"
#include "agent/base/digest.hpp"
#include "agent/base/json.hpp"
#include "agent/base/redact.hpp"
#include "agent/net/problem.hpp"
#include "agent/net/retry.hpp"
#include "agent/report/event.hpp"
#include "platform/error.hpp"
#include "platform/state_file.hpp"
#include "platform/storage.hpp"

#include <boost/json/serialize.hpp>

namespace agent::report {
namespace {

/// A file, or a pipe that is written at once: the loop waits for it.
constexpr std::chrono::milliseconds secret_limit{500};

verdict later(std::string words)
{
    verdict out;
    out.words = std::move(words);
    return out;
}

verdict verdict_of(const net::http_response& answer)
{
    verdict out;
    std::string words = net::words_of(answer);
    out.words =
        "HTTP " + std::to_string(answer.status) + (words.empty() ? std::string() : ": " + words);
    bool is_success = answer.status >= 200 && answer.status < 300;
    bool passes = answer.status == 408 || answer.status == 425 || answer.status == 429;
    if (is_success)
        out.what = verdict::kind::accepted;
    else if (answer.status == 410)
        out.what = verdict::kind::gone;
    else if (answer.status >= 400 && answer.status < 500 && !passes)
        out.what = verdict::kind::refused;
    else
        out.retry_after =
            net::parse_retry_after(answer["retry-after"], platform::read_clock().system);
    return out;
}

}  // namespace

result<std::string> signatures_of(const platform::secret& secrets, const std::string& id,
    const std::string& seconds, std::string_view body)
{
    std::string signed_text = id + "." + seconds + ".";
    signed_text += body;
    std::string out;
    std::string_view rest = secrets.reveal();
    while (!rest.empty()) {
        auto end = std::min(rest.find_first_of("\r\n"), rest.size());
        std::string_view one = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (one.empty())
            continue;
        constexpr std::string_view prefix = "whsec_";
        if (one.starts_with(prefix))
            one.remove_prefix(prefix.size());
        auto key = from_base64(one);
        if (!key || key->empty())
            return failure(platform::errc::configuration,
                "the webhook's secret-file must hold whsec_ and base64, one secret a line");
        auto mac = hmac_sha256(*key, signed_text);
        out += out.empty() ? "v1," : " v1,";
        out += to_base64({reinterpret_cast<const char*>(mac.data()), mac.size()});
    }
    return out;
}

webhook::webhook(webhook_settings settings, platform::logger& log)
    : settings_(std::move(settings)), http_(settings_.http, log), log_(log)
{
    load_posted();
}

void webhook::load_posted()
{
    if (settings_.posted_file.empty())
        return;
    auto kept = platform::load_state(settings_.posted_file);
    if (!kept || !*kept)
        return;  // then a state may be posted twice, as without a disk
    json_document document{**kept};
    if (document.root() == nullptr || !document.root()->is_object())
        return;
    for (const auto& each : document.root()->get_object())
        if (each.value().is_string())
            posted_[std::string(each.key())] = std::string(each.value().get_string());
}

void webhook::note_posted(const rendered_report& what)
{
    posted_[what.iccid.text()] = what.profile_state;
    if (settings_.posted_file.empty())
        return;
    json::object document;
    for (const auto& [iccid, state] : posted_)
        document[iccid] = state;
    if (auto kept = platform::save_state(settings_.posted_file, json::serialize(document)); !kept)
        log_.warning("a state may be posted again: " + kept.error().message());
}

std::string webhook::name() const
{
    return "webhook " + (settings_.url ? net::to_string(settings_.url->where) : settings_.url_file);
}

result<net::url> webhook::url() const
{
    if (settings_.url)
        return *settings_.url;
    auto text = platform::read_secret_file(settings_.url_file, secret_limit);
    if (!text)
        return text.error();
    auto url = net::parse_url(text->reveal());
    bool is_https = url && url->scheme == "https" && url->userinfo.empty();
    if (!is_https)
        return failure(platform::errc::configuration,
            "the url-file " + settings_.url_file + " must hold one URL that begins with https://");
    return url;
}

bool webhook::is_old_news(const rendered_report& what) const
{
    auto last = posted_.find(what.iccid.text());
    return settings_.is_gigastore_format && last != posted_.end()
           && last->second == what.profile_state;
}

asio::awaitable<void> webhook::serve()
{
    co_return;
}

result<std::string> webhook::signatures(
    const std::string& id, const std::string& seconds, std::string_view body) const
{
    if (settings_.secret_file.empty())
        return std::string();
    auto secrets = platform::read_secret_file(settings_.secret_file, secret_limit);
    if (!secrets)
        return secrets.error();
    return signatures_of(*secrets, id, seconds, body);
}

task<std::string> webhook::check(device_identity)
{
    auto where = url();
    if (!where)
        co_return where.error();
    if (auto signatures = this->signatures("id", "0", ""); !signatures)
        co_return signatures.error();
    auto reached = co_await http_.reach(where->where);
    if (!reached)
        co_return reached.error();
    co_return "its certificate is good, and no report was sent";
}

asio::awaitable<verdict> webhook::send(rendered_report what)
{
    std::string body = settings_.is_gigastore_format ? to_gigastore(what) : what.cloud_event;
    verdict nothing_to_say;
    nothing_to_say.what = verdict::kind::accepted;
    if (body.empty() || is_old_news(what))
        co_return nothing_to_say;
    auto where = url();
    if (!where)
        co_return later(words_of(where.error()));
    std::string seconds = std::to_string(platform::unix_seconds(platform::read_clock().system));
    net::http_request request;
    request.method = "POST";
    request.target = (where->path.empty() ? "/" : where->path) + where->query;
    request.has_secret_target = true;
    request.is_settled_by_status = true;
    request.add("Content-Type",
        settings_.is_gigastore_format ? "application/json" : "application/cloudevents+json");
    request.add("webhook-id", what.id);
    request.add("webhook-timestamp", seconds);
    request.add("Idempotency-Key", what.id);
    auto signatures = this->signatures(what.id, seconds, body);
    if (!signatures)
        co_return later(words_of(signatures.error()));
    if (!signatures->empty())
        request.add("webhook-signature", *signatures);
    request.body = body;
    auto asking = http_.exchange(where->where, std::move(request));
    auto answer = co_await std::move(asking);
    if (!answer)
        co_return later(words_of(answer.error()));
    verdict out = verdict_of(*answer);
    if (out.what == verdict::kind::accepted && settings_.is_gigastore_format)
        note_posted(what);
    co_return out;
}

}  // namespace agent::report
