#include "tests/support/sandbox.hpp"

#include "platform/storage.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/parse.hpp>

#include <cstdlib>
#include <stdexcept>

namespace tests {
namespace {

std::vector<std::string> command_for(const std::string& directory, std::vector<std::string> options)
{
    options.insert(options.begin(), {built("esim-sandbox"), "--state", directory});
    return options;
}

}  // namespace

std::string built(const std::string& name)
{
    if (name == "esim-sandbox")
        return ESIM_SANDBOX_PROGRAM;
    const char* other = std::getenv("PROGRAM_UNDER_TEST");
    return other ? other : ESIM_AGENT_PROGRAM;
}

sandbox::sandbox(std::vector<std::string> options)
    : program_(command_for(directory_.path(), std::move(options)))
    , ready_(boost::json::parse(program_.first_line()))
{
}

std::string sandbox::at(const std::string& name) const
{
    return std::string(ready_.at(name).as_string());
}

std::string sandbox::uid(const std::string& sample) const
{
    return std::string(ready_.at("customers").at(sample).as_string());
}

finished sandbox::agent(std::vector<std::string> words, const program_options& options) const
{
    words.insert(words.begin(), {built("esim-agent"), "--config", at("config")});
    return run_program(words, options);
}

finished sandbox::device(std::vector<std::string> words, const program_options& options) const
{
    words.insert(words.begin(), {built("esim-agent"), "--config", at("deviceConfig")});
    return run_program(words, options);
}

void sandbox::fault(const std::string& one) const
{
    admin("DELETE", "/faults");
    admin("POST", "/faults", one);
}

finished sandbox::over_socket(std::vector<std::string> words, program_options options) const
{
    options.environment.emplace_back("ESIM_AGENT_MODEM_CHANNEL=socket");
    options.environment.push_back("ESIM_AGENT_MODEM_DEVICE=" + at("cardSocket"));
    return agent(std::move(words), options);
}

std::string sandbox::code_file(const std::string& matching_id, const std::string& rest) const
{
    return directory_.write(
        "code-" + matching_id, "LPA:1$" + at("smdp") + "$" + matching_id + rest + "\n");
}

void sandbox::start_over(const std::string& matching_id) const
{
    admin("DELETE", "/faults");
    admin("POST", "/card/erase");
    admin("POST", "/orders/" + matching_id,
        R"({"state":"released","eid":"","installations":0,"wrongCodes":0,"lastResult":""})");
}

void sandbox::admin(
    const std::string& method, const std::string& path, const std::string& body) const
{
    std::string answer = ask(method, path, body);
    if (answer.find(" 204 ") == std::string::npos)
        throw std::runtime_error("the sandbox refuses " + method + " " + path + ": " + answer);
}

boost::json::value sandbox::counts() const
{
    std::string answer = ask("GET", "/counts", "");
    return boost::json::parse(answer.substr(answer.find("\r\n\r\n") + 4));
}

boost::json::value sandbox::reports() const
{
    std::string answer = ask("GET", "/reports", "");
    return boost::json::parse(answer.substr(answer.find("\r\n\r\n") + 4));
}

std::string sandbox::stages() const
{
    std::string out;
    boost::json::value all = reports();
    for (const auto& each : all.at("reports").as_array())
        out += (out.empty() ? "" : " ") + std::string(each.at("data").at("stage").as_string());
    return out;
}

boost::json::value sandbox::card() const
{
    return boost::json::parse(platform::read_file(directory_.path() + "/card.json").value());
}

boost::json::value sandbox::order(const std::string& matching_id) const
{
    auto all = boost::json::parse(platform::read_file(directory_.path() + "/orders.json").value());
    return all.at(matching_id);
}

std::string sandbox::ask(
    const std::string& method, const std::string& path, const std::string& body) const
{
    namespace asio = boost::asio;
    std::string url = at("admin");
    asio::io_context io;
    asio::ip::tcp::socket socket{io};
    auto port = static_cast<unsigned short>(std::stoi(url.substr(url.rfind(':') + 1)));
    socket.connect({asio::ip::address_v4::loopback(), port});
    std::string text = method + " " + path
                       + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: "
                       + std::to_string(body.size()) + "\r\n\r\n" + body;
    asio::write(socket, asio::buffer(text));
    std::string answer;
    boost::system::error_code ec;
    asio::read(socket, asio::dynamic_buffer(answer), ec);
    return answer;
}

}  // namespace tests
