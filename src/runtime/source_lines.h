// Where the code of a source line is, by the line tables of DWARF.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ast/target_info.h"
#include "support/result.h"

namespace hawk {

// Virtual addresses in the file at which statements of the line begin, sorted: the first of each run of code. The error
// says what is missing, and which lines near by have code.
[[nodiscard]] Result<std::vector<std::uint64_t>> find_source_line(const std::string& path, const SourceLine& wanted);

}  // namespace hawk
