#include "platform/output_port.hpp"

#include "platform/storage.hpp"
#include "tests/support/run.hpp"
#include "tests/support/temporary.hpp"

#include "tests/support/catch.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

using namespace std::chrono_literals;
using platform::send_to_port;

namespace {

/// The other end of a serial line.
struct printer {
    int descriptor = ::posix_openpt(O_RDWR | O_NOCTTY);
    std::string device{};

    printer()
    {
        ::grantpt(descriptor);
        ::unlockpt(descriptor);
        device = ::ptsname(descriptor);
    }
    ~printer() { ::close(descriptor); }
    printer(const printer&) = delete;
    printer& operator=(const printer&) = delete;

    std::string received(std::size_t size) const
    {
        std::string out;
        char block[256];
        pollfd waiting{descriptor, POLLIN, 0};
        while (out.size() < size && ::poll(&waiting, 1, 5'000) == 1) {
            ssize_t got = ::read(descriptor, block, sizeof block);
            if (got <= 0)
                break;
            out.append(block, static_cast<std::size_t>(got));
        }
        return out;
    }
};

}  // namespace

TEST_CASE("a file is replaced whole by what is sent there", "[output_port]")
{
    boost::asio::io_context io;
    tests::temporary_directory files;
    std::string file = files.write("receipt", "an older one, which was longer");
    REQUIRE(tests::run(io, send_to_port(file, "new")));
    CHECK(platform::read_file(file).value() == "new");
}

TEST_CASE(
    "a serial line gets the octets as they are, also those that terminals change", "[output_port]")
{
    boost::asio::io_context io;
    printer paper;
    const std::string octets{"\x1b@a\nb\r\x04\x11\x00\xff", 10};
    REQUIRE(tests::run(io, send_to_port(paper.device, octets)));
    CHECK(paper.received(octets.size()) == octets);
}

TEST_CASE("a printer that is not there is told", "[output_port]")
{
    boost::asio::io_context io;
    CHECK_FALSE(tests::run(io, send_to_port("/no/such/printer", "x")));
}

TEST_CASE("a printer has as long as its line needs", "[output_port]")
{
    CHECK(platform::output_limit("") == 20s);
    CHECK(platform::output_limit(std::string(9'600, 'x')) == 30s);
}
