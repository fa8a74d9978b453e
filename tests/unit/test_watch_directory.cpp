#include "platform/watch_directory.hpp"

#include "tests/support/started.hpp"
#include "tests/support/temporary.hpp"

#include "tests/support/catch.hpp"

#include <filesystem>

TEST_CASE("a file that is written or moved into a directory is told", "[watch_directory]")
{
    boost::asio::io_context io;
    tests::temporary_directory files;
    int changes = 0;
    tests::started watching{io, platform::watch_directory(files.path(), [&changes] { ++changes; })};
    CHECK(changes == 0);
    files.write("one.xml", "x");
    CHECK(watching.comes([&] { return changes == 1; }));
    tests::temporary_directory elsewhere;
    std::filesystem::rename(elsewhere.write("two.xml", "x"), files.path() + "/two.xml");
    CHECK(watching.comes([&] { return changes == 2; }));
    watching.cancel();
    CHECK(watching.comes_to_its_end());
}

TEST_CASE("a directory that is not there yet is waited for", "[watch_directory]")
{
    boost::asio::io_context io;
    tests::temporary_directory files;
    std::string later = files.path() + "/later";
    int changes = 0;
    tests::started watching{io, platform::watch_directory(later, [&changes] { ++changes; })};
    std::filesystem::create_directory(later);
    CHECK(watching.comes([&] { return changes > 0; }));
    int before = changes;
    files.write("later/one.xml", "x");
    CHECK(watching.comes([&] { return changes > before; }));
    watching.cancel();
}
