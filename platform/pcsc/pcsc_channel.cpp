#include "platform/pcsc/pcsc_channel.hpp"

#include "platform/timeout.hpp"

#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <winscard.h>

namespace asio = boost::asio;

namespace platform::pcsc {
namespace {

constexpr std::chrono::milliseconds connect_limit{20'000};
constexpr std::size_t longest_answer = 65'538;

channel_errc meaning_of(LONG code)
{
    switch (code) {
    case SCARD_E_SHARING_VIOLATION: return channel_errc::busy;
    case SCARD_W_REMOVED_CARD:
    case SCARD_W_RESET_CARD:
    case SCARD_W_UNPOWERED_CARD:
    case SCARD_E_INVALID_HANDLE: return channel_errc::card_gone;
    case SCARD_E_TIMEOUT: return channel_errc::silent;
    case SCARD_W_UNRESPONSIVE_CARD:
    case SCARD_E_PROTO_MISMATCH: return channel_errc::malformed_answer;
    default: return channel_errc::no_device;
    }
}

failure scard_failure(const std::string& doing, LONG code, bool is_connected)
{
    channel_errc what = meaning_of(code);
    // pcscd forgets the protocol of a card that was taken out and put back between two commands.
    bool is_lost =
        is_connected && (what == channel_errc::no_device || code == LONG{SCARD_E_PROTO_MISMATCH});
    std::string words = pcsc_stringify_error(code);
    if (code == SCARD_E_NO_SERVICE)
        words = "pcscd is not running";
    return {is_lost ? channel_errc::card_gone : what, doing + ": " + words};
}

}  // namespace

/// What the worker thread works with; it keeps it alive until its last call has ended.
struct pcsc_channel::card {
    SCARDCONTEXT context = 0;
    SCARDHANDLE handle = 0;
    std::string name{};

    card() = default;
    card(const card&) = delete;
    card& operator=(const card&) = delete;
    ~card()
    {
        if (handle != 0)
            SCardDisconnect(handle, SCARD_RESET_CARD);
        if (context != 0)
            SCardReleaseContext(context);
    }

    /// The readers that hold a card, in pcscd's order.
    result<std::vector<std::string>> readers()
    {
        if (LONG code = context != 0
                            ? SCARD_S_SUCCESS
                            : SCardEstablishContext(SCARD_SCOPE_SYSTEM, nullptr, nullptr, &context);
            code != SCARD_S_SUCCESS)
            return scard_failure("smart card service", code, false);
        DWORD size = 0;
        std::string all;
        LONG code = SCardListReaders(context, nullptr, nullptr, &size);
        if (code == SCARD_S_SUCCESS) {
            all.resize(size);
            code = SCardListReaders(context, nullptr, all.data(), &size);
        }
        if (code != SCARD_S_SUCCESS && code != SCARD_E_NO_READERS_AVAILABLE)
            return scard_failure("card readers", code, false);
        std::vector<std::string> out;
        for (const char* each = all.c_str(); *each != '\0'; each += std::string(each).size() + 1) {
            SCARD_READERSTATE state{};
            state.szReader = each;
            bool is_known = SCardGetStatusChange(context, 0, &state, 1) == SCARD_S_SUCCESS;
            if (is_known && (state.dwEventState & SCARD_STATE_PRESENT) != 0)
                out.emplace_back(each);
        }
        return out;
    }

    result<void> connect(const std::string& reader)
    {
        DWORD protocol = 0;
        auto connect_with = [&](DWORD protocols) {
            return SCardConnect(
                context, reader.c_str(), SCARD_SHARE_EXCLUSIVE, protocols, &handle, &protocol);
        };
        LONG code = connect_with(SCARD_PROTOCOL_T0);  // what eUICCs are tested with
        if (code == SCARD_E_PROTO_MISMATCH)
            code = connect_with(SCARD_PROTOCOL_T1);
        if (code != SCARD_S_SUCCESS)
            return scard_failure("reader '" + reader + "'", code, false);
        name = reader;
        code = SCardBeginTransaction(handle);
        if (code != SCARD_S_SUCCESS)
            return scard_failure("reader '" + reader + "'", code, true);
        active_protocol = protocol;
        return {};
    }

    result<bytes> transmit(bytes apdu)
    {
        bool is_t1 = active_protocol == SCARD_PROTOCOL_T1;
        const SCARD_IO_REQUEST* how = is_t1 ? SCARD_PCI_T1 : SCARD_PCI_T0;
        bool has_no_le = apdu.size() > 5 && apdu.size() == 5U + apdu[4];
        if (is_t1 && has_no_le)  // T=1 answers only to those who ask for it
            apdu.push_back(0x00);
        bytes answer(longest_answer);
        DWORD size = answer.size();
        LONG code =
            SCardTransmit(handle, how, apdu.data(), apdu.size(), nullptr, answer.data(), &size);
        if (code != SCARD_S_SUCCESS)
            return scard_failure("reader '" + name + "'", code, true);
        answer.resize(size);
        if (size < 2)  // what readers give for a card that was taken out
            return failure(channel_errc::card_gone, "reader '" + name + "'");
        return answer;
    }

