#pragma once

#include "agent/config/config.hpp"

#include <span>
#include <string>
#include <string_view>

namespace agent {

/// What a value is to those who read all of them.
enum class value_kind {
    plain,
    secret_file,  // the name of a file whose content is secret
    hook,         // a URL whose path may be a secret
};

/// One key: its element and attribute, its environment variable, and how its value is set and
/// shown.
struct config_key {
    const char* element;
    const char* attribute;
    const char* variable;
    /// Fails with what is wrong with the value; an empty one restores the default.
    result<void> (*set)(config& into, std::string_view value, const std::string& directory);
    std::string (*get)(const config& from);
    value_kind kind = value_kind::plain;
};

/// One key of a report_destination: it has no environment variable.
struct destination_key {
    const char* element;
    const char* attribute;
    result<void> (*set)(
        report_destination& into, std::string_view value, const std::string& directory);
    std::string (*get)(const report_destination& from);
    value_kind kind = value_kind::plain;
};

/// All keys, in the order of the manual: XML, environment, support and tests go by them.
std::span<const config_key> config_keys();
std::span<const destination_key> destination_keys();

/// Looks a key up by element and attribute, or by environment variable; null if there is none.
const config_key* find_config_key(std::string_view element, std::string_view attribute);
const config_key* find_config_key(std::string_view variable);
/// True if some key has this element.
bool is_config_element(std::string_view element);
/// Looks a destination's key up; null if there is none.
const destination_key* find_destination_key(std::string_view element, std::string_view attribute);

/// "webhook" or "mqtt".
const char* name_of(destination_kind kind);
/// The kind of that name; nothing if there is none.
std::optional<destination_kind> destination_kind_from(std::string_view name);

/// The files with secrets that a configuration names.
std::vector<std::string> secret_files_of(const config& settings);

}  // namespace agent
