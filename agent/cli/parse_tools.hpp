#pragma once

#include "agent/cli/options.hpp"

#include <CLI/App.hpp>

#include <charconv>
#include <string>
#include <utility>
#include <vector>

namespace agent::cli {

// What the parts of parse() share. Only they know CLI11.

/// An empty value is a shell variable that nobody set: it must not stand for the default.
inline const CLI::Validator not_empty{
    [](const std::string& text) { return text.empty() ? "must not be empty" : std::string(); }, ""};

/// A whole number from `least` to `most`.
inline CLI::Validator between(int least, int most)
{
    auto check = [=](const std::string& text) {
        int number = 0;
        const char* end = text.data() + text.size();
        auto [rest, ec] = std::from_chars(text.data(), end, number);
        bool is_right = ec == std::errc() && rest == end && number >= least && number <= most;
        return is_right ? std::string()
                        : "'" + text + "' is no number from " + std::to_string(least) + " to "
                              + std::to_string(most);
    };
    return {check, ""};
}

template <class Value>
using choices = std::vector<std::pair<std::string, Value>>;

/// The value that `word` stands for; throws what CLI11 reports, with the words there are.
template <class Value>
Value choose(const char* name, const std::string& word, const choices<Value>& from)
{
    std::string known;
    for (const auto& [text, value] : from) {
        if (text == word)
            return value;
        known += (known.empty() ? "" : ", ") + text;
    }
    throw CLI::ValidationError(name, "'" + word + "' is none of " + known);
}

/// An option that takes one of some words, and the value each stands for.
template <class Value, class Target>
CLI::Option* add_choice(
    CLI::App& to, const char* name, Target& into, const char* what, choices<Value> from)
{
    auto take = [&into, name, from](const std::string& word) { into = choose(name, word, from); };
    return to.add_option_function<std::string>(name, take, what)->type_name("NAME");
}

/// The commands about Gigastore's customers, packages and links (parse_gigastore.cpp).
void add_customer(CLI::App& app, command_options& chosen);
void add_inventory(CLI::App& app, command_options& chosen);
void add_package(CLI::App& app, command_options& chosen);
void add_link(CLI::App& app, command_options& chosen);

}  // namespace agent::cli
