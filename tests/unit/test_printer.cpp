#include "agent/print/printer.hpp"

#include "platform/storage.hpp"
#include "tests/support/run.hpp"
#include "tests/support/temporary.hpp"

#include "tests/support/catch.hpp"
#include <boost/asio/ip/tcp.hpp>

namespace asio = boost::asio;
using agent::print::send_to_printer;
using asio::ip::tcp;

TEST_CASE("a printer on the network gets all octets", "[printer]")
{
    asio::io_context io;
    tcp::acceptor listening{io, {asio::ip::address_v4::loopback(), 0}};
    std::string where = "tcp://127.0.0.1:" + std::to_string(listening.local_endpoint().port());
    REQUIRE(agent::result<void>(tests::run(io, send_to_printer(where, "receipt"))));
    tcp::socket there{io};
    listening.accept(there);
    std::string got(64, '\0');
    boost::system::error_code ec;
    got.resize(there.read_some(asio::buffer(got), ec));
    CHECK(got == "receipt");
}

TEST_CASE("a file is replaced whole; a printer that is not there is told", "[printer]")
{
    asio::io_context io;
    tests::temporary_directory files;
    std::string file = files.path() + "/receipt.bin";
    CHECK(tests::run(io, send_to_printer(file, "receipt")));
    CHECK(platform::read_file(file).value() == "receipt");
    auto gone = tests::run(io, send_to_printer("/dev/esim-agent-no-printer", "x"));
    CHECK(gone.error().detail().find("is it plugged in?") != std::string::npos);
    tcp::acceptor closed{io, {asio::ip::address_v4::loopback(), 0}};
    auto port = std::to_string(closed.local_endpoint().port());
    closed.close();
    auto refused = tests::run(io, send_to_printer("tcp://127.0.0.1:" + port, "x"));
    CHECK(refused.error().kind() == platform::failure_class::may_pass);
    CHECK(refused.error().message().find("the printer at tcp://127.0.0.1:") != std::string::npos);
}
