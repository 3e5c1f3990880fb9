#include "emulator/function/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

extern char** environ;

namespace virga {

namespace {

struct Exec {
    char** argv;
    char** environment;
    const char* directory;
    int in, out;
    pid_t parent;
    volatile int error;
};

// Between vfork and exec the child borrows its parent's memory: only async-signal-safe calls, nothing returns.
[[gnu::noinline]] pid_t spawn(Exec& e, const sigset_t& mask) {
    pid_t pid = ::vfork();
    if (pid != 0) return pid;
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != e.parent) ::_exit(127);  // the parent died before the line above took effect
    struct sigaction standard{};
    standard.sa_handler = SIG_DFL;
    for (int s : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGCHLD}) ::sigaction(s, &standard, nullptr);
    ::sigprocmask(SIG_SETMASK, &mask, nullptr);
    struct rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    if (::dup2(e.in, 0) < 0 || ::dup2(e.out, 1) < 0 || ::dup2(e.out, 2) < 0 || ::chdir(e.directory) != 0) {
        e.error = errno;
        ::_exit(127);
    }
    ::close_range(3, ~0U, 0);
    ::execve(e.argv[0], e.argv, e.environment);
    e.error = errno;
    ::_exit(127);
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> p;
    for (auto& t : texts) p.push_back(const_cast<char*>(t.c_str()));
    p.push_back(nullptr);
    return p;
}

}  // namespace

ProcessHandle start_process(const ProcessPlan& plan) {
    ProcessHandle handle;
    int pipe[2];
    if (::pipe2(pipe, O_CLOEXEC) != 0) {
        handle.error = errno;
        return handle;
    }
    int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    auto argv = pointers(plan.argv), environment = pointers(plan.environment);
    Exec e{argv.data(), environment.data(), plan.directory.c_str(), null, pipe[1], ::getpid(), 0};
    // No signal handler may run in the child while it shares this memory.
    sigset_t all, before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    sigset_t none;
    ::sigemptyset(&none);
    pid_t pid = spawn(e, none);
    int failed = pid < 0 ? errno : e.error;
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    ::close(pipe[1]);
    if (null >= 0) ::close(null);
    if (failed == 0) {
        handle.exit_fd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
        if (handle.exit_fd < 0) {
            failed = errno;
            kill_group(pid);
        }
    }
    if (failed != 0) {
        if (pid > 0) reap(pid);
        ::close(pipe[0]);
        handle.error = failed;
        return handle;
    }
    ::fcntl(pipe[0], F_SETFL, O_NONBLOCK);
    ::fcntl(handle.exit_fd, F_SETFD, FD_CLOEXEC);
    handle.pid = pid;
    handle.output = pipe[0];
    return handle;
}

void kill_group(pid_t pid) {
    if (pid <= 0) return;
    if (::kill(-pid, SIGKILL) != 0) ::kill(pid, SIGKILL);
}

int reap(pid_t pid) {
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) return 0;
    return status;
}

bool has_ended(pid_t pid) {
    siginfo_t info{};
    if (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) != 0) return errno == ECHILD;
    return info.si_pid == pid;
}

std::string describe_status(int status) {
    if (WIFSIGNALED(status)) {
        const char* name = WTERMSIG(status) == SIGKILL ? "killed"
                           : WTERMSIG(status) == SIGSEGV ? "segmentation fault"
                           : WTERMSIG(status) == SIGABRT ? "aborted"
                           : WTERMSIG(status) == SIGTERM ? "terminated"
                                                         : nullptr;
        return "signal: " + (name ? std::string(name) : std::to_string(WTERMSIG(status)));
    }
    return "exit status " + std::to_string(WEXITSTATUS(status));
}

std::string output_of(const std::vector<std::string>& argv) {
    ProcessPlan plan{argv, {}, "/"};
    for (char** e = environ; *e; ++e) plan.environment.emplace_back(*e);
    auto handle = start_process(plan);
    if (handle.error) return {};
    ::fcntl(handle.output, F_SETFL, 0);
    std::string out;
    char buffer[4096];
    struct pollfd wait{handle.output, POLLIN, 0};
    while (::poll(&wait, 1, 5000) == 1) {
        auto n = ::read(handle.output, buffer, sizeof buffer);
        if (n <= 0) break;
        out.append(buffer, static_cast<std::size_t>(n));
    }
    kill_group(handle.pid);
    int status = reap(handle.pid);
    ::close(handle.output);
    ::close(handle.exit_fd);
    (void)status;
    while (!out.empty() && (out.back() == '\n' || out.back() == '\r')) out.pop_back();
    return out;
}

int peak_memory_mb(pid_t pid) {
    char path[64];
    std::snprintf(path, sizeof path, "/proc/%d/status", pid);
    int fd = ::open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    char text[4096];
    auto n = ::read(fd, text, sizeof text - 1);
    ::close(fd);
    if (n <= 0) return 0;
    text[n] = 0;
    const char* at = ::strstr(text, "VmHWM:");
    return at ? static_cast<int>(std::atol(at + 6) / 1024) : 0;
}

}  // namespace virga
