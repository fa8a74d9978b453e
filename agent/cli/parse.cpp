#include "agent/cli/options.hpp"

#include "agent/cli/output/explain.hpp"
#include "agent/cli/parse_tools.hpp"
#include "agent/cli/usage_words.hpp"
#include "platform/error.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace agent::cli {
namespace {

const char* const footer =
    "Exit status: 0 done, 1 internal error, 2 usage or configuration, 3 not found,\n"
    "4 credentials refused, 5 network or server trouble that may pass, 6 modem or\n"
    "eUICC trouble, 7 refused for good, 8 confirmation code needed or wrong,\n"
    "9 outcome unknown, 130 interrupted.\n"
    "Manual: man esim-agent, man esim-agent.xml";

/// Which eSIM a command is about.
template <class Options>
void add_source(CLI::App& to, const std::shared_ptr<Options>& options)
{
    auto* uid = to.add_option("--uid", options->uid, "Customer UID; default: the configured one")
                    ->option_text("UID")
                    ->check(not_empty);
    auto* code = to.add_option("--code-file", options->code_file,
                       "Instead: the activation code from FILE (mode 0600),\nor - for standard "
                       "input")
                     ->option_text("FILE")
                     ->check(not_empty)
                     ->excludes(uid);
    to.add_option("--iccid", options->iccid, "Which of several eSIMs: its ICCID or uid")
        ->option_text("ICCID")
        ->check(not_empty)
        ->excludes(code);
}

void add_qr(CLI::App& app, command_options& chosen)
{
    auto* qr = app.add_subcommand("qr", "Show the QR code of a customer's eSIM");
    auto options = std::make_shared<qr_options>();
    add_source(*qr, options);
    choices<qr_format> formats{{"utf8", qr_format::utf8}, {"ansi", qr_format::ansi},
        {"ascii", qr_format::ascii}, {"svg", qr_format::svg}, {"pbm", qr_format::pbm},
        {"png", qr_format::png}, {"raw", qr_format::raw}, {"escpos", qr_format::escpos}};
    add_choice(*qr, "--format", options->format,
        "utf8, ansi, ascii (for dark consoles), svg, png, pbm,\nraw (packed rows, for e-paper) or "
        "escpos (receipts);\ndefault: what the name of --output says, else the locale",
        formats);
    choices<qr_link> links{{"lpa", qr_link::lpa}, {"apple", qr_link::apple},
        {"android", qr_link::android}, {"gigastore", qr_link::gigastore}};
    add_choice(*qr, "--link", options->link,
        "What the QR holds: lpa (the code, default), the apple\nor android link that installs "
        "on the phone that opens it,\nor gigastore: the link to its installation page",
        links);
    qr->add_option("--output", options->output,
          "Write to FILE (mode 0600), a device, or a printer at\ntcp://HOST:PORT; - is standard "
          "output")
        ->type_name("FILE")
        ->check(not_empty);
    qr->add_option(
          "--size", options->pixels, "Largest side of png, pbm and raw in pixels; default 400")
        ->check(between(1, 10'000))
        ->type_name("PIXELS");
    add_choice(*qr, "--paper", options->paper,
        "Width of the receipt printer's paper: 58 or 80 (default)",
        choices<int>{{"58", 58}, {"80", 80}})
        ->type_name("MM");
    qr->add_flag("--reveal", options->reveal,
        "Also print the code, or the gigastore link, as text;\nwhoever reads it can install the "
        "eSIM");
    qr->callback([options, &chosen] { chosen = *options; });
}

void add_install(CLI::App& app, command_options& chosen)
{
    auto* install = app.add_subcommand("install", "Install a customer's eSIM on this device");
    auto options = std::make_shared<install_options>();
    add_source(*install, options);
    install
        ->add_option("--confirmation-code-file", options->confirmation_code_file,
            "Confirmation code, if the SM-DP+ wants one (- for\nstandard input); default: asked "
            "for on the terminal")
        ->option_text("FILE")
        ->check(not_empty);
    auto set_enable = [options](bool value) {
        return [options, value](std::int64_t) { options->enable = value; };
    };
    auto* enable = install->add_flag_function(
        "--enable", set_enable(true), "Enable the profile at once; default: as configured (yes)");
    install->add_flag_function("--no-enable", set_enable(false), "Leave it disabled")
        ->option_text(" ")
        ->excludes(enable);
    enable->option_text(" ");
    install->add_flag("--yes", options->yes,
        "Do not ask: take whichever profile the code stands\nfor, with the rules that the card "
        "allows");
    install->callback([options, &chosen] { chosen = *options; });
}

void add_batch(CLI::App& app, command_options& chosen)
{
    auto* batch =
        app.add_subcommand("batch", "Install eSIMs on one card after the other, from a list");
    auto options = std::make_shared<batch_options>();
    batch->add_option("FILE", options->file, "CSV with the columns uid, and iccid, eid or label")
        ->required()
        ->check(not_empty);
    batch
        ->add_option(
            "--output", options->output, "Results; default: FILE.result.csv, also to go on from")
        ->type_name("FILE")
        ->check(not_empty);
    batch->add_option("--wait", options->wait, "End if no next card comes in so many seconds")
        ->check(between(1, 1'000'000'000))
        ->type_name("SECONDS");
    batch
        ->add_option("--labels", options->labels,
            "Instead: a page of QR labels (SVG, A4, 24 a page), mode\n0600; whoever has it can "
            "install")
        ->type_name("FILE")
        ->check(not_empty);
    batch->callback([options, &chosen] { chosen = *options; });
}

void add_euicc(CLI::App& app, command_options& chosen)
{
    auto* euicc = app.add_subcommand("euicc", "What this device's eUICC is");
    euicc->require_subcommand(1);
    euicc->add_subcommand("info", "EID, versions, memory, trusted issuers, addresses")
        ->callback([&chosen] { chosen = euicc_info_options{}; });
    euicc->add_subcommand("eid", "The EID alone")->callback([&chosen] {
        chosen = euicc_eid_options{};
    });
}

void add_profile(CLI::App& app, command_options& chosen)
{
    auto* profile = app.add_subcommand("profile", "Profiles on the eUICC: list, enable, delete...");
    profile->require_subcommand(1);
    profile->add_subcommand("list", "The profiles on the card")->callback([&chosen] {
        chosen = profile_list_options{};
    });
    auto add = [&](const char* name, const char* what, auto options) {
        auto* command = profile->add_subcommand(name, what);
        command->add_option("ICCID", options->iccid, "The profile's ICCID")
            ->required()
            ->check(not_empty);
        command->callback([options, &chosen] { chosen = *options; });
        return command;
    };
    add("enable", "Enable a profile, and disable the one before",
        std::make_shared<profile_enable_options>());
    add("disable", "Disable a profile", std::make_shared<profile_disable_options>());
    auto removed = std::make_shared<profile_delete_options>();
    add("delete", "Delete a disabled profile from the card", removed)
        ->add_flag("--yes", removed->yes, "Do not ask");
    auto renamed = std::make_shared<profile_rename_options>();
    add("rename", "Give a profile a nickname", renamed)
        ->add_option("NAME", renamed->name, "At most 64 octets; \"\" removes it")
        ->required();
}

void add_notification(CLI::App& app, command_options& chosen)
{
    auto* notification =
        app.add_subcommand("notification", "What the card has to tell its SM-DP+ servers");
    notification->require_subcommand(1);
    notification->add_subcommand("list", "What waits to be sent")->callback([&chosen] {
        chosen = notification_list_options{};
    });
    notification->add_subcommand("send", "Send all, and remove those that were accepted")
        ->callback([&chosen] { chosen = notification_send_options{}; });
    auto* remove = notification->add_subcommand("remove", "Remove one unsent");
    auto removed = std::make_shared<notification_remove_options>();
    remove->add_option("SEQ", removed->sequence, "Its number, from the list")->required();
    remove->add_flag("--yes", removed->yes, "Do not ask");
    remove->callback([removed, &chosen] { chosen = *removed; });
}

void add_daemon(CLI::App& app, invocation& asked)
{
    command_options& chosen = asked.command;
    app.add_subcommand("run", "The daemon: installs the wanted eSIM, and reports")
        ->callback([&asked] { asked.runs_daemon = true; });
    app.add_subcommand("status", "What the daemon does, and what it waits for")
        ->callback([&chosen] { chosen = status_options{}; });
    auto* watch = app.add_subcommand("watch", "The same as it changes, until Ctrl-C");
    auto watched = std::make_shared<watch_options>();
    watch->add_flag("--lines", watched->lines, "Plain lines, one for each change");
    watch->callback([watched, &chosen] { chosen = *watched; });
    auto* doctor = app.add_subcommand("doctor", "Check everything, and say what to fix first");
    auto checked = std::make_shared<doctor_options>();
    doctor
        ->add_option("--bundle", checked->bundle,
            "Also write a JSON document for support, without any secret")
        ->type_name("FILE")
        ->check(not_empty);
    doctor->callback([checked, &chosen] { chosen = *checked; });
    auto* report = app.add_subcommand("report", "Reports that wait for their destinations");
    report->require_subcommand(1);
    report->add_subcommand("list", "What waits, and what was refused")->callback([&chosen] {
        chosen = report_list_options{};
    });
    report->add_subcommand("flush", "Send all now, also what was refused")->callback([&chosen] {
        chosen = report_flush_options{};
    });
}

/// What is wrong with the words, where CLI11 only says that a subcommand is missing.
std::string missing_command(const CLI::App& app, int argc, char** argv)
{
    const CLI::App* level = &app;
    std::string path;
    std::string wrong;
    for (int i = 1; i < argc && wrong.empty(); ++i) {
        std::string word = argv[i];
        if (word == "--config" || word == "--log-level")
            ++i;  // and its value
        if (word.starts_with('-') || level->get_subcommands({}).empty())
            continue;
        auto all = level->get_subcommands({});
        auto found = std::ranges::find(all, word, &CLI::App::get_name);
        const CLI::App* next = found == all.end() ? nullptr : *found;
        wrong = next == nullptr ? word : "";
        path += next == nullptr ? "" : word + " ";
        level = next == nullptr ? level : next;
    }
    std::string known;
    for (const CLI::App* each : level->get_subcommands({}))
        known += (known.empty() ? "" : ", ") + each->get_name();
    std::string start = wrong.empty() ? "a " + path + "command is missing"
                                      : "'" + wrong + "' is no " + path + "command";
    return start + "; there are " + known;
}

/// What can be left out of a build (README).
constexpr const char* built_with =
#ifdef ESIM_AGENT_KIOSK
    " kiosk"
#endif
#ifdef ESIM_AGENT_PNG
    " png"
#endif
#ifdef ESIM_AGENT_QMI
    " qmi"
#endif
#ifdef ESIM_AGENT_MBIM
    " mbim"
#endif
#ifdef ESIM_AGENT_PCSC
    " pcsc"
#endif
#ifdef ESIM_AGENT_MODEMMANAGER
    " modemmanager"
#endif
#ifdef ESIM_AGENT_HOOK
    " hook"
#endif
#ifdef ESIM_AGENT_MQTT
    " mqtt"
#endif
    " at socket";

}  // namespace

parsed parse(int argc, char** argv)
{
    invocation asked;
    CLI::App app{"Puts the eSIM of a Gigastore customer on this device, or shows its QR"};
    app.name("esim-agent");
    app.footer(footer);
    app.set_version_flag(
        "--version", std::string("esim-agent " AGENT_VERSION "\nBuilt with") + built_with);
    app.fallthrough();
    app.require_subcommand(1);
    app.get_formatter()->column_width(22);
    app.add_option(
           "--config", asked.config_file, "Configuration file; default /etc/esim-agent/agent.xml")
        ->type_name("FILE")
        ->check(not_empty);
    app.add_flag("--json", asked.json, "One JSON document on standard output");
    choices<platform::log_level> levels{{"error", platform::log_level::error},
        {"warning", platform::log_level::warning}, {"info", platform::log_level::info},
        {"debug", platform::log_level::debug}};
    add_choice(app, "--log-level", asked.log_level,
        "error, warning, info (default of run) or debug", levels);
    add_qr(app, asked.command);
    add_install(app, asked.command);
    add_batch(app, asked.command);
    add_euicc(app, asked.command);
    add_profile(app, asked.command);
    add_notification(app, asked.command);
    add_customer(app, asked.command);
    add_inventory(app, asked.command);
    add_package(app, asked.command);
    add_link(app, asked.command);
    add_daemon(app, asked);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& stop) {
        bool is_help = stop.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success);
        if (is_help)
            return app.exit(stop);
        bool has_no_command = std::string_view(stop.what()).ends_with("subcommand is required");
        std::string words = has_no_command ? missing_command(app, argc, argv)
                                           : usage_words(stop.get_name(), stop.what());
        failure why(platform::errc::usage, words);
        problem wrong({}, why, "See 'esim-agent --help', or --help behind a command.");
        bool json = std::find(argv, argv + argc, std::string_view("--json")) != argv + argc;
        return report(wrong, json);
    }
    return asked;
}

}  // namespace agent::cli
