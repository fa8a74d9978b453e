#include "agent/web/listen.hpp"

#include "tests/support/temporary.hpp"

#include "tests/support/catch.hpp"

#include <boost/asio/io_context.hpp>

using namespace agent;

namespace {

net::http_server server_on(boost::asio::io_context& io)
{
    return {io.get_executor(), [](net::http_request) -> asio::awaitable<net::server_response> {
                co_return net::server_response{};
            }};
}

}  // namespace

TEST_CASE("a port that somebody has is said, with the element to change", "[web]")
{
    boost::asio::io_context io;
    net::http_server first = server_on(io);
    web::place at;
    REQUIRE(web::listen(first, at, "kiosk"));
    at.port = first.port();
    CHECK(at.port != 0);
    net::http_server second = server_on(io);
    auto taken = web::listen(second, at, "link");
    REQUIRE_FALSE(taken);
    CHECK(taken.error().kind() == failure_class::configuration);
    CHECK(taken.error().message().find("<link listen=\"...\"/>") != std::string::npos);
}

TEST_CASE("a certificate that cannot be read is said by its file", "[web]")
{
    boost::asio::io_context io;
    tests::temporary_directory files;
    net::http_server server = server_on(io);
    web::place at;
    at.certificate_file = files.write("no.pem", "nothing");
    at.key_file = at.certificate_file;
    auto bad = web::listen(server, at, "kiosk");
    REQUIRE_FALSE(bad);
    CHECK(bad.error().message().find("no.pem") != std::string::npos);
}
