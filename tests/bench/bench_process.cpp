// bench_process RUNS NAME COMMAND NAME COMMAND: runs two shell commands by turns, and prints
// for each the median wall time and the largest resident set of any process in it, then the
// ratio of the first to the second. What BENCH_PREPARE holds is run before each of them, untimed.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

struct sample {
    double milliseconds = 0;
    long kilobytes = 0;
};

void prepare()
{
    const char* command = std::getenv("BENCH_PREPARE");
    if (command == nullptr)
        return;
    pid_t pid = ::fork();
    if (pid == 0) {
        ::execl("/bin/sh", "sh", "-c", command, nullptr);
        ::_exit(127);
    }
    ::waitpid(pid, nullptr, 0);
}

sample run(const char* command)
{
    prepare();
    auto start = std::chrono::steady_clock::now();
    pid_t pid = ::fork();
    if (pid == 0) {
        ::dup2(::open("/dev/null", O_WRONLY), STDOUT_FILENO);
        ::dup2(::open("/dev/null", O_WRONLY), STDERR_FILENO);
        ::execl("/bin/sh", "sh", "-c", command, nullptr);
        ::_exit(127);
    }
    int status = 0;
    rusage used{};
    ::wait4(pid, &status, 0, &used);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        std::fprintf(stderr, "this failed: %s\n", command);
        std::exit(1);
    }
    std::chrono::duration<double, std::milli> passed = std::chrono::steady_clock::now() - start;
    return {passed.count(), used.ru_maxrss};
}

sample summary(std::vector<sample> all)
{
    std::ranges::sort(all, {}, &sample::milliseconds);
    long largest = std::ranges::max(all, {}, &sample::kilobytes).kilobytes;
    return {all[all.size() / 2].milliseconds, largest};
}

}  // namespace

int main(int argc, char** argv)
{
    if (argc != 6) {
        std::fprintf(stderr, "usage: bench_process RUNS NAME COMMAND NAME COMMAND\n");
        return 2;
    }
    int runs = std::atoi(argv[1]);
    std::vector<sample> first;
    std::vector<sample> second;
    for (int i = -1; i < runs; ++i) {  // the first round warms the caches
        sample one = run(argv[3]);
        sample two = run(argv[5]);
        if (i < 0)
            continue;
        first.push_back(one);
        second.push_back(two);
    }
    sample ours = summary(first);
    sample theirs = summary(second);
    std::printf("%s %.1f ms, %ld kB; %s %.1f ms, %ld kB; ratio %.2f in time, %.2f in memory\n",
        argv[2], ours.milliseconds, ours.kilobytes, argv[4], theirs.milliseconds, theirs.kilobytes,
        ours.milliseconds / theirs.milliseconds,
        static_cast<double>(ours.kilobytes) / static_cast<double>(theirs.kilobytes));
    return 0;
}
