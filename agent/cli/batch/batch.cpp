#include "agent/cli/batch/batch_list.hpp"
#include "agent/cli/commands/install.hpp"
#include "agent/cli/output/output.hpp"
#include "agent/lpa/error.hpp"
#include "platform/clock.hpp"
#include "platform/error.hpp"
#include "platform/euicc_channel.hpp"
#include "platform/iso_time.hpp"
#include "platform/storage.hpp"
#include "platform/text.hpp"
#include "platform/timeout.hpp"
#include "qr/svg.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>

namespace agent::cli {
namespace {

using done = boost::system::result<void, problem>;
using std::chrono::steady_clock;

std::string name_of(const batch_row& one)
{
    return one.label.empty() ? "customer " + one.uid : one.label + " (customer " + one.uid + ")";
}

void say(const std::string& words)
{
    std::fprintf(stderr, "%s\n", platform::printable(words).c_str());
}

/// "boxes.csv" -> "boxes.result.csv"
std::string result_file_for(const batch_options& options)
{
    if (!options.output.empty())
        return options.output;
    std::filesystem::path path{options.file};
    return path.replace_extension(".result.csv");
}

/// Where the batch stands between two cards.
struct bench {
    batch_list list;
    std::string last_eid{};   // what was in the slot when something was last said
    std::string last_said{};  // lest the same is said every second
    std::string last_trouble{};
    std::optional<problem> trouble{};  // why the card that is in cannot be served
    steady_clock::time_point waiting_since = steady_clock::now();

    explicit bench(batch_list of) : list(std::move(of)) {}

