/* Loaded before the C library (LD_PRELOAD): kills its process, as a power cut would, at the
 * KILL_AT-th moment before or after it changes its state on disk, or sends anything to a card or
 * server. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static long left = -1;

__attribute__((constructor)) static void begin(void)
{
    const char* at = getenv("KILL_AT");
    left = at != NULL ? atol(at) : -1;
    unsetenv("LD_PRELOAD");
}

static void moment(void)
{
    if (left > 0 && --left == 0)
        kill(getpid(), SIGKILL);
}

#define real(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int rename(const char* from, const char* to)
{
    moment();
    int done = real(rename)(from, to);
    moment();
    return done;
}

int unlink(const char* path)
{
    moment();
    int done = real(unlink)(path);
    moment();
    return done;
}

int fsync(int file)
{
    moment();
    return real(fsync)(file);
}

ssize_t sendmsg(int to, const struct msghdr* what, int flags)
{
    moment();
    return real(sendmsg)(to, what, flags);
}

ssize_t send(int to, const void* what, size_t size, int flags)
{
    moment();
    return real(send)(to, what, size, flags);
}

ssize_t writev(int to, const struct iovec* what, int count)
{
    moment();
    return real(writev)(to, what, count);
}
