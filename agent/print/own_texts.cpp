#include "agent/print/own_texts.hpp"

#include "agent/base/json.hpp"
#include "platform/error.hpp"
#include "platform/storage.hpp"
#include "platform/text.hpp"

#include <algorithm>

namespace agent::print {
namespace {

constexpr std::string_view ending = ".json";

/// What stands in a page's attributes and in its address: "pt-BR".
bool is_language_tag(std::string_view code)
{
    constexpr std::size_t longest = 35;  // RFC 5646, 4.4.1
    return code.size() >= 2 && code.size() <= longest && std::ranges::all_of(code, [](char each) {
        bool is_letter = platform::lower(each) >= 'a' && platform::lower(each) <= 'z';
        return is_letter || each == '-' || (each >= '0' && each <= '9');
    });
}

failure wrong(const std::string& path, const std::string& words)
{
    return failure(platform::errc::configuration, path + ": " + words);
}

result<language_words> read_words(const std::string& path)
{
    auto content = platform::read_file(path);
    if (!content)
        return content.error();
    json_document document{*content};
    if (document.root() == nullptr || !document.root()->is_object())
        return wrong(path, "this is no JSON object");
    language_words out;
    for (const auto& each : document.root()->get_object()) {
        std::string key(each.key());
        bool is_known =
            built_in_languages().front().words.contains(key);  // English has all of them
        if (!is_known)
            return wrong(path, "there is no text '" + platform::printable(key)
                                   + "'; share/esim-agent/texts/en.json has all there are");
        if (!each.value().is_string() || each.value().get_string().empty())
            return wrong(path, "'" + key + "' is no text");
        out.emplace(std::move(key), std::string(each.value().get_string()));
    }
    return out;
}

/// The first key that a language of its own lacks; empty if there is none.
std::string missing_in(const language_words& own)
{
    for (const auto& [key, words] : built_in_languages().front().words)
        if (!own.contains(key))
            return key;
    return {};
}

}  // namespace

result<own_texts> read_own_texts(const std::string& folder)
{
    auto paths = platform::list_files(folder, ending);
    if (!paths)
        return paths.error();
    own_texts out;
    for (const std::string& path : *paths) {
        std::string name = path.substr(path.rfind('/') + 1);
        std::string code = name.substr(0, name.size() - ending.size());
        if (!is_language_tag(code))
            return wrong(path, "a file of texts is called as its language: de.json, pt-BR.json");
        auto words = read_words(path);
        if (!words)
            return words.error();
        auto ours = std::ranges::find_if(built_in_languages(), [&code](const language& each) {
            return platform::same_ignoring_case(each.code, code);
        });
        bool is_ours = ours != built_in_languages().end();
        if (std::string key = is_ours ? "" : missing_in(*words); !key.empty())
            return wrong(path, "a language that is not in the program needs every text, and '" + key
                                   + "' is missing");
        out.emplace(is_ours ? ours->code : code, std::move(*words));
    }
    return out;
}

}  // namespace agent::print
