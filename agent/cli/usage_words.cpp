#include "agent/cli/usage_words.hpp"

namespace agent::cli {
namespace {

/// What stands before and behind `middle`; nothing if it is not there.
struct halves {
    std::string left{};
    std::string right{};
};

halves around(const std::string& told, std::string_view middle)
{
    auto at = told.find(middle);
    if (at == told.npos)
        return {};
    return {told.substr(0, at), told.substr(at + middle.size())};
}

/// "extra", or "x --minutes": the words from the last to the first.
std::string words_too_many(const std::string& all)
{
    auto option = all.find("--");
    // Without its value, which may be a secret.
    if (option != all.npos && (option == 0 || all[option - 1] == ' '))
        return all.substr(option, all.find_first_of(" =", option) - option)
               + " is no option of this command";
    return "'" + all + "' is too much";
}

std::string mismatch(const std::string& told)
{
    if (auto [option, rest] = around(told, ": 1 required "); rest.ends_with(" missing"))
        return option + " needs a value";
    if (auto [option, rest] = around(told, ": At Most 1 required"); !option.empty())
        return option + " is given more than once";
    return told;
}

std::string not_converted(const std::string& told)
{
    auto [start, rest] = around(told, "Could not convert: ");
    auto [option, value] = around(rest, " = ");
    return option.empty() ? told : option + " does not take '" + value + "'";
}

}  // namespace

std::string usage_words(std::string_view kind, const std::string& told)
{
    if (auto [one, other] = around(told, " excludes "); kind == "ExcludesError" && !one.empty())
        return one + " and " + other + " do not go together";
    if (auto [one, other] = around(told, " requires "); kind == "RequiresError" && !one.empty())
        return one + " only goes with " + other;
    if (auto [one, rest] = around(told, " is required"); kind == "RequiredError" && !one.empty())
        return one + " is missing";
    if (kind == "ArgumentMismatch")
        return mismatch(told);
    if (kind == "ConversionError")
        return not_converted(told);
    // Of these CLI11 tells the command's name instead of the kind.
    if (auto [start, words] = around(told, " not expected: "); !words.empty())
        return words_too_many(words);
    return told;
}

}  // namespace agent::cli
