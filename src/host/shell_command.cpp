#include "host/shell_command.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "support/shell.h"

namespace hawk {

namespace {

constexpr int kCommandWaitMs = 100;

}  // namespace

Result<ShellCommand> ShellCommand::start(const std::string& command) {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return Error{std::strerror(errno)};
  UniqueFd reader(ends[0]);
  UniqueFd writer(ends[1]);
  pid_t pid = -1;
  if (int error = spawn_shell(command, writer.get(), ShellOutput::kOnly, pid); error != 0)
    return Error{std::strerror(error)};
  return ShellCommand(pid, std::move(reader));
}

ShellCommand::ShellCommand(ShellCommand&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), output_(std::move(other.output_)) {}

ShellCommand::~ShellCommand() { static_cast<void>(reap(WNOHANG)); }

// True once it has ended.
bool ShellCommand::reap(int options) {
  if (pid_ < 0) return true;
  pid_t reaped = 0;
  do {
    reaped = ::waitpid(pid_, nullptr, options);
  } while (reaped < 0 && errno == EINTR);
  if (reaped != 0) pid_ = -1;
  return reaped != 0;
}

void ShellCommand::wait(const std::function<bool()>& should_stop) {
  if (reap(WNOHANG)) return;
  UniqueFd process(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));  // Linux 5.3
  if (!process.valid()) {
    static_cast<void>(reap(0));
    return;
  }
  while (!reap(WNOHANG) && !should_stop()) {
    pollfd ended{.fd = process.get(), .events = POLLIN, .revents = 0};
    static_cast<void>(::poll(&ended, 1, kCommandWaitMs));
  }
}

}  // namespace hawk
