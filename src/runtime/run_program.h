// Running another program on a text and taking what it prints. Nothing touches the disk.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"
#include "support/unique_fd.h"

namespace hawk {

struct FinishedProgram {
  bool succeeded = false;   // exit status 0
  UniqueFd output;          // a file in memory with its standard output, read from the beginning
  std::string errors = {};  // its standard error
};

// Runs `arguments[0]`, a path, with `input` as its standard input, to its end.
[[nodiscard]] Result<FinishedProgram> run_program(std::vector<std::string> arguments, std::string_view input);

}  // namespace hawk
