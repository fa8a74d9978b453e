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

/// One that a shop brings along; there are no glyphs for it in the program.
language foreign_language(const std::string& code)
{
    language out;
    out.code = code;
    std::string main = platform::lower(code.substr(0, code.find('-')));
    out.is_right_to_left = main == "he" || main == "fa" || main == "ur";
    out.needs_shaping = true;
    return out;
}

/// Nobody is there to be asked.
void leave_out_staff(language& of)
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
    static std::vector<language> all = read_languages();
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

const std::vector<language>& languages()
{
    return all_languages();
}

const language* find_language(std::string_view code)
{
    std::string wanted = platform::lower(std::string(code));
    std::ranges::replace(wanted, '_', '-');
    // Where Chinese is written in Traditional characters, a browser often names the place alone.
    for (const char* place : {"zh-tw", "zh-hk", "zh-mo"})
        if (wanted.starts_with(place))
            wanted = "zh-hant";
    auto is_wanted = [&wanted](
                         const language& each) { return platform::lower(each.code) == wanted; };
    while (!wanted.empty()) {
        auto found = std::ranges::find_if(languages(), is_wanted);
        if (found != languages().end())
            return &*found;
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
    all = read_languages();
    for (const auto& [code, words] : own) {
        auto found = std::ranges::find(all, code, &language::code);
        language& to = found == all.end() ? all.emplace_back(foreign_language(code)) : *found;
        for (const auto& [key, text] : words)
            to.words[key] = text;
    }
    if (!is_staffed)
        std::ranges::for_each(all, leave_out_staff);
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
