#pragma once

#include <string>

namespace tests {

/// A directory of the test's own, gone with everything in it at the end of its scope.
class temporary_directory {
public:
    temporary_directory();
    ~temporary_directory();
    temporary_directory(const temporary_directory&) = delete;
    temporary_directory& operator=(const temporary_directory&) = delete;

    const std::string& path() const { return path_; }
    /// Writes a file into it, by default mode 0600; gives the file's path.
    std::string write(
        const std::string& name, const std::string& content, unsigned mode = 0600) const;

private:
    std::string path_;
};

}  // namespace tests
