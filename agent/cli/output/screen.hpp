#pragma once

#include <string>
#include <vector>

namespace agent::cli {

/// A full-screen view on a terminal (ECMA-48) that sends only the lines that changed: fit for a
/// serial console of 9600 baud.
class screen {
public:
    /// What to send so that these lines are shown, each cut to the width.
    std::string show(const std::vector<std::string>& lines, int columns, int rows);
    /// What to send so that the cursor is below all that was shown.
    std::string end() const;

private:
    std::vector<std::string> shown_;
    int columns_ = 0;
    int rows_ = 0;
};

}  // namespace agent::cli
