#include "agent/provision/next_step.hpp"

#include "agent/provision/error.hpp"

#include "tests/support/catch.hpp"

using namespace agent;
using namespace agent::provision;

namespace {

const std::string first = "89999010000000042007";
const std::string second = "89999010000000042015";

gigastore::esim make_esim(
    const std::string& iccid, gigastore::esim_state state, bool is_active = true)
{
    gigastore::esim out;
    out.iccid = agent::iccid::from(iccid);
    out.state = state;
    out.is_active = is_active;
    out.activation_code = platform::secret("LPA:1$smdp.example$" + iccid);
    return out;
}

lpa::profile profile(const std::string& iccid, bool is_enabled)
{
    lpa::profile out;
    out.iccid = agent::iccid::from(iccid);
    out.state = is_enabled ? lpa::profile_state::enabled : lpa::profile_state::disabled;
    return out;
}

/// A device that wants customer C1's eSIM, with an empty card, and a customer with one RELEASED.
situation fresh()
{
    situation out;
    out.allowed.has_card = true;
    out.want.customer_uid = "C1";
    out.past.customer_uid = "C1";
    out.card.emplace();
    out.customer.emplace();
    out.customer->related_esims.push_back(make_esim(first, gigastore::esim_state::released));
    return out;
}

situation installed(bool is_enabled)
{
    situation out = fresh();
    out.customer->related_esims[0].state = gigastore::esim_state::installed;
    out.past.iccid = agent::iccid::from(first);
    out.card->profiles.push_back(profile(first, is_enabled));
    return out;
}

}  // namespace

TEST_CASE("without a customer, or without a card reader, there is nothing to do", "[provision]")
{
    CHECK(next_step(situation()).what == step::rest);
    situation now = fresh();
    now.allowed.has_card = false;
    CHECK(next_step(now).what == step::rest);
}

TEST_CASE("first the card is looked at, then Gigastore is asked", "[provision]")
{
    situation now = fresh();
    now.card.reset();
    CHECK(next_step(now).what == step::look_at_card);
    now = fresh();
    now.customer.reset();
    CHECK(next_step(now).what == step::ask_gigastore);
}

TEST_CASE("an eSIM that is not on the card is downloaded, then enabled, then told", "[provision]")
{
    next first_step = next_step(fresh());
    CHECK(first_step.what == step::download);
    CHECK(first_step.iccid.text() == first);
    CHECK(next_step(installed(false)).what == step::enable);
    situation now = installed(true);
    now.card->notifications = 2;
    CHECK(next_step(now).what == step::notify);
    now.has_tried_notifications = true;
    CHECK(next_step(now).what == step::rest);
    CHECK(next_step(now).is_pending);
    now.card->notifications = 0;
    CHECK(next_step(now).what == step::rest);
    CHECK_FALSE(next_step(now).is_pending);
}

TEST_CASE("what waits on the card is told whatever the present order is, or none", "[provision]")
{
    situation now = fresh();
    now.card->notifications = 1;
    now.customer->related_esims.clear();  // nothing to install
    CHECK(next_step(now).what == step::notify);
    now.has_tried_notifications = true;
    CHECK(next_step(now).is_pending);

    now = situation();
    now.allowed.has_card = true;
    now.past.iccid = agent::iccid::from(first);
    now.past.reported = {report::stage::fetched, report::stage::downloading};
    CHECK(next_step(now).what == step::look_at_card);
    now.card.emplace().notifications = 1;
    CHECK(next_step(now).what == step::notify);
    now.card->notifications = 0;
    now.past.reported.push_back(report::stage::notified);
    CHECK(next_step(now).what == step::rest);
    now.card.reset();
    CHECK(next_step(now).what == step::rest);
}

TEST_CASE("without an order the card is read once if orders come to its EID", "[provision]")
{
    situation now;
    now.allowed.has_card = true;
    CHECK(next_step(now).what == step::rest);
    now.allowed.takes_remote_orders = true;
    CHECK(next_step(now).what == step::look_at_card);
    now.past.eid = "89049032123451234512345678901230";
    CHECK(next_step(now).what == step::rest);
}

TEST_CASE("what is not to be enabled stays disabled", "[provision]")
{
    situation now = installed(false);
    now.allowed.enables = false;
    CHECK(next_step(now).what == step::rest);
}

TEST_CASE(
    "a profile that was begun is enabled and registered also without Gigastore", "[provision]")
{
    situation now = installed(false);
    now.customer.reset();
    CHECK(next_step(now).what == step::enable);
    now = installed(true);
    now.customer.reset();
    now.allowed.controls_modem = true;
    CHECK(next_step(now).what == step::await_registration);
    now.has_tried_network = true;  // then Gigastore may know better
    CHECK(next_step(now).what == step::ask_gigastore);
}

TEST_CASE("a modem that is controlled has to be on a network", "[provision]")
{
    situation now = installed(true);
    now.allowed.controls_modem = true;
    CHECK(next_step(now).what == step::await_registration);
    now.network = platform::registration{.state = platform::registration_state::roaming};
    CHECK(next_step(now).what == step::rest);
    now.network = platform::registration{.state = platform::registration_state::denied};
    now.has_tried_network = true;
    next tried = next_step(now);
    CHECK(tried.what == step::rest);
    CHECK(tried.trouble);
    CHECK(tried.is_pending);
}

