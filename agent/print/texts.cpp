#include "agent/print/texts.hpp"

#include "agent/base/json.hpp"
#include "platform/text.hpp"
#include "print_texts.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace agent::print {
namespace {

language read_language(const embedded_file& file)
{
    language out;
    std::string_view name = file.name;
    out.code = name.substr(0, name.find('.'));
    out.is_right_to_left = out.code == "ar";
    out.needs_shaping = out.code == "hi";
    json_document document{file.content};
    for (const auto& each : document.root()->get_object())
        out.words.emplace(each.key(), std::string(each.value().get_string()));
    return out;
}

/// The first part of a tag, which is the language: "pt".
std::string language_of(std::string_view tag)
{
    return platform::lower(std::string(tag.substr(0, tag.find('-'))));
}

/// One that a shop brings along: drawn as the program's own of that language is, if it has the
/// letters for all of it.
language foreign_language(const std::string& code)
{
    language out;
    out.code = code;
    std::string main = language_of(code);
    for (const char* each : {"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
        out.is_right_to_left = out.is_right_to_left || main == each;
    bool has_many_letters = main == "zh" || main == "ja" || main == "ko";
    out.needs_shaping = true;
    for (const language& each : built_in_languages())
        if (language_of(each.code) == main && !has_many_letters)
            out.needs_shaping = each.needs_shaping;
    return out;
}

/// Nobody is there to be asked. What the shop says in its own words, it means.
void leave_out_staff(language& of, const language_words& own)
{
    static constexpr std::pair<const char*, const char*> instead[] = {
        {"welcome_text", "welcome_text_unstaffed"},
        {"find_failed", "find_failed_unstaffed"},
        {"find_wait", "find_wait_unstaffed"},
        {"confirmation", "link_confirmation"},
        {"failed_text", "link_failed_text"},
        {"offline_text", "offline_text_unstaffed"},
        {"print_failed", "print_failed_unstaffed"},
    };
    for (const auto& [key, other] : instead)
        if (!own.contains(key))
            of.words[key] = of[other];
}

void sort(std::vector<language>& out)
{
    std::ranges::sort(out, [](const language& left, const language& right) {
        bool is_first = left.code == "en" && right.code != "en";
        return is_first || (right.code != "en" && left["name"] < right["name"]);
    });
}

std::vector<language> read_languages()
{
    std::vector<language> out;
    for (const embedded_file& each : print_texts)
        out.push_back(read_language(each));
    sort(out);
    return out;
}

std::vector<language>& all_languages()
{
    static std::vector<language> all = built_in_languages();
    return all;
}

/// The weight in "de;q=0.8"; 1 without one, 0 for what cannot be read.
double weight_in(std::string_view part)
{
    auto at = part.find("q=");
    if (at == part.npos)
        return 1;
    double out = 0;
    std::from_chars(part.data() + at + 2, part.data() + part.size(), out);
    return out;
}

}  // namespace

const std::string& language::operator[](std::string_view key) const
{
    static const std::string nothing;
    auto found = words.find(key);
    return found == words.end() ? nothing : found->second;
}

const std::vector<language>& built_in_languages()
{
    static const std::vector<language> all = read_languages();
    return all;
}

const std::vector<language>& languages()
{
    return all_languages();
}

const language* find_language(std::string_view code)
{
    std::string wanted = platform::lower(std::string(code));
    std::ranges::replace(wanted, '_', '-');
    auto find = [&wanted]() -> const language* {
        auto found = std::ranges::find_if(languages(),
            [&wanted](const language& each) { return platform::lower(each.code) == wanted; });
        return found == languages().end() ? nullptr : &*found;
    };
    if (const language* exact = find())
        return exact;
    // Where Chinese is written in Traditional characters, a browser often names the place alone.
    for (std::string_view place : {"zh-tw", "zh-hk", "zh-mo"})
        if (wanted == place || wanted.starts_with(std::string(place) + "-"))
            wanted = "zh-hant";
    while (!wanted.empty()) {
        if (const language* found = find())
            return found;
        auto last = wanted.rfind('-');
        wanted.resize(last == wanted.npos ? 0 : last);
    }
    return nullptr;
}

const language& drawable(const language& in)
{
    return in.needs_shaping ? languages().front() : in;
}

void set_texts(const own_texts& own, bool is_staffed)
{
    std::vector<language>& all = all_languages();
    all = built_in_languages();
    for (const auto& [code, words] : own) {
        auto found = std::ranges::find(all, code, &language::code);
        language& to = found == all.end() ? all.emplace_back(foreign_language(code)) : *found;
        for (const auto& [key, text] : words)
            to.words[key] = text;
    }
    static const language_words nothing;
    for (language& each : all) {
        auto found = own.find(each.code);
        if (!is_staffed)
            leave_out_staff(each, found == own.end() ? nothing : found->second);
    }
    sort(all);
}

const language& choose_language(std::string_view accepted)
{
    const language* best = &languages().front();
    double best_weight = 0;
    while (!accepted.empty()) {
        auto end = std::min(accepted.find(','), accepted.size());
        std::string_view part = accepted.substr(0, end);
        accepted.remove_prefix(std::min(end + 1, accepted.size()));
        part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
        const language* one = find_language(part.substr(0, part.find(';')));
        double weight = weight_in(part);
        bool is_better = one != nullptr && weight > best_weight;
        if (is_better)
            best = one;
        best_weight = is_better ? weight : best_weight;
    }
    return *best;
}

}  // namespace agent::print
