#include "tests/support/running_agent.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace tests {

using clock = std::chrono::steady_clock;

running_agent::running_agent(
    const sandbox& outside, std::vector<std::string> environment, std::vector<std::string> words)
{
    words.insert(words.begin(), {built("esim-agent"), "--config", outside.at("deviceConfig")});
    words.emplace_back("run");
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        throw std::runtime_error("no pipe");
    auto all = environment_with(environment);
    auto variables = pointers(all);
    auto arguments = pointers(words);
    pid_ = ::fork();
    if (pid_ == 0) {
        ::dup2(ends[1], STDERR_FILENO);
        ::setsid();
        ::execvpe(arguments[0], arguments.data(), variables.data());
        ::_exit(127);
    }
    ::close(ends[1]);
    output_ = ends[0];
}

running_agent::~running_agent()
{
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    ::close(output_);
}

bool running_agent::read_more(clock::time_point end)
{
    using std::chrono::milliseconds, std::chrono::duration_cast;
    auto left = duration_cast<milliseconds>(end - clock::now()).count();
    pollfd waiting{output_, POLLIN, 0};
    if (left <= 0 || ::poll(&waiting, 1, static_cast<int>(left)) <= 0)
        return false;
    char block[65536];
    ssize_t size = ::read(output_, block, sizeof block);
    if (size <= 0)
        return false;
    log_.append(block, static_cast<std::size_t>(size));
    return true;
}

bool running_agent::says(const std::string& words, std::chrono::seconds limit, int times)
{
    auto end = clock::now() + limit;
    while (true) {
        int found = 0;
        for (auto at = log_.find(words, mark_); at != std::string::npos && found < times;
             at = log_.find(words, at + 1))
            ++found;
        if (found == times)
            return true;
        if (!read_more(end))
            return false;
    }
}

int running_agent::ends(std::chrono::seconds limit)
{
    auto end = clock::now() + limit;
    while (read_more(end)) {
    }
    if (clock::now() >= end)
        return -1;
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void running_agent::signal(int number) const
{
    ::kill(pid_, number);
}

std::vector<std::string> daemon_for(const sandbox& outside, const std::string& uid)
{
    std::vector<std::string> out{"ESIM_AGENT_MODEM_CHANNEL=socket",
        "ESIM_AGENT_MODEM_DEVICE=" + outside.at("cardSocket"), "ESIM_AGENT_MODEM_CONTROL=none",
        "ESIM_AGENT_PROVISION_PENDING_POLL=1"};
    if (!uid.empty())
        out.push_back("ESIM_AGENT_CUSTOMER_UID=" + uid);
    return out;
}

std::string ask_api(const sandbox& outside, const std::string& method, const std::string& target,
    const std::string& body)
{
    namespace asio = boost::asio;
    asio::io_context io;
    asio::local::stream_protocol::socket socket{io};
    socket.connect(outside.directory() + "/control.sock");
    std::string text = method + " " + target
                       + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: "
                       + std::to_string(body.size()) + "\r\n\r\n" + body;
    asio::write(socket, asio::buffer(text));
    std::string answer;
    boost::system::error_code ec;
    asio::read(socket, asio::dynamic_buffer(answer), ec);
    return answer;
}

}  // namespace tests
