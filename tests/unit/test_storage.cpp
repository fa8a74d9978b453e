#include "platform/storage.hpp"

#include "tests/support/temporary.hpp"

#include "tests/support/catch.hpp"
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

using namespace platform;

namespace {

unsigned mode_of(const std::string& file)
{
    struct stat about {};
    ::stat(file.c_str(), &about);
    return about.st_mode & 0777;
}

std::size_t files_in(const std::string& directory)
{
    auto all = std::filesystem::directory_iterator(directory);
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

}  // namespace

TEST_CASE("a file is replaced whole, mode 0600, and leaves nothing beside it", "[storage]")
{
    tests::temporary_directory files;
    std::string file = files.write("x", "old content", 0644);
    REQUIRE(write_file(file, "new"));
    CHECK(read_file(file).value() == "new");
    CHECK(mode_of(file) == 0600);
    CHECK(files_in(files.path()) == 1);
}

TEST_CASE("a file that cannot be written leaves the old one and no stray", "[storage]")
{
    tests::temporary_directory files;
    CHECK(write_file(files.path() + "/no/such/x", "new").error().code()
          == boost::system::errc::no_such_file_or_directory);
    std::filesystem::create_directory(files.path() + "/x");
    std::filesystem::create_directory(files.path() + "/x/y");
    CHECK_FALSE(write_file(files.path() + "/x", "new"));
    CHECK(files_in(files.path()) == 1);
}

TEST_CASE("a device is written to, not replaced", "[storage]")
{
    CHECK(write_file("/dev/null", "x"));  // root's
    CHECK(std::filesystem::is_character_file("/dev/null"));
    CHECK(write_file("/dev/full", "x").error().code() == boost::system::errc::no_space_on_device);
}

TEST_CASE("a secret is read from its file without the white space around it", "[storage]")
{
    tests::temporary_directory files;
    CHECK(read_secret_file(files.write("s", " \n  two words \r\n"))->reveal() == "two words");
    CHECK(read_secret_file(files.write("s", "x", 0440))->reveal() == "x");
    auto empty = GENERATE("", " \n\t");
    CHECK(read_secret_file(files.write("s", empty)).error().detail().ends_with("is empty"));
}

TEST_CASE("a secret may come through a pipe, but not keep us waiting", "[storage]")
{
    tests::temporary_directory files;
    std::string pipe = files.path() + "/pipe";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    auto started = std::chrono::steady_clock::now();
    auto silent = read_secret_file(pipe, std::chrono::milliseconds(50));
    CHECK(silent.error().detail() == "nobody writes to " + pipe);
    CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(5));

    int both = ::open(pipe.c_str(), O_RDWR | O_CLOEXEC);
    REQUIRE(::write(both, "x\n", 2) == 2);
    CHECK(read_secret_file(pipe, std::chrono::milliseconds(50)).error().detail()
          == "nobody writes to " + pipe);
    ::close(both);
}

TEST_CASE("a secret that others can reach is refused, with the chmod that mends it", "[storage]")
{
    tests::temporary_directory files;
    auto mode = GENERATE(0604u, 0602u, 0644u, 0666u);
    std::string file = files.write("s", "hunter2", mode);
    auto secret = read_secret_file(file);
    REQUIRE_FALSE(secret);
    CHECK(secret.error().detail().ends_with("run: chmod 600 " + file));
}

TEST_CASE("a file larger than 1 MiB is not read", "[storage]")
{
    tests::temporary_directory files;
    CHECK(read_file(files.write("x", std::string(1 << 20, 'x'))));
    CHECK_FALSE(read_file(files.write("x", std::string((1 << 20) + 1, 'x'))));
    CHECK_FALSE(read_file("/dev/zero"));
    CHECK_FALSE(read_file(files.path() + "/absent"));
    CHECK_FALSE(read_file(files.path()));
}

TEST_CASE("files are listed by their ending, sorted, without hidden ones", "[storage]")
{
    tests::temporary_directory files;
    for (const char* name : {"b.xml", "a.xml", ".c.xml", "d.txt"})
        files.write(name, "");
    auto found = list_files(files.path(), ".xml").value();
    CHECK(found == std::vector<std::string>{files.path() + "/a.xml", files.path() + "/b.xml"});
    CHECK(list_files(files.path() + "/absent", ".xml")->empty());
}

TEST_CASE("a pipe without a reader is refused, and no state file is read out of one", "[storage]")
{
    tests::temporary_directory files;
    std::string pipe = files.path() + "/pipe";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    CHECK(write_file(pipe, "x").error().detail() == "nobody reads from " + pipe);
    CHECK(read_regular_file(pipe).error().detail().ends_with("is no regular file"));
    REQUIRE(::symlink("/etc/hostname", (files.path() + "/link").c_str()) == 0);
    CHECK(read_regular_file(files.path() + "/link").error().detail().ends_with("no regular file"));
    // In a directory of ours it is replaced.
    CHECK(write_file(pipe, "x", ownership::of_directory));
    CHECK(read_regular_file(pipe).value() == "x");
}

TEST_CASE("what is secret goes into no pipe or device of another user's", "[storage]")
{
    if (::geteuid() != 0)
        return;  // only root can make one
    tests::temporary_directory files;
    std::string pipe = files.path() + "/pipe";
    REQUIRE(::mkfifo(pipe.c_str(), 0666) == 0);
    CHECK(may_write_to(pipe));
    constexpr uid_t nobody = 65534;
    REQUIRE(::chown(pipe.c_str(), nobody, nobody) == 0);
    CHECK_FALSE(may_write_to(pipe));
    int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
    CHECK(write_file(pipe, "x").error().detail().find("another user's pipe") != std::string::npos);
    ::close(reader);
}
