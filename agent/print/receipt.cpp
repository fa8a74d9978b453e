#include "agent/print/receipt.hpp"

#include "agent/base/activation_code.hpp"
#include "platform/error.hpp"
#include "qr/escpos.hpp"
#include "qr/screen.hpp"

namespace agent::print {

result<std::string> to_receipt(const receipt& what, const language& wanted)
{
    const language& in = drawable(wanted);
    auto parsed = activation_code::parse(what.code);
    if (!parsed)
        return parsed.error();
    failure too_long(platform::errc::too_long, "the code is too long for any QR");
    auto matrix = qr::encode(parsed->text().reveal());
    if (!matrix)
        return too_long;
    std::vector<std::string> lines{in["scan_title"]};
    int number = 0;
    for (const char* step : {"scan_step1", "scan_step2", "receipt_step"})
        lines.push_back(std::to_string(++number) + ". " + in[step]);
    if (parsed->needs_confirmation_code())
        lines.push_back(in["confirmation"]);
    if (!what.iccid.empty())
        lines.push_back(in["number"] + " " + std::string(what.iccid.last_four()));
    int width = qr::dots_across(what.paper_millimetres);
    std::string out = qr::to_escpos(
        qr::to_receipt(what.title.empty() ? in["title"] : what.title, *matrix, lines, width));
    if (what.link.empty())
        return out;
    auto second = qr::encode(what.link.reveal());
    if (!second)
        return too_long;
    // A slip of its own: to be kept, where the first is of no use once it was scanned.
    return out
           + qr::to_escpos(qr::to_receipt(in["keep_link"], *second, {in["keep_link_text"]}, width));
}

}  // namespace agent::print
