// Child processes: one process group each, no inherited descriptor, and none that outlives the emulator.
#pragma once
#include <sys/types.h>

#include <string>
#include <vector>

namespace virga {

struct ProcessPlan {
    std::vector<std::string> argv;         // argv[0] is the path of the program
    std::vector<std::string> environment;  // "NAME=value"; the whole of it
    std::string directory;                 // working directory
};

struct ProcessHandle {
    pid_t pid = -1;   // also the id of its process group
    int exit_fd = -1; // a pidfd: readable once the process ended
    int output = -1;  // non-blocking read end of its stdout and stderr
    int error = 0;    // errno when it could not be started; then nothing else is set
};

// Starts `plan`: stdin is /dev/null, stdout and stderr one pipe. The kernel kills the child when the calling thread ends, so call it on
// a thread that lives as long as the emulator.
ProcessHandle start_process(const ProcessPlan& plan);

// Kills the whole group, at once.
void kill_group(pid_t pid);

// True when the child has ended, whether it was collected or not. Does not wait, and collects nothing.
bool has_ended(pid_t pid);

// Collects an ended child; waits for its end. The status as of waitpid.
int reap(pid_t pid);

// "exit status 3", "signal: killed"
std::string describe_status(int status);

// What `argv` prints on its standard output, trimmed; "" when it fails. Blocks: for short questions to interpreters.
std::string output_of(const std::vector<std::string>& argv);

// Peak resident memory of a process in MB; 0 when unknown.
int peak_memory_mb(pid_t pid);

}  // namespace virga
