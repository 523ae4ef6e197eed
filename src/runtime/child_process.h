// The command of `-c CMD`: started, held before its first instruction until tracing is ready, ended with it.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"
#include "support/unique_fd.h"

namespace hawk {

// Words of a command line, split at blanks; single and double quotes keep blanks in a word. There is no
// shell: nothing is expanded.
[[nodiscard]] Result<std::vector<std::string>> split_command(std::string_view command);

// The file that `program` runs: itself if it has a slash, else the first executable in $PATH.
[[nodiscard]] Result<std::string> find_executable(const std::string& program);

class ChildProcess {
 public:
  // Forks and holds the child. If hawk dies before release(), the child ends without having run anything.
  [[nodiscard]] static Result<ChildProcess> start(std::string_view command);

  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&&) = delete;
  // Asks a child that still runs to end (SIGTERM), and waits for one that was never released.
  ~ChildProcess();

  [[nodiscard]] pid_t pid() const { return pid_; }
  // Readable once the child has ended.
  [[nodiscard]] int pidfd() const { return pidfd_.get(); }

  // Lets the child execute its command; the Error says why that failed ("exec format error").
  [[nodiscard]] Result<> release();

 private:
  ChildProcess() = default;

  std::string path_;
  pid_t pid_ = 0;
  UniqueFd pidfd_;
  UniqueFd go_;      // write end: one byte lets the child run, closing it makes it exit
  UniqueFd failed_;  // read end: the errno of an exec that failed, or end of file
};

// A pidfd of a process that exists; the Error names what is wrong.
[[nodiscard]] Result<UniqueFd> open_process(pid_t pid);

}  // namespace hawk
