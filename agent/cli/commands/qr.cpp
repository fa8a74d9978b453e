#include "agent/base/activation_code.hpp"
#include "agent/base/base64.hpp"
#include "agent/base/redact.hpp"
#include "agent/cli/commands.hpp"
#include "agent/cli/commands/order.hpp"
#include "agent/cli/output/output.hpp"
#include "agent/gigastore/choose.hpp"
#include "agent/net/error.hpp"
#include "agent/print/printer.hpp"
#include "platform/error.hpp"
#include "platform/terminal.hpp"
#include "platform/text.hpp"
#include "qr/bitmap.hpp"
#include "qr/matrix.hpp"
#include "qr/svg.hpp"
#include "qr/terminal.hpp"
#ifdef ESIM_AGENT_KIOSK
#include "agent/print/receipt.hpp"
#include "agent/web/brand.hpp"
#endif
#ifdef ESIM_AGENT_PNG
#include "qr/png.hpp"
#endif

#include <boost/json/value.hpp>

#include <filesystem>
#include <unistd.h>

namespace agent::cli {
namespace {

namespace json = boost::json;

const char* name_of(qr_format format)
{
    constexpr const char* names[] = {"utf8", "ansi", "ascii", "svg", "png", "pbm", "raw", "escpos"};
    return names[static_cast<int>(format)];
}

const char* name_of(qr::ecc_level level)
{
    constexpr const char* names[] = {"L", "M", "Q", "H"};
    return names[static_cast<int>(level)];
}

const char* name_of(qr_link link)
{
    constexpr const char* names[] = {"lpa", "apple", "android", "gigastore"};
    return names[static_cast<int>(link)];
}

bool is_text(qr_format format)
{
    return format == qr_format::utf8 || format == qr_format::ansi || format == qr_format::ascii;
}

bool is_image(qr_format format)
{
    return !is_text(format) && format != qr_format::svg;
}

failure usage(std::string why)
{
    return {platform::errc::usage, std::move(why)};
}

/// The format that was asked for, or that the name of the output file or the terminal suggests.
result<qr_format> format_for(const session& with, const qr_options& options)
{
    if (options.format)
        return *options.format;
    if (!options.output.empty() && options.output != "-") {
        std::string name = std::filesystem::path(options.output).extension();
        std::string ending = platform::lower(name);
        for (qr_format each : {qr_format::svg, qr_format::png, qr_format::pbm})
            if (ending == std::string(".") + name_of(each))
                return each;
        return usage("the name '" + options.output + "' does not say which format; add --format");
    }
    if (with.json)
        return qr_format::svg;
    bool is_terminal = platform::terminal_size_of(STDOUT_FILENO).has_value();
    return is_terminal && !platform::locale_is_utf8() ? qr_format::ansi : qr_format::utf8;
}

/// A QR larger than the terminal is broken over its lines, or rolls off: it reads as nothing.
result<void> check_terminal(const qr::matrix& code, qr_format format)
{
    auto terminal = platform::terminal_size_of(STDOUT_FILENO);
    if (!terminal || !is_text(format))
        return {};
    int side = code.full_size();
    bool is_small = format == qr_format::utf8;
    int columns = is_small ? side : 2 * side;
    int rows = is_small ? (side + 1) / 2 : side;
    bool fits = columns <= terminal->columns && (terminal->rows == 0 || rows <= terminal->rows);
    if (fits)
        return {};
    std::string words = "the QR needs " + std::to_string(columns) + " columns and "
                        + std::to_string(rows) + " rows, and this terminal has "
                        + std::to_string(terminal->columns) + " and "
                        + std::to_string(terminal->rows) + "; enlarge it, ";
    if (!is_small)
        words += "take --format utf8 (half of it each way) if it shows UTF-8, ";
    return usage(words + "or write a file: --format svg --output FILE.svg");
}

#ifdef ESIM_AGENT_KIOSK
/// As the kiosk's own printer has it.
result<std::string> receipt_of(const session& with, const esim::order& of, int paper_millimetres)
{
    // The code is what counts: it comes in the program's own words where the shop's cannot be read.
    if (auto look = web::read_brand(with.settings.kiosk_brand))
        print::set_texts(look->texts, look->is_staffed);
    else
        with.log.warning(words_of(look.error()));
    const print::language* in = print::find_language(with.settings.kiosk_language);
    return print::to_receipt({.code = of.code->text(),
                                 .iccid = of.iccid,
                                 .title = with.settings.kiosk_title,
                                 .paper_millimetres = paper_millimetres},
        in != nullptr ? *in : print::languages().front());
}
#endif

result<std::string> render(const session& with, const qr::matrix& code, qr_format format,
    const esim::order& of, const qr_options& options)
{
    int scale = qr::scale_for(code, options.pixels);
    switch (format) {
    case qr_format::utf8: return qr::to_utf8(code);
    case qr_format::ansi: return qr::to_ansi(code);
    case qr_format::ascii: return qr::to_ascii(code);
    case qr_format::pbm: return qr::to_pbm(qr::to_bitmap(code, scale));
    case qr_format::raw: return qr::to_bitmap(code, scale).packed_rows();
    case qr_format::escpos:
#ifdef ESIM_AGENT_KIOSK
        return receipt_of(with, of, options.paper);
#else
        return usage("this esim-agent was built without receipts (ESIM_AGENT_KIOSK)");
#endif
    case qr_format::svg: {
        std::string description = "QR code to scan with a phone's camera or its eSIM settings";
        if (!of.iccid.empty())
            description += "; ICCID ending in " + std::string(of.iccid.last_four());
        return qr::to_svg(code, "eSIM installation code", description);
    }
    case qr_format::png: break;
    }
#ifdef ESIM_AGENT_PNG
    return qr::to_png(code, scale);
#else
    return usage("this esim-agent was built without PNG; take --format svg or pbm");
#endif
}

/// What the QR is to hold. Fails if Gigastore gives no page for this eSIM.
result<platform::secret> content_of(const esim::order& of, qr_link link)
{
    switch (link) {
    case qr_link::lpa: break;
    case qr_link::apple: return of.code->apple_link();
    case qr_link::android: return of.code->android_link();
    case qr_link::gigastore: {
        bool is_page = of.installation_url.reveal().starts_with("https://");
        if (!is_page)
            return failure(net::errc::not_found, "Gigastore gives no installation page");
        return of.installation_url;
    }
    }
    return of.code->text();
}

std::string to_json(const esim::order& of, const qr_options& options, qr_format format,
    const qr::matrix& code, const std::string& image)
{
    json::object out{{"customerUid", or_null(of.customer_uid)}, {"iccid", or_null(of.iccid.text())},
        {"state", or_null(of.state_text)}, {"smdpAddress", of.code->smdp_address()},
        {"confirmationCodeRequired", of.code->needs_confirmation_code()},
        {"link", name_of(options.link)}, {"format", name_of(format)}, {"modules", code.size()},
        {"eccLevel", name_of(code.level())}};
    bool is_binary = is_image(format);
    bool has_no_header = format == qr_format::raw;
    if (has_no_header) {
        int side = code.full_size() * qr::scale_for(code, options.pixels);
        out["width"] = side;
        out["height"] = side;
        out["stride"] = (side + 7) / 8;
    }
    if (!options.output.empty() && options.output != "-")
        out["file"] = options.output;
    else
        out[is_binary ? "imageBase64" : "image"] =
            is_binary ? std::string(to_base64(image)) : image;
    if (options.reveal) {
        out["activationCode"] = of.code->text().reveal();
        out["installationUrl"] = or_null(std::string(of.installation_url.reveal()));
    }
    return json_text(out) + "\n";
}

/// What --reveal prints: the link that can be sent, or the code.
std::string revealed(const esim::order& of, const platform::secret& content, qr_link link)
{
    bool is_page = link == qr_link::gigastore;
    return std::string(is_page ? content.reveal() : of.code->text().reveal()) + "\n";
}

/// How large raw rows are, which do not say so themselves.
void tell_size(const qr::matrix& code, int pixels)
{
    int side = code.full_size() * qr::scale_for(code, pixels);
    std::fprintf(stderr, "%d rows of %d pixels, %d octets each\n", side, side, (side + 7) / 8);
}

/// One line beside the QR, on standard error so that it is in no file.
void tell(const esim::order& of, const qr_options& options)
{
    std::string line = of.iccid.empty() ? "eSIM" : "eSIM " + of.iccid.text();
    if (!of.state_text.empty())
        line += " (" + of.state_text + ")";
    line += " at " + of.code->smdp_address();
    if (options.link != qr_link::lpa)
        line += options.link == qr_link::gigastore
                    ? ", as Gigastore's installation page"
                    : std::string(", as the ") + name_of(options.link) + " install link";
    if (of.code->needs_confirmation_code())
        line += "; a confirmation code will be asked for";
    std::fprintf(stderr, "%s\n", platform::printable(line).c_str());
    if (gigastore::esim_state_from(of.state_text) == gigastore::esim_state::installed)
        std::fputs("It is installed already: another device can only take it after the profile "
                   "is deleted there.\n",
            stderr);
}

}  // namespace

command run(session& with, qr_options options)
{
    wanted_order found = problem();
    if (!options.code_file.empty())
        found = read_code(options.code_file);
    else {
        // Whatever this device's card holds: the QR is for another.
        auto fetching = fetch_order(with, options.uid, options.iccid, {});
        found = co_await std::move(fetching);
    }
    if (!found)
        co_return found.error();

    const std::string doing = "making the QR";
    auto content = content_of(*found, options.link);
    if (!content)
        co_return problem(doing, content.error(),
            "Take --link lpa, apple or android; a code from a file has no page.");
    auto code = qr::encode(content->reveal());
    if (!code)
        co_return problem(doing, usage("the code is too long for any QR"));
    auto format = format_for(with, options);
    if (!format)
        co_return problem(doing, format.error());
    bool is_other_receipt = *format == qr_format::escpos && options.link != qr_link::lpa;
    if (is_other_receipt)
        co_return problem(doing, usage("a receipt holds the activation code; leave --link out"));
    bool to_file = !options.output.empty() && options.output != "-";
    bool is_mixed = options.reveal && !with.json && !to_file && !is_text(*format);
    if (is_mixed)
        co_return problem(doing, usage("--reveal would print into the image; add --output FILE"));
    bool is_binary = is_image(*format);
    bool is_unreadable = is_binary && !with.json && !to_file
                         && platform::terminal_size_of(STDOUT_FILENO).has_value();
    if (is_unreadable)
        co_return problem(doing, usage("an image means nothing on a terminal; add --output FILE"));
    if (!with.json && !to_file)
        if (auto fits = check_terminal(*code, *format); !fits)
            co_return problem(doing, fits.error());
    auto image = render(with, *code, *format, *found, options);
    if (!image)
        co_return problem(doing, image.error());
    if (to_file) {
        auto sending = print::send_to_printer(options.output, *image);
        if (auto sent = co_await std::move(sending); !sent)
            co_return problem({}, sent.error());
    }

    if (with.json) {
        print(to_json(*found, options, *format, *code, *image));
        co_return boost::system::result<void, problem>();
    }
    if (!to_file)
        print_raw(*image);
    if (options.reveal)
        print(revealed(*found, *content, options.link));
    flush_output();
    tell(*found, options);
    if (*format == qr_format::raw)
        tell_size(*code, options.pixels);
    co_return boost::system::result<void, problem>();
}

}  // namespace agent::cli
