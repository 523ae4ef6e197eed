// Script: the source text of a run and its name in messages.
#pragma once

#include <string>

#include "driver/options.h"
#include "support/result.h"

namespace hawk {

struct Script {
  std::string name;  // "stdin" for -e and -, else the path as given
  std::string text;
};

[[nodiscard]] Result<Script> read_script(const Options& options);
[[nodiscard]] Result<Script> read_script_file(const std::string& path);

}  // namespace hawk
