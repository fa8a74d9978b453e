// The local API's part for this device's own card: orders, profiles, notifications, and lending it.
#include "agent/base/json.hpp"
#include "agent/base/json_members.hpp"
#include "agent/base/redact.hpp"
#include "agent/control/answers.hpp"
#include "agent/control/api.hpp"
#include "platform/error.hpp"

namespace agent::control {
namespace {

using net::http_request, net::server_response;

failure no_card()
{
    return usage("no modem or card reader is configured");
}

/// Everything in it is optional.
result<provision::wanted> read_order(const platform::wiped_string& body)
{
    static constexpr known_member known[] = {{"customerUid"}, {"iccid"}, {"confirmationCode"}};
    provision::wanted out;
    auto take = [&out](std::string_view name, const json::value& member) -> result<void> {
        std::string_view value{member.get_string()};
        if (value.empty())
            return usage(std::string(name) + " must be a text that is not empty");
        if (name == "customerUid")
            out.customer_uid = value;
        else if (name == "iccid")
            out.named = value;
        else
            out.confirmation_code = platform::secret(value);
        return {};
    };
    if (auto read = body.empty() ? result<void>() : read_members(body, "the body", known, take);
        !read)
        return read.error();
    if (!gigastore::is_plain_uid(out.customer_uid))
        return usage("customerUid is no UID");
    if (!out.named.empty() && !iccid::parse(out.named))
        return usage("an ICCID is 18 to 22 digits");
    return out;
}

}  // namespace

asio::awaitable<server_response> api::get_profiles(http_request)
{
    if (with_.card == nullptr)
        co_return to_problem(no_card());
    auto all = co_await with_.card->profiles();
    co_return to_response(all);
}

asio::awaitable<server_response> api::post_install(http_request asked)
{
    auto what = read_order(asked.body);
    if (what && what->customer_uid.empty())
        what->customer_uid = with_.provisioner.now().customer_uid;
    if (what && what->customer_uid.empty())
        what = usage("customerUid is needed: no customer is configured");
    if (!what)
        co_return to_problem(what.error());
    auto taken = with_.provisioner.order(std::move(*what));
    if (!taken)
        with_.log.error(words_of(taken.error()));
    co_return to_response(status(), 202);
}

asio::awaitable<server_response> api::post_confirmation_code(http_request asked)
{
    auto given = read_order(asked.body);
    if (!given)
        co_return to_problem(given.error());
    if (given->confirmation_code.empty())
        co_return to_problem(usage("the body is {\"confirmationCode\": \"...\"}"));
    if (!with_.provisioner.awaits_confirmation())
        co_return to_problem(usage("no installation waits for a confirmation code"), 409);
    auto taken = with_.provisioner.confirm(std::move(given->confirmation_code));
    if (!taken)
        with_.log.error(words_of(taken.error()));
    co_return to_response(status(), 202);
}

task<json::object> api::change(iccid which, esim::profile_change what, bool holds)
{
    // What somebody wants is remembered before it is done, or the daemon would undo it.
    bool is_new = holds && !with_.provisioner.holds_ours();
    std::function<void()> hold = [this, is_new] {
        if (is_new)
            with_.provisioner.hold_ours();
    };
    auto done = co_await with_.card->change(std::move(which), what, std::move(hold));
    bool was_in_vain = !done && is_new;
    if (was_in_vain)
        with_.provisioner.unhold(with_.provisioner.now().iccid);
    co_return done;
}

asio::awaitable<server_response> api::change_profile(http_request asked, esim::profile_change what)
{
    if (with_.card == nullptr)
        co_return to_problem(no_card());
    auto which = iccid::parse(asked.parts.front());
    if (!which)
        co_return to_problem(usage("an ICCID is 18 to 22 digits"));
    bool is_ours = *which == with_.provisioner.now().iccid;
    bool enables = what == esim::profile_change::enable;
    bool holds = enables ? !is_ours : is_ours;  // another one instead, or ours no more
    auto done = co_await change(*which, what, holds);
    bool frees = done && enables && is_ours;
    if (frees)
        with_.provisioner.unhold(*which);
    with_.provisioner.look_again();  // it may have looked before the change
    co_return to_response(done);
}

asio::awaitable<server_response> api::enable_profile(http_request asked)
{
    return change_profile(std::move(asked), esim::profile_change::enable);
}

asio::awaitable<server_response> api::disable_profile(http_request asked)
{
    return change_profile(std::move(asked), esim::profile_change::disable);
}

asio::awaitable<server_response> api::delete_profile(http_request asked)
{
    return change_profile(std::move(asked), esim::profile_change::remove);
}

asio::awaitable<server_response> api::post_notifications(http_request)
{
    if (with_.card == nullptr)
        co_return to_problem(no_card());
    auto done = co_await with_.card->send_notifications();
    with_.provisioner.look_again();
    co_return to_response(done);
}

/// Lends the card to whoever asks, for as long as the connection stays open.
asio::awaitable<server_response> api::post_card(http_request)
{
    constexpr std::chrono::seconds patience{15};
    auto lease = co_await with_.gate.take("borrowed by a command", patience);
    if (!lease)
        co_return to_problem(lease.error());
    std::shared_ptr<esim::card_gate::lease> kept = std::move(*lease);
    server_response out = to_response({{"lent", true}});
    // The lease lives as long as this function object does.
    out.stream = [this, kept](net::stream_writer& to) { return lend(to); };
    co_return out;
}

asio::awaitable<void> api::lend(net::stream_writer& to)
{
    co_await to.closed();
    with_.provisioner.was_lent();
}

}  // namespace agent::control
