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
// What a picture of the script's results is called: its file, or its text on one line, cut to what fits.
[[nodiscard]] std::string script_title(const Options& options);
[[nodiscard]] Result<Script> read_script_file(const std::string& path);

}  // namespace hawk
