#include "agent/report/courier.hpp"
#include "platform/error.hpp"

namespace agent::report {

net::backoff report_backoff()
{
    net::backoff out;
    out.first = std::chrono::seconds(2);
    out.longest = std::chrono::minutes(15);
    return out;
}

courier::courier(std::string key, std::unique_ptr<destination> to, outbox& from,
    net::backoff retries, platform::logger& log)
    : key_(std::move(key)), to_(std::move(to)), from_(from), retries_(retries), log_(log)
{
    status_.name = to_->name();
    status_.trouble = from_.off_words(key_);
}

courier_status courier::status() const
{
    courier_status out = status_;
    out.waiting = from_.waiting_for(key_);
    out.is_off = !from_.off_words(key_).empty();
    return out;
}

std::chrono::milliseconds courier::delay_for(const verdict& last)
{
    // A server may ask for patience, not for silence.
    constexpr std::chrono::hours longest_patience{24};
    auto asked = last.retry_after.value_or(std::chrono::seconds(0));
    if (asked > longest_patience)
        log_.warning(status_.name + " asks to wait for " + std::to_string(asked.count())
                     + " s; it is tried again in a day");
    return net::delay_after(++failures_, retries_, asked, net::random_fraction());
}

bool courier::note(const waiting_report& one, const verdict& what)
{
    bool is_aside = true;
    std::string which = "report " + one.id + " (" + name_of(one.stage) + ")";
    status_.trouble = what.words;
    switch (what.what) {
    case verdict::kind::accepted:
        failures_ = 0;
        status_.trouble.clear();
        status_.last_accepted = platform::read_clock().system;
        ++status_.delivered;
        log_.info(which + " was accepted by " + status_.name);
        from_.done(key_, one.number);
        break;
    case verdict::kind::refused:
        log_.error(which + " is refused by " + status_.name + " (" + what.words
                   + ") and set aside; 'esim-agent report list' shows it, 'report flush' sends it "
                     "again");
        is_aside = from_.refuse(key_, one.number, what.words);
        break;
    case verdict::kind::lost: from_.done(key_, one.number); break;
    case verdict::kind::gone:
        log_.error(status_.name + " wants no more reports (" + what.words
                   + "); it is off, and what waits is kept, until its configuration changes or "
                     "'esim-agent report flush' tries it again");
        from_.switch_off(key_, what.words);
        break;
    case verdict::kind::later:
        log_.warning(which + " waits for " + status_.name + ": " + what.words);
        break;
    }
    on_change_();
    return is_aside;
}

asio::awaitable<verdict> courier::try_one(waiting_report one)
{
    verdict out;
    auto content = from_.content_of(one);
    if (content) {
        out = co_await to_->send(std::move(*content));
    } else {
        // A damaged one is set aside by now; another failure of the disk may pass.
        bool is_lost = content.error().code() == platform::errc::damaged
                       || content.error().code() == boost::system::errc::no_such_file_or_directory;
        log_.error("reading a report: " + content.error().message());
        out.words = content.error().message();
        out.what = is_lost ? verdict::kind::lost : verdict::kind::later;
    }
    if (!note(one, out))
        out.what = verdict::kind::later;
    co_return out;
}

asio::awaitable<bool> courier::deliver_all()
{
    while (const waiting_report* one = from_.next_for(key_)) {
        verdict what = co_await try_one(*one);
        if (what.what == verdict::kind::later)
            co_return false;
    }
    co_return true;
}

asio::awaitable<void> courier::run()
{
    while (true) {
        const waiting_report* one = from_.next_for(key_);
        if (one == nullptr) {
            co_await from_.changed().until_called();
            continue;
        }
        verdict what = co_await try_one(*one);
        if (what.what == verdict::kind::later)
            co_await hurry_.until_called(delay_for(what));
    }
}

}  // namespace agent::report
