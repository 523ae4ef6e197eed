#include "output/commands.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "support/shell.h"
#include "support/unique_fd.h"

namespace hawk {

namespace {

// Appends up to `limit` bytes; false with errno set when reading fails.
bool read_up_to(int fd, std::uint64_t limit, std::string& out) {
  char block[16 * 1024];
  while (limit > 0) {
    ssize_t size = ::read(fd, block, static_cast<std::size_t>(std::min<std::uint64_t>(limit, sizeof block)));
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return false;
    if (size == 0) break;
    out.append(block, static_cast<std::size_t>(size));
    limit -= static_cast<std::uint64_t>(size);
  }
  return true;
}

int wait_for(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) return 0;  // reaped by someone else: its code is not known
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

Result<std::string> read_file_head(const std::string& path, std::uint64_t limit) {
  UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) return Error{fmt::format("failed to open file '{}' ({})", path, std::strerror(errno))};
  std::string text;
  if (read_up_to(file.get(), limit, text)) return text;
  return Error{fmt::format("failed to read file '{}' ({})", path, std::strerror(errno))};
}

Result<CommandResult> run_command(const std::string& command) {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return Error{fmt::format("cannot make a pipe ({})", std::strerror(errno))};
  UniqueFd reader(ends[0]);
  UniqueFd writer(ends[1]);
  pid_t pid = -1;
  if (int error = spawn_shell(command, writer.get(), ShellOutput::kWithErrors, pid); error != 0) {
    return Error{fmt::format("failed to run '{}' ({})", command, std::strerror(error))};
  }
  writer.reset();
  CommandResult result;
  bool complete = read_up_to(reader.get(), UINT64_MAX, result.output);
  result.status = wait_for(pid);
  if (!complete) return Error{fmt::format("failed to read what '{}' printed", command)};
  return result;
}

}  // namespace hawk
