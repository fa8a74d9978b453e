#include "agent/net/http_client.hpp"

#include "agent/base/redact.hpp"
#include "agent/net/error.hpp"
#include "agent/net/http_connection.hpp"
#include "agent/net/timeout.hpp"

#include <algorithm>
#include <optional>

namespace agent::net {
namespace {

using clock = std::chrono::steady_clock;
using progress = std::shared_ptr<exchange_progress>;
using connection = std::unique_ptr<http_connection>;

/// Runs of 15 digits and more are ICCIDs, IMSIs and the like: the log keeps their end.
std::string without_long_numbers(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = std::min(text.find_first_not_of("0123456789", i), text.size());
        bool is_long = end - i >= 15;
        out += is_long ? "..." : "";
        out += is_long ? text.substr(end - 4, 4) : text.substr(i, end - i);
        if (end < text.size())
            out += text[end];
        i = end + 1;
    }
    return out;
}

failure transport_failure(const error_code& ec)
{
    if (auto refusal = certificate_refusal(ec))
        return *refusal;
    switch (fault_of(ec)) {
    case message_fault::too_large_head:
    case message_fault::too_large_body:
        return {errc::malformed_answer, "the answer is larger than any this API gives"};
    case message_fault::cut_off:
        return {errc::unreachable, "the connection was cut in the middle of the answer"};
    case message_fault::not_http:
        return {errc::malformed_answer, "this is not HTTP: " + ec.message()};
    case message_fault::none: break;
    }
    return {errc::unreachable, ec.message()};
}

}  // namespace

struct http_client::core {
    core(http_settings chosen, platform::logger& lines) : settings(std::move(chosen)), log(lines) {}

    result<std::shared_ptr<asio::ssl::context>> tls_context();
    connection take_idle(const origin& where);
    task<connection> open(origin where, const http_settings& with, progress now);
    task<http_response> ask(
        connection on, wiped_string text, bool is_settled_by_status, progress now);
    task<http_response> attempt(origin where, http_request request, progress now);

    http_settings settings;
    platform::logger& log;
    platform::clock_reading time = platform::read_clock();
    std::shared_ptr<asio::ssl::context> tls;
    clock::time_point tls_made{};
    std::vector<connection> idle;
};

result<std::shared_ptr<asio::ssl::context>> http_client::core::tls_context()
{
    // Made anew once the clock was set, and now and then, since files with certificates change.
    constexpr std::chrono::hours longest_use{1};
    auto now = platform::read_clock();
    bool is_good =
        tls && now.is_plausible() == time.is_plausible() && clock::now() - tls_made <= longest_use;
    if (is_good)
        return tls;
    if (!now.is_plausible())
        log.warning("the system clock is before the time this program was built; certificates are "
                    "checked at the build time");
    auto made = make_tls_context(settings.tls, now);
    if (!made)
        return made.error();
    idle.clear();
    time = now;
    tls_made = clock::now();
    tls = std::make_shared<asio::ssl::context>(std::move(*made));
    return tls;
}

connection http_client::core::take_idle(const origin& where)
{
    // What lay idle longer may be forgotten by a NAT between, which nobody is told.
    constexpr std::chrono::seconds longest_rest{30};
    auto oldest = clock::now() - longest_rest;
    std::erase_if(
        idle, [oldest](auto& kept) { return kept->last_used < oldest || kept->is_stale(); });
    auto found = std::ranges::find(idle, where, [](auto& kept) { return kept->where; });
    if (found == idle.end())
        return nullptr;
    auto taken = std::move(*found);
    idle.erase(found);
    return taken;
}

task<connection> http_client::core::open(origin where, const http_settings& with, progress now)
{
    auto context = tls_context();
    if (!context)
        co_return context.error();
    auto opened = co_await open_connection(where, with, *context, time, now);
    co_return opened;
}