    void say_once(const std::string& words)
    {
        if (words != last_said)
            say(words);
        last_said = words;
    }
    void say_trouble_once(const std::string& words)
    {
        if (words != last_trouble)
            say("  " + words);
        last_trouble = words;
    }
};

void keep(batch_row& row, const std::string& eid, std::string outcome)
{
    row.outcome = std::move(outcome);
    row.done_eid = eid;
    row.time = platform::to_iso(platform::read_clock().system);
}

done save(const bench& of)
{
    auto saved = of.list.save();
    return saved ? done()
                 : done(problem("writing the results", saved.error(),
                     "Name a file that can be written with --output, then run the same command "
                     "again: what is on the cards is found there."));
}

/// What this card, or the next hour, may not meet again: the row keeps its chance.
bool is_worth_another_try(failure_class kind)
{
    switch (kind) {
    case failure_class::may_pass:
    case failure_class::obstructed:
    case failure_class::card:
    case failure_class::busy:
    case failure_class::wrong_state:
    case failure_class::credentials: return true;
    default: return false;
    }
}

/// What no other card can change.
bool is_hopeless(failure_class kind)
{
    return kind == failure_class::usage || kind == failure_class::configuration;
}

/// One card: finds its row and installs. What cannot succeed is kept as failed; what may pass is
/// given back as the problem that it is.
command serve_card(session& with, bench& on)
{
    auto eid = co_await with.device.installer->eid();
    if (!eid)
        co_return problem("reading the eUICC", eid.error());
    bool was_seen = *eid == on.last_eid;
    batch_row* row = on.list.row_for(*eid);
    bool has_failed_here = row != nullptr && row->outcome == "failed" && row->done_eid == *eid;
    if (row == nullptr || (was_seen && has_failed_here)) {
        if (!was_seen)
            say("EID " + *eid + " is not for any row that is left: nothing was done with it.");
        on.last_eid = *eid;
        co_return done();
    }
    on.last_eid = *eid;
    on.waiting_since = steady_clock::now();
    on.say_once("EID " + *eid + ": " + name_of(*row));
    install_options options;
    options.uid = row->uid;
    options.iccid = row->iccid;
    options.yes = true;
    auto came = co_await install_on(with, std::move(options), std::nullopt);
    if (!came) {
        explanation known = explain(came.error());
        if (is_worth_another_try(came.error().why().kind()))
            co_return came.error();
        keep(*row, *eid, "failed");
        row->error = known.name + ": " + known.line;
        row->done_iccid = row->iccid;
        bool needs_code = came.error().why().kind() == failure_class::confirmation;
        say("  failed: " + known.line);
        say("  "
            + (needs_code ? "A batch asks nobody: install this one with 'esim-agent install'."
                          : known.advice));
        co_return save(on);
    }
    keep(*row, *eid, came->was_there ? "already_installed" : "installed");
    row->error.clear();
    row->done_iccid = came->profile.iccid.text();
    if (!with.json)
        print(row->done_eid + " " + row->done_iccid + " " + row->outcome + " " + row->label + "\n");
    flush_output();
    co_return save(on);
}

json::object document_of(batch_list& list)
{
    json::array rows;
    for (const batch_row& each : list.rows())
        rows.push_back(
            {{"uid", each.uid}, {"label", or_null(each.label)}, {"eid", or_null(each.done_eid)},
                {"iccid", or_null(each.done_iccid)}, {"outcome", or_null(each.outcome)},
                {"error", or_null(each.error)}, {"time", or_null(each.time)}});
    json::object out{{"finished", list.is_finished()}};
    out["rows"] = std::move(rows);
    return out;
}

/// True once every row came to something in this run or one before: installed, or failed on the
/// card that it is for.
bool has_ended(batch_list& list)
{
    return std::ranges::none_of(
        list.rows(), [](const batch_row& each) { return each.outcome.empty(); });
}

command install_all(session& with, batch_list list, batch_options options)
{
    bench on{std::move(list)};
    for (batch_row& each : on.list.rows())
        if (!each.is_done())
            each.outcome.clear();  // another try
    if (has_ended(on.list))
        say("Every row is done.");
    else if (auto saved = save(on); !saved)  // before anything is spent
        co_return saved.error();
    else
        on.say_once("Put in a card; Ctrl-C ends, and the same command goes on later.");
    while (!has_ended(on.list)) {
        auto work = [&with, &on] { return serve_card(with, on); };
        auto served = co_await with_card(with, work);
        on.trouble.reset();
        bool is_absent =
            !served && served.error().why().code().category() == platform::channel_category();
        if (!served && is_hopeless(served.error().why().kind()))
            co_return served.error();
        if (!served && is_absent)
            on.last_eid.clear();  // it was taken out: the same one may come again
        bool is_silent = !served && served.error().why() == platform::channel_errc::silent;
        if (!served && (!is_absent || is_silent)) {
            on.trouble = served.error();
            on.say_trouble_once(explain(served.error()).line + "; trying again");
        }
        auto waited = steady_clock::now() - on.waiting_since;
        bool is_over = options.wait > 0 && waited >= std::chrono::seconds(options.wait);
        if (is_over && on.trouble && !has_ended(on.list))
            co_return *on.trouble;
        if (is_over && !has_ended(on.list))
            co_return problem("batch",
                failure(
                    platform::channel_errc::no_device, "no card for the rows that are left came in "
                                                           + std::to_string(options.wait) + " s"),
                "Put in the next card, and run the same command again.");
        constexpr std::chrono::milliseconds pause{1'000};
        if (!has_ended(on.list))
            co_await platform::pause(pause);
    }
    if (with.json)
        print(json_text(document_of(on.list)) + "\n");
    auto failed = std::ranges::count(on.list.rows(), "failed", &batch_row::outcome);
    if (failed != 0)
        co_return problem("batch",
            failure(lpa::errc::code_refused, std::to_string(failed) + " of the rows failed"),
            "The results say why; the same command tries them again.");
    co_return done();
}

using made_label = boost::system::result<qr::label, problem>;

asio::awaitable<made_label> make_label(session& with, batch_row of)
{
    auto fetching = fetch_order(with, of.uid, of.iccid, {});
    auto found = co_await std::move(fetching);
    if (!found)
        co_return found.error();
    auto matrix = qr::encode(found->code->text().reveal());
    failure too_long(platform::errc::too_long, "its code is too long for any QR");
    if (!matrix)
        co_return problem(name_of(of), too_long);
    std::string number =
        found->iccid.empty() ? "" : "eSIM \u2026" + std::string(found->iccid.last_four());
    qr::label out{*matrix, {of.label, number}};
    co_return out;
}

/// A page of labels for each 24 rows; a row that has none is named, and the others go on.
command make_labels(session& with, batch_list list, batch_options options)
{
    std::vector<qr::label> labels;
    std::optional<problem> first;
    int row = 0;
    for (const batch_row& each : list.rows()) {
        ++row;
        auto making = make_label(with, each);
        auto made = co_await std::move(making);
        if (made) {
            labels.push_back(std::move(*made));
            continue;
        }
        say("row " + std::to_string(row) + ", " + name_of(each) + ": "
            + explain(made.error()).line);
        if (!first)
            first = made.error();
    }
    std::filesystem::path file{options.labels};
    int page = 1;
    for (std::size_t begin = 0; begin < labels.size(); begin += qr::labels_a_page, ++page) {
        auto end = std::min(labels.size(), begin + qr::labels_a_page);
        std::vector<qr::label> some(labels.begin() + static_cast<std::ptrdiff_t>(begin),
            labels.begin() + static_cast<std::ptrdiff_t>(end));
        std::filesystem::path name = file;
        if (page > 1)
            name.replace_filename(
                file.stem().string() + "-" + std::to_string(page) + file.extension().string());
        if (auto written = platform::write_file(name, qr::to_sheet(some)); !written)
            co_return problem({}, written.error());
        print(name.string() + "\n");
    }
    if (first)
        co_return *first;
    co_return done();
}

}  // namespace

command run(session& with, batch_options options)
{
    std::string results = result_file_for(options);
    for (const std::string& each : {results, options.labels}) {
        std::error_code ec;
        bool is_list = std::filesystem::equivalent(each, options.file, ec);
        if (is_list)
            co_return problem("batch", failure(platform::errc::usage,
                                           each + " is the list itself: it would be overwritten"));
    }
    auto list = batch_list::read(options.file, std::move(results));
    if (!list)
        co_return problem("batch", list.error());
    if (!options.labels.empty()) {
        auto making = make_labels(with, std::move(*list), std::move(options));
        co_return co_await std::move(making);
    }
    auto installing = install_all(with, std::move(*list), std::move(options));
    co_return co_await std::move(installing);
}

}  // namespace agent::cli
