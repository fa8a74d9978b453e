#include "platform/unix_listener.hpp"

#include "platform/error.hpp"
#include "tests/support/temporary.hpp"

#include "tests/support/catch.hpp"

#include <sys/stat.h>
#include <unistd.h>

using platform::listen_on_unix_socket;

TEST_CASE("a socket is for its owner and its group", "[unix_listener]")
{
    tests::temporary_directory files;
    std::string path = files.path() + "/control";
    auto listener = listen_on_unix_socket(path, "");
    REQUIRE(listener);
    struct stat about {};
    REQUIRE(::stat(path.c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0660);
    ::close(*listener);
}

TEST_CASE("the socket of a dead agent is replaced, that of a living one is not", "[unix_listener]")
{
    tests::temporary_directory files;
    std::string path = files.path() + "/control";
    auto first = listen_on_unix_socket(path, "");
    REQUIRE(first);
    CHECK(listen_on_unix_socket(path, "").error() == platform::errc::in_use);
    ::close(*first);  // as kill -9 does: the file stays
    auto second = listen_on_unix_socket(path, "");
    REQUIRE(second);
    ::close(*second);
}

TEST_CASE("a socket that cannot be is refused with what to change", "[unix_listener]")
{
    tests::temporary_directory files;
    std::string path = files.path() + "/control";
    std::string too_long = files.path() + "/" + std::string(108, 'x');
    CHECK(listen_on_unix_socket(too_long, "").error() == platform::errc::configuration);
    CHECK(platform::is_too_long_for_a_socket(too_long));
    auto nobody = listen_on_unix_socket(path, "no-such-group");
    CHECK(nobody.error().detail().find("the group 'no-such-group'") != std::string::npos);
    CHECK(::access(path.c_str(), F_OK) != 0);
    auto nowhere = listen_on_unix_socket(files.path() + "/none/control", "");
    CHECK(nowhere.error().detail().find("listening on") != std::string::npos);
}