    DWORD active_protocol = 0;
};

namespace {

/// Runs `work` in the worker thread and gives what it returned. The caller that is cancelled
/// leaves at once; the work ends unobserved.
template <class T, class Work>
task<T> in_worker(asio::thread_pool& worker, Work work)
{
    using channel = asio::experimental::channel<void(error_code, std::shared_ptr<result<T>>)>;
    auto executor = co_await asio::this_coro::executor;
    auto answer = std::make_shared<channel>(executor, 1);
    asio::post(worker, [executor, answer, work = std::move(work)]() mutable {
        auto outcome = std::make_shared<result<T>>(work());
        asio::post(executor, [answer, outcome] { answer->try_send(error_code(), outcome); });
    });
    error_code ec;
    auto outcome = co_await answer->async_receive(asio::redirect_error(asio::use_awaitable, ec));
    if (ec)
        co_return failure(ec);
    co_return std::move(*outcome);
}

/// Never destroyed: that would wait for a reader that hangs.
asio::thread_pool& make_worker()
{
    return *new asio::thread_pool(1);
}

}  // namespace

pcsc_channel::pcsc_channel(std::string reader, std::vector<bytes> applications)
    : wanted_(std::move(reader)), applications_(std::move(applications)), worker_(make_worker())
{
}

pcsc_channel::~pcsc_channel()
{
    release();
}

task<void> pcsc_channel::acquire()
{
    card_ = std::make_shared<card>();
    auto list = [made = card_] { return made->readers(); };
    auto listing = in_worker<std::vector<std::string>>(worker_, list);
    failure too_late(channel_errc::silent, "pcscd");
    auto limited = with_timeout(std::move(listing), connect_limit, too_late);
    auto readers = co_await std::move(limited);
    if (!readers)
        co_return readers.error();
    std::erase_if(*readers, [this](const std::string& name) { return !name.starts_with(wanted_); });
    failure last(channel_errc::no_device, wanted_.empty()
                                              ? "no reader with a card in it"
                                              : "no reader '" + wanted_ + "' with a card in it");
    release();
    for (const std::string& reader : *readers) {
        auto connected = co_await connect_to(reader);
        bool is_only = connected && readers->size() == 1;
        if (is_only)
            co_return result<void>();
        result<bool> is_wanted = false;
        if (connected)
            is_wanted = co_await has_application();
        else
            is_wanted = connected.error();
        bool is_found = is_wanted && *is_wanted;
        if (is_found)
            co_return result<void>();
        // What kept us from a card says more than that another one was no eUICC.
        if (!is_wanted)
            last = is_wanted.error();
        else if (last == channel_errc::no_device)
            last = failure(channel_errc::no_euicc, "in none of the readers");
        release();
    }
    co_return last;
}

task<void> pcsc_channel::connect_to(std::string reader)
{
    auto lock = device_lock::take("pcsc-" + reader);
    if (!lock)
        co_return lock.error();
    auto made = std::make_shared<card>();
    card_ = made;
    auto connect = [made, reader]() -> result<void> {
        if (auto ready = made->readers(); !ready)
            return ready.error();
        return made->connect(reader);
    };
    failure too_late(channel_errc::silent, "reader '" + reader + "'");
    auto limited = with_timeout(in_worker<void>(worker_, connect), connect_limit, too_late);
    auto connected = co_await std::move(limited);
    if (!connected)
        co_return connected.error();
    lock_ = std::move(*lock);
    auto told = co_await exchange(terminal_capability(), usual_apdu_limit);
    if (!told)
        co_return told.error();
    co_return result<void>();  // cards that do not know it say so, and do without
}

task<bool> pcsc_channel::has_application()
{
    for (const bytes& aid : applications_) {
        auto opened = co_await open(aid);
        if (opened) {
            auto closed = co_await close();
            if (!closed)
                co_return closed.error();
            co_return true;
        }
        if (opened.error() != channel_errc::no_application)
            co_return opened.error();
    }
    co_return false;
}

void pcsc_channel::release()
{
    // The last call may still be running: the worker lets the card go after it.
    if (card_)
        asio::post(worker_, [last = std::move(card_)]() mutable { last.reset(); });
    card_.reset();
    lock_.release();
    forget_channel();
}

task<std::string> pcsc_channel::imei()
{
    co_return std::string();
}

task<bytes> pcsc_channel::exchange(bytes apdu, std::chrono::milliseconds limit)
{
    if (!card_)
        co_return failure(channel_errc::card_gone, "no card");
    std::string name = card_->name;
    auto transmit = [used = card_, sent = std::move(apdu)] { return used->transmit(sent); };
    failure too_late(channel_errc::silent, "reader '" + name + "'");
    auto limited =
        with_timeout(in_worker<bytes>(worker_, std::move(transmit)), limit, std::move(too_late));
    auto answer = co_await std::move(limited);
    if (!answer)
        release();
    co_return answer;
}

}  // namespace platform::pcsc
