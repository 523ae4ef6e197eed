// What cat() and system() do.
#pragma once

#include <cstdint>
#include <string>

#include "support/result.h"

namespace hawk {

// The first `limit` bytes of a file. The error is bpftrace's sentence: failed to open file 'X' (reason).
[[nodiscard]] Result<std::string> read_file_head(const std::string& path, std::uint64_t limit);

struct CommandResult {
  std::string output;  // standard output and standard error together
  int status = 0;      // exit code; 128 + signal number for a command that was killed
};
// Runs `/bin/sh -c command` to its end, with no signal blocked, and standard input as hawk's own.
[[nodiscard]] Result<CommandResult> run_command(const std::string& command);

}  // namespace hawk
