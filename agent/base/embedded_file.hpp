#pragma once

namespace agent {

/// A file that is built into the program (CMakeLists.txt, embed).
struct embedded_file {
    const char* name;  // "page.css", "de.json"
    const char* content;
};

}  // namespace agent
