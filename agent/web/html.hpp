#pragma once

#include "agent/gigastore/types.hpp"
#include "agent/print/texts.hpp"
#include "agent/web/reader.hpp"
#include "platform/secret.hpp"

#include <initializer_list>
#include <string>
#include <string_view>

namespace agent::web {

// The pieces that pages for people are made of. Every text is escaped here.

/// Text as it may stand in HTML's content and attributes.
std::string escape(std::string_view text);

/// <NAME ATTRIBUTES>words</NAME>; the attributes stand as they are.
std::string element(std::string_view name, std::string_view attributes, std::string_view words);

std::string paragraph(std::string_view words);

/// A numbered list of the words of these keys.
std::string steps(const print::language& in, std::initializer_list<const char*> keys);

/// A line of a <dl>; `html` stands as it is.
std::string row(std::string_view label, const std::string& html);

/// A size in the largest unit that it fills; the script writes it in the reader's way (Intl).
std::string size_html(const gigastore::data_size& size);

/// A day (UTC); the script writes it in the reader's way.
std::string day_html(platform::timestamp when);

/// Numbers and dates read from left to right, also within Arabic (Unicode's LRI and PDI).
std::string upright(const std::string& text);

/// A QR, dark on white: the one that the page is about, or a small one beside other things. Title
/// and description are for who does not see it. Empty if no QR holds the text.
enum class card_size { large, small };
std::string qr_card(const platform::secret& text, std::string_view title,
    std::string_view description, card_size size = card_size::large);

enum class sign { good, bad, unsure, welcome };

/// One thing to say, and what to do about it; `more` is HTML.
std::string message(
    sign kind, std::string_view title, std::string_view words, const std::string& more);

/// What a page begins with: language, title, style and the script of that name.
struct page_head {
    std::string title{};
    std::string_view script{};  // "page.js"
    bool is_live = false;       // without scripts it loads itself again to be true
    bool is_for_robots = true;  // false: no search engine may keep it
    bool has_brand_style = false;
};

/// From <!doctype> to <body>.
std::string head_html(const page_head& head, const print::language& in);

/// The page in the other languages: a globe that leads to all of them on the whole screen, each in
/// its own name. Links alone, so that it works without scripts.
std::string language_picker(std::string_view base, page_query chosen, const print::language& in);

}  // namespace agent::web
