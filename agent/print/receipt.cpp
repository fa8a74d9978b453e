#include "agent/print/receipt.hpp"

#include "agent/base/activation_code.hpp"
#include "qr/escpos.hpp"
#include "qr/screen.hpp"

namespace agent::print {

result<std::string> to_receipt(const platform::secret& code, const std::string& title,
    const std::string& iccid, const language& in, int paper_millimetres)
{
    auto parsed = activation_code::parse(code);
    if (!parsed)
        return parsed.error();
    auto matrix = qr::encode(parsed->text().reveal());
    if (!matrix)
        return failure(boost::system::errc::value_too_large, "the code is too long for any QR");
    std::vector<std::string> lines{in["scan_title"]};
    int number = 0;
    for (const char* step : {"scan_step1", "scan_step2", "scan_step3"})
        lines.push_back(std::to_string(++number) + ". " + in[step]);
    if (parsed->needs_confirmation_code())
        lines.push_back(in["confirmation"]);
    constexpr std::size_t last = 4;
    if (iccid.size() > last)
        lines.push_back(in["number"] + " " + iccid.substr(iccid.size() - last));
    int width = qr::dots_across(paper_millimetres);
    return qr::to_escpos(
        qr::to_receipt(title.empty() ? in["title"] : title, *matrix, lines, width));
}

}  // namespace agent::print
