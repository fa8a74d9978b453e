#include "agent/print/receipt.hpp"

#include "agent/base/activation_code.hpp"
#include "platform/error.hpp"
#include "qr/escpos.hpp"
#include "qr/screen.hpp"

namespace agent::print {

result<std::string> to_receipt(const platform::secret& code, const std::string& title,
    const iccid& which, const language& in, int paper_millimetres)
{
    auto parsed = activation_code::parse(code);
    if (!parsed)
        return parsed.error();
    auto matrix = qr::encode(parsed->text().reveal());
    if (!matrix)
        return failure(platform::errc::too_long, "the code is too long for any QR");
    std::vector<std::string> lines{in["scan_title"]};
    int number = 0;
    for (const char* step : {"scan_step1", "scan_step2", "scan_step3"})
        lines.push_back(std::to_string(++number) + ". " + in[step]);
    if (parsed->needs_confirmation_code())
        lines.push_back(in["confirmation"]);
    if (!which.empty())
        lines.push_back(in["number"] + " " + std::string(which.last_four()));
    int width = qr::dots_across(paper_millimetres);
    return qr::to_escpos(
        qr::to_receipt(title.empty() ? in["title"] : title, *matrix, lines, width));
}

}  // namespace agent::print
