#include "tests/sandbox/phone.hpp"

#include "agent/lpa/download.hpp"
#include "agent/lpa/error.hpp"
#include "agent/lpa/notifications.hpp"
#include "agent/lpa/smdp_access.hpp"
#include "platform/socket/socket_channel.hpp"
#include "platform/storage.hpp"
#include "tests/sandbox/rsp/card.hpp"
#include "tests/sandbox/rsp/ports.hpp"
#include "tests/support/run.hpp"

#include <cstdio>

namespace sandbox {
namespace {

namespace lpa = agent::lpa;
using agent::result;
using agent::task;

/// A person who says yes, and knows the code that the sandbox uses.
class person final : public lpa::download_dialogue {
public:
    void progress(lpa::step, int) override {}
    task<lpa::decision> approve(lpa::profile_metadata offered, bool) override
    {
        std::printf("The phone shows: %s of %s, ICCID %s\n", offered.name.c_str(),
            offered.service_provider.c_str(), offered.iccid.text().c_str());
        co_return lpa::decision::yes;
    }
    task<platform::secret> confirmation_code(int) override { co_return platform::secret("1234"); }
};

struct phone {
    lpa::euicc& card;
    lpa::smdp_access& servers;
    lpa::journal& memory;
    platform::logger& log;
};

task<std::string> install(phone& with, agent::activation_code code)
{
    auto info = co_await with.card.basic_info();
    if (!info)
        co_return info.error();
    auto server = with.servers.for_card(*info);
    if (!server)
        co_return server.error();
    person who;
    lpa::download_order order;
    order.code = std::move(code);
    order.card = *info;
    auto done =
        co_await lpa::download(with.card, **server, std::move(order), who, with.memory, with.log);
    if (!done)
        co_return done.error();
    auto told = co_await lpa::deliver_notifications(with.card, **server);
    if (!told)
        co_return told.error();
    co_return "installed " + done->metadata.iccid.text();
}

task<std::string> remove(phone& with, agent::activation_code code)
{
    auto known = with.memory.find(lpa::digest_of(code));
    if (!known || !*known)
        co_return agent::failure(lpa::errc::no_such_profile);
    agent::iccid iccid = (*known)->iccid;
    auto removed = co_await with.card.remove(iccid);
    if (!removed)
        co_return removed.error();
    auto info = co_await with.card.basic_info();
    if (!info)
        co_return info.error();
    auto server = with.servers.for_card(*info);
    if (!server)
        co_return server.error();
    auto told = co_await lpa::deliver_notifications(with.card, **server);
    if (!told)
        co_return told.error();
    co_return "deleted " + iccid.text();
}

task<std::string> use(phone& with, agent::activation_code code, bool deletes)
{
    auto opened = co_await with.card.open();
    if (!opened)
        co_return opened.error();
    auto work = deletes ? remove(with, std::move(code)) : install(with, std::move(code));
    auto done = co_await std::move(work);
    co_await with.card.close();
    co_return done;
}

}  // namespace

int run_phone(const phone_options& chosen)
{
    const std::string& directory = chosen.directory;
    auto code = agent::activation_code::parse(platform::read_secret_file(chosen.code_file).value());
    std::vector<rsp::test_pki> issuers;
    issuers.push_back(rsp::test_pki::load(directory + "/pki.json"));
    boost::asio::io_context io{1};
    faults none;
    rsp::soft_euicc chip{issuers, {.number = 1, .state_file = directory + "/phone.json"}, none};
    rsp::card card{chip, none, *platform::from_hex("A0000005591010FFFFFFFF8900000100")};
    rsp::socket_port port{io, directory + "/phone.sock", card, none};

    platform::logger log;
    platform::socket::socket_channel channel{directory + "/phone.sock"};
    platform::isd_r isd_r{channel, {}, log};
    lpa::euicc euicc{isd_r, log};
    lpa::journal memory{directory + "/phone-state"};
    lpa::smdp_access servers{{}, directory + "/ci.pem", log};
    phone with{euicc, servers, memory, log};
    auto done = tests::run(io, use(with, code.value(), chosen.deletes));
    if (!done) {
        std::fprintf(stderr, "esim-sandbox: the phone: %s\n", done.error().message().c_str());
        return 1;
    }
    std::printf("The phone has %s\n", done->c_str());
    return 0;
}

}  // namespace sandbox
