#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace agent::print {

/// Texts by their keys.
using language_words = std::map<std::string, std::string, std::less<>>;

/// What the kiosk says in one language: agent/print/texts/CODE.json.
struct language {
    std::string code{};  // BCP 47: "en", "zh-Hant"
    bool is_right_to_left = false;
    bool needs_shaping = false;  // its letters join in ways that no bitmap font has
    language_words words{};

    /// The words of a key; empty if there are none (a test sees to it that there are).
    const std::string& operator[](std::string_view key) const;
};

/// All languages, English first, then as they are called in themselves.
const std::vector<language>& languages();
/// Those of the program itself, in its own words, whatever set_texts() was told.
const std::vector<language>& built_in_languages();
/// The language of that tag, or the nearest more general one (RFC 4647, 3.4): "de-AT" is German,
/// and "zh-TW" Traditional Chinese; null if there is none.
const language* find_language(std::string_view code);
/// What to use of a language where the program draws the letters itself, on a screen without a
/// browser or on paper: English where these would need shaping.
const language& drawable(const language& in);
/// The language that a browser would like best (Accept-Language, RFC 9110, 12.5.4); English if
/// there is none of those.
const language& choose_language(std::string_view accepted);

/// A shop's own words, by the code of their language.
using own_texts = std::map<std::string, language_words, std::less<>>;

/// From now on the program says it so: with a shop's own words and languages, and where nobody is
/// there, without sending anybody to staff, unless the shop's own words do. For a program's start:
/// a language from before is gone.
void set_texts(const own_texts& own, bool is_staffed);

}  // namespace agent::print
