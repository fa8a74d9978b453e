#include "agent/cli/commands.hpp"
#include "agent/cli/commands/status_text.hpp"
#include "agent/cli/daemon_client.hpp"
#include "agent/cli/output/output.hpp"
#include "agent/cli/output/screen.hpp"
#include "platform/terminal.hpp"
#include "platform/text.hpp"
#include "platform/timeout.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <span>
#include <unistd.h>

namespace agent::cli {
namespace {

constexpr std::size_t most_reports = 8;

std::string clock_time()
{
    std::string whole = local_time(platform::read_clock().system);
    auto blank = whole.find(' ');
    return whole.substr(std::min(blank + 1, whole.size()));
}

/// What is shown, and how.
class view {
public:
    view(bool is_full_screen, bool is_json) : is_full_screen_(is_full_screen), is_json_(is_json) {}
    ~view()
    {
        if (is_full_screen_)
            print_raw(screen_.end());
        flush_output();
    }
    view(const view&) = delete;
    view& operator=(const view&) = delete;

    void set_status(const json::value& now)
    {
        if (is_json_)
            return print_line(now);
        status_ = status_text(now);
        tell(text(now, "doing"));
        draw();
    }
    void add_report(const json::value& report)
    {
        const json::value* data = member(report, "data");
        if (is_json_ || data == nullptr)
            return;
        std::string line =
            clock_time() + "  report: " + text(*data, "stage") + " " + text(*data, "iccid");
        reports_.insert(reports_.begin(), line);
        reports_.resize(std::min(reports_.size(), most_reports));
        tell("report: " + text(*data, "stage") + " " + text(*data, "iccid"));
        draw();
    }
    void set_trouble(const std::string& words)
    {
        if (is_json_)
            return print_line(json::object{{"running", false}, {"doing", words}});
        status_ = words + "\n";
        tell(words);
        draw();
    }
    /// The terminal may have another size now.
    void draw()
    {
        if (!is_full_screen_)
            return;
        constexpr std::size_t name_width = 11;
        auto size = platform::terminal_size_of(STDOUT_FILENO).value_or(platform::terminal_size());
        std::vector<std::string> lines{"esim-agent on this device; Ctrl-C ends", ""};
        for (std::size_t at = 0; at < status_.size();) {
            auto end = std::min(status_.find('\n', at), status_.size());
            for (std::string& each :
                wrapped(status_.substr(at, end - at), name_width, size.columns))
                lines.push_back(std::move(each));
            at = end + 1;
        }
        lines.emplace_back();
        lines.insert(lines.end(), reports_.begin(), reports_.end());
        for (std::string& each : lines)
            each = platform::printable(each);
        print_raw(screen_.show(lines, size.columns, size.rows));
        flush_output();
    }

private:
    static void print_line(const json::value& document)
    {
        print(json_text(document) + "\n");
        flush_output();
    }
    /// Where there is no screen: a line for each thing that is new.
    void tell(const std::string& words)
    {
        if (is_full_screen_ || words == told_)
            return;
        told_ = words;
        print(clock_time() + "  " + platform::printable(words) + "\n");
        flush_output();
    }

    bool is_full_screen_;
    bool is_json_;
    std::string status_;
    std::vector<std::string> reports_;
    std::string told_;
    screen screen_;
};

/// One of the daemon's server-sent events.
void take_event(view& into, std::string_view event)
{
    constexpr std::string_view data_field = "\ndata: ";
    auto at = event.find(data_field);
    if (at == event.npos)
        return;
    json_document document{event.substr(at + data_field.size())};
    bool is_object = document.root() != nullptr && document.root()->is_object();
    if (!is_object)
        return;
    if (event.starts_with("event: status"))
        into.set_status(*document.root());
    else if (event.starts_with("event: report"))
        into.add_report(*document.root());
}

/// Follows the daemon until it is gone.
task<void> follow(const session& with, view& into)
{
    net::http_request request;
    request.target = "/v1/events";
    auto asking = net::ask_local(with.settings.control_socket, std::move(request), true);
    auto answer = co_await std::move(asking);
    if (!answer)
        co_return answer.error();
    std::string text{answer->response.body};
    std::array<char, 4096> block{};
    std::span<char> all{block};
    error_code ec;
    while (!ec) {
        for (auto end = text.find("\n\n"); end != text.npos; end = text.find("\n\n")) {
            take_event(into, std::string_view(text).substr(0, end));
            text.erase(0, end + 2);
        }
        std::size_t size = co_await answer->connection->read(all, ec);
        text.append(block.data(), size);
    }
    co_return result<void>();
}

bool fits_full_screen()
{
    const char* kind = std::getenv("TERM");
    bool is_dumb = kind == nullptr || std::string_view(kind) == "dumb";
    return !is_dumb && platform::terminal_size_of(STDOUT_FILENO).has_value();
}

}  // namespace

command run(session& with, watch_options options)
{
    view shown{fits_full_screen() && !options.lines && !with.json, with.json};
    constexpr std::chrono::seconds pause{2};
    while (true) {
        auto followed = co_await follow(with, shown);
        bool may_not_ask =
            !followed && followed.error().code() == boost::system::errc::permission_denied;
        if (may_not_ask)
            co_return problem("watch", followed.error(),
                "Only root and the group of <control group=\"...\"/> may ask the daemon.");
        co_await platform::pause(std::chrono::milliseconds(1));  // Ctrl-C ends here
        shown.set_trouble(followed ? "The daemon is gone; waiting for it."
                                   : "No daemon runs ('esim-agent run'); waiting for it.");
        co_await platform::pause(pause);
    }
}

}  // namespace agent::cli