TEST_CASE("where data is awaited, an eSIM is at its end when it flows", "[provision]")
{
    situation now = installed(true);
    now.allowed.controls_modem = true;
    now.allowed.goes_online = true;
    CHECK(next_step(now).what == step::await_registration);
    now.network = platform::registration{.state = platform::registration_state::roaming};
    CHECK(next_step(now).what == step::go_online);
    now.customer.reset();  // Gigastore may be reached only then
    CHECK(next_step(now).what == step::go_online);
    now.customer = installed(true).customer;
    now.has_tried_online = true;
    next tried = next_step(now);
    CHECK(tried.what == step::rest);
    CHECK(tried.trouble->code() == errc::not_online);
    CHECK(tried.is_pending);
    now.online.emplace().interface_name = "wwan0";
    CHECK_FALSE(next_step(now).trouble);
}

TEST_CASE("data is awaited of an enabled profile alone", "[provision]")
{
    situation now = installed(false);
    now.allowed.goes_online = true;
    CHECK(next_step(now).what == step::enable);
    now.allowed.enables = false;
    CHECK(next_step(now).what == step::rest);
    now = installed(true);
    now.allowed.goes_online = true;  // without a modem that tells of networks
    CHECK(next_step(now).what == step::go_online);
}

TEST_CASE("a profile that does not register gives way to the one that worked", "[provision]")
{
    situation now = installed(true);
    now.allowed.controls_modem = true;
    now.card->profiles.push_back(profile(second, false));
    now.past.working_iccid = agent::iccid::from(second);
    now.past.unusable_iccid = agent::iccid::from(first);
    CHECK(next_step(now).what == step::fall_back);
    CHECK(next_step(now).iccid.text() == second);
    now.card->profiles[0].state = lpa::profile_state::disabled;
    now.card->profiles[1].state = lpa::profile_state::enabled;
    next fallen = next_step(now);
    CHECK(fallen.what == step::rest);
    CHECK(fallen.trouble->code() == errc::not_registered);
    now.card->profiles[1].state = lpa::profile_state::disabled;
    now.allowed.falls_back = false;
    CHECK(next_step(now).what == step::rest);
}

TEST_CASE("the profile that was fallen back to gets its data, too", "[provision]")
{
    situation now = installed(false);
    now.allowed.controls_modem = true;
    now.allowed.goes_online = true;
    now.card->profiles.push_back(profile(second, true));
    now.past.working_iccid = agent::iccid::from(second);
    now.past.unusable_iccid = agent::iccid::from(first);
    CHECK(next_step(now).what == step::go_online);
    CHECK(next_step(now).iccid.text() == second);
    now.has_tried_online = true;
    CHECK(next_step(now).what == step::rest);
}

TEST_CASE("a code that was refused is not tried again, another one is", "[provision]")
{
    situation now = fresh();
    now.past.refused.code_digest = code_digest_of(now.customer->related_esims[0]);
    now.past.refused.words = "no";
    next refused = next_step(now);
    CHECK(refused.what == step::rest);
    CHECK(refused.reason == "no");
    now.customer->related_esims[0].activation_code = platform::secret("LPA:1$smdp.example$NEW");
    CHECK(next_step(now).what == step::download);
}

TEST_CASE("a profile that vanishes is installed once more, not for ever", "[provision]")
{
    situation now = fresh();
    now.past.iccid = agent::iccid::from(first);
    now.past.installations = 1;
    CHECK(next_step(now).what == step::download);
    now.past.installations = 2;
    CHECK(next_step(now).what == step::rest);
    CHECK(next_step(now).trouble->code() == errc::often_lost);
}

TEST_CASE("what was disabled or deleted by hand stays so", "[provision]")
{
    situation now = installed(false);
    now.past.held_iccid = agent::iccid::from(first);
    CHECK(next_step(now).what == step::rest);
    now.card->profiles.clear();
    CHECK(next_step(now).what == step::rest);
    now.customer.reset();
    CHECK(next_step(now).what == step::ask_gigastore);
}

TEST_CASE("a replaced eSIM stays until the new one is there, and is deleted only if allowed",
    "[provision]")
{
    situation now = installed(true);
    now.customer->related_esims[0].is_active = false;
    CHECK(next_step(now).what == step::rest);  // nothing came in its place yet
    now.customer->related_esims.push_back(make_esim(second, gigastore::esim_state::released));
    CHECK(next_step(now).what == step::download);
    CHECK(next_step(now).iccid.text() == second);
    now.card->profiles[0].state = lpa::profile_state::disabled;
    now.card->profiles.push_back(profile(second, true));
    now.past.iccid = agent::iccid::from(second);
    now.customer->related_esims[1].state = gigastore::esim_state::installed;
    CHECK(next_step(now).what == step::rest);
    now.allowed.deletes_replaced = true;
    CHECK(next_step(now).what == step::remove_replaced);
    CHECK(next_step(now).iccid.text() == first);
}

TEST_CASE("several eSIMs to choose from are a question, unless one is on the card", "[provision]")
{
    situation now = fresh();
    now.customer->related_esims.push_back(make_esim(second, gigastore::esim_state::released));
    next several = next_step(now);
    CHECK(several.what == step::rest);
    CHECK(several.trouble);
    CHECK_FALSE(several.is_pending);
    now.want.named = second;
    CHECK(next_step(now).iccid.text() == second);
    now.want.named.clear();
    now.card->profiles.push_back(profile(second, false));
    now.past.iccid = agent::iccid::from(second);
    CHECK(next_step(now).what == step::enable);
}

TEST_CASE("a customer without an eSIM to install is asked about again soon", "[provision]")
{
    situation now = fresh();
    now.customer->related_esims.clear();
    CHECK(next_step(now).what == step::rest);
    CHECK(next_step(now).is_pending);
}
