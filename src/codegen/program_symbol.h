// Names of generated functions.
#pragma once

#include <string>

#include "semantics/typed.h"

namespace hawk {

// The symbol of clause `index`: its kind and its number from 1 on ("begin_1"), which is what the kernel shows in
// stacks of the program. Functions that belong to it are called SYMBOL_loop_N.
[[nodiscard]] inline std::string program_symbol(const typed::CheckedProgram& program, std::size_t index) {
  return std::string(probe_row(program.clauses[index].kind).name) + "_" + std::to_string(index + 1);
}

}  // namespace hawk
