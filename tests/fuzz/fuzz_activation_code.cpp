// An activation code, as it may come from a QR, a keyboard or a server.
#include "agent/base/activation_code.hpp"
#include "agent/base/redact.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view text{reinterpret_cast<const char*>(data), size};
    auto code = agent::activation_code::parse(platform::secret(text));
    if (!code) {
        agent::redact(text);
        return 0;
    }
    // What was accepted prints to something that is accepted as the same.
    auto again = agent::activation_code::parse(code->text());
    if (!again || !(again->text() == code->text())
        || again->needs_confirmation_code() != code->needs_confirmation_code())
        std::abort();
    // Nothing behind the host survives redaction.
    platform::secret whole = code->text();
    std::string_view printed = whole.reveal();
    bool is_one_word = printed.find_first_of(" \t\r\n\"'<>") == std::string_view::npos;
    if (is_one_word && agent::redact(printed) != "LPA:1$" + code->smdp_address() + "$\u2026"
        && printed.find('$', 6) != std::string_view::npos)
        std::abort();
    return 0;
}
