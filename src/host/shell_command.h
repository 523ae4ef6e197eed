// A command of which hawk reads the standard output.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>

#include "support/result.h"
#include "support/unique_fd.h"

namespace hawk {

class ShellCommand {
 public:
  // Starts `/bin/sh -c command` with no signal blocked, and hawk's standard input and standard error.
  [[nodiscard]] static Result<ShellCommand> start(const std::string& command);

  ShellCommand(ShellCommand&& other) noexcept;
  ShellCommand& operator=(ShellCommand&&) = delete;
  ~ShellCommand();  // waits for nothing and kills nobody

  [[nodiscard]] UniqueFd take_output() { return std::move(output_); }  // the pipe's end
  // Until it has ended, or `should_stop`, asked about ten times a second, says true.
  void wait(const std::function<bool()>& should_stop);

 private:
  ShellCommand(pid_t pid, UniqueFd output) : pid_(pid), output_(std::move(output)) {}
  [[nodiscard]] bool reap(int options);

  pid_t pid_ = -1;  // -1: known to have ended
  UniqueFd output_;
};

}  // namespace hawk
