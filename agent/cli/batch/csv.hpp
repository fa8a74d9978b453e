#pragma once

#include "agent/base/vocabulary.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace agent::cli {

/// Comma-separated values (RFC 4180): the header's names, and a value for each in every row.
struct csv_table {
    std::vector<std::string> names{};
    std::vector<std::vector<std::string>> rows{};

    /// The value in a row; empty if there is no such column.
    std::string at(std::size_t row, std::string_view name) const;
};

/// Reads a table; a byte order mark and empty lines do not count. Fails with the line of a row that
/// has more or fewer values than the header, or of a quote that nothing closes.
result<csv_table> parse_csv(std::string_view text);

/// One row with its line end, quoted where it must be.
std::string to_csv(const std::vector<std::string>& values);

}  // namespace agent::cli
