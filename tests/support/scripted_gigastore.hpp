#pragma once

#include "agent/gigastore/client.hpp"
#include "agent/report/outbox.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/support/temporary.hpp"

#include <boost/json/parse.hpp>

#include <deque>
#include <string>
#include <vector>

namespace tests {

/// What Gigastore says of a customer C1 with one eSIM, E1, in this state.
inline scripted customer_with(const std::string& state)
{
    return {.answer = http_answer(200, R"j({"customer":{"uid":"C1"},"relatedEsims":[{"uid":"E1",
        "iccid":"89999010000000042007","activationCode":"LPA:1$smdp.example$K7QX9-2F4M1",
        "state":")j" + state + "\"}]}")};
}

/// A Gigastore that plays its script, a client that asks it, and an outbox whose stages are noted.
struct scripted_gigastore {
    boost::asio::io_context io;
    platform::logger log{platform::log_level::error};
    temporary_directory files;
    scripted_server server;
    agent::net::http_client http;
    agent::gigastore::client api;
    agent::report::outbox outbox;
    std::vector<std::string> stages;  // of the reports, in their order

    explicit scripted_gigastore(std::deque<scripted> script)
        : server(io, std::move(script))
        , http({.tls = {.ca_file = test_ca_file()}, .exchange_limit = std::chrono::seconds(5)}, log)
        , api(http, client_settings(server, files), log)
        , outbox(files.path(), {}, log)
    {
        outbox.on_add([this](const std::string& event) {
            stages.emplace_back(
                boost::json::parse(event).at("data").at("stage").as_string().c_str());
        });
    }

private:
    static agent::gigastore::client_settings client_settings(
        const scripted_server& of, const temporary_directory& files)
    {
        agent::gigastore::client_settings out;
        out.base = agent::net::parse_url("https://localhost:" + std::to_string(of.port())).value();
        out.credentials.bearer = files.write("bearer", "token\n");
        return out;
    }
};

}  // namespace tests
