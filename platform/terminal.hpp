#pragma once

#include "platform/result.hpp"
#include "platform/secret.hpp"

#include <optional>
#include <string>

namespace platform {

struct terminal_size {
    int columns = 80;
    int rows = 0;  // 0 is not known
};

/// The size of the terminal behind a file descriptor; nothing if it is not a terminal.
/// One that does not know its size (a serial console) counts as 80 columns.
std::optional<terminal_size> terminal_size_of(int descriptor);

/// True if the environment's locale (LC_ALL, LC_CTYPE, LANG) says UTF-8.
bool locale_is_utf8();

/// Asks on the controlling terminal and gives the line that was answered, empty for Ctrl-D. Fails
/// with not_connected if standard input is no terminal: then there is nobody to ask.
task<std::string> ask(std::string question);

/// ask(), without showing what is typed.
task<secret> ask_secret(std::string question);

}  // namespace platform