task<http_response> http_client::core::ask(
    connection on, wiped_string text, bool is_settled_by_status, progress now)
{
    now->doing = "waiting for the answer";
    now->is_sent = true;
    error_code ec = co_await on->stream->write_all(text);
    if (ec)
        co_return transport_failure(ec);
    constexpr std::size_t cheap = 64 * 1024;
    message_limits limits;
    limits.body = is_settled_by_status ? cheap : settings.max_body;
    message_reader<http_response> reader(limits);
    ec = co_await reader.read_head(*on->stream, on->rest);
    now->is_answered = reader.has_begun();
    if (ec)
        co_return transport_failure(ec);
    constexpr std::chrono::milliseconds short_while{1'000};
    auto limit = is_settled_by_status ? short_while : settings.exchange_limit;
    std::optional<error_code> read;
    auto reading = platform::keep(reader.read(*on->stream, on->rest), read);
    bool is_whole = co_await platform::end_in_time(std::move(reading), limit);
    is_whole = is_whole && !*read;
    if (!is_whole && is_settled_by_status)
        co_return std::move(reader.message());
    if (!is_whole)
        co_return read ? transport_failure(*read) : failure(errc::timeout);
    bool may_stay = reader.keeps_alive() && !on->holds_more();
    if (may_stay) {
        on->last_used = clock::now();
        idle.push_back(std::move(on));
    }
    co_return std::move(reader.message());
}

task<http_response> http_client::core::attempt(origin where, http_request request, progress now)
{
    std::vector<header> more;
    more.emplace_back("Host", to_string(where));
    more.emplace_back("User-Agent", settings.user_agent);
    wiped_string text = to_wire(request, more);
    bool is_settled = request.is_settled_by_status;
    // What must not be repeated gets a fresh connection: one less way to lose its answer.
    auto kept = request.is_repeatable ? take_idle(where) : nullptr;
    if (kept) {
        auto answer = co_await ask(std::move(kept), text, is_settled, now);
        bool is_lost_race = !answer && !now->is_answered;
        if (!is_lost_race)
            co_return std::move(answer);  // else the server closed it just as we wrote
    }
    now->is_sent = false;
    auto opened = co_await open(where, settings, now);
    if (!opened)
        co_return opened.error();
    co_return co_await ask(std::move(*opened), std::move(text), is_settled, now);
}

http_client::http_client(http_settings settings, platform::logger& log)
    : core_(std::make_unique<core>(std::move(settings), log))
{
}

http_client::~http_client() = default;

task<http_response> http_client::exchange(origin where, http_request request)
{
    auto now = std::make_shared<exchange_progress>();
    auto started = clock::now();
    bool is_repeatable = request.is_repeatable;
    std::string shown = request.has_secret_target ? "/..." : request.target;
    std::string what = request.method + " https://" + to_string(where) + shown;
    auto attempt = core_->attempt(where, std::move(request), now);
    auto answer = co_await with_timeout(std::move(attempt), core_->settings.exchange_limit);

    using std::chrono::milliseconds, std::chrono::duration_cast;
    auto passed = duration_cast<milliseconds>(clock::now() - started).count();
    std::string line = redact(without_long_numbers(what)) + ": ";
    if (answer) {
        line += "HTTP " + std::to_string(answer->status) + ", "
                + std::to_string(answer->body.size()) + " bytes, " + std::to_string(passed) + " ms";
        core_->log.debug(line);
        co_return std::move(answer);
    }
    failure why = answer.error();
    if (why == errc::timeout && why.detail().empty()) {
        auto limit = core_->settings.exchange_limit.count();
        why = failure(errc::timeout,
            to_string(where) + ": given up after " + std::to_string(limit) + " ms " + now->doing);
    }
    core_->log.debug(line + why.message());
    if (now->is_sent && !is_repeatable)
        co_return failure(errc::outcome_unknown, why.message());
    co_return why;
}

task<void> http_client::reach(origin where, std::string interface)
{
    http_settings settings = core_->settings;
    settings.interface_name = std::move(interface);
    auto opening = core_->open(where, settings, std::make_shared<exchange_progress>());
    auto opened = co_await with_timeout(std::move(opening), core_->settings.exchange_limit);
    if (!opened)
        co_return opened.error();
    co_return result<void>();
}

}  // namespace agent::net
