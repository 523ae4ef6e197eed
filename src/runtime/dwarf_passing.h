// How functions take arguments of a type, and where debug information says that they are.
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <optional>

#include "ast/user_function.h"

namespace hawk {

// By the System V ABI for x86-64, 3.2.3, and, for classes, the Itanium C++ ABI, 3.1.1. `type` may be a typedef. What it
// takes to align it on the stack is left to the type's own alignment.
[[nodiscard]] Passing passing_of(Dwarf_Die type);

// Where a parameter is at its function's first instruction, if debug information says so: it does for optimised code.
// In other code it says where the function puts the argument later.
[[nodiscard]] std::optional<ArgumentPlace> place_at_entry(Dwarf_Die& parameter, Dwarf_Die& function,
                                                          std::uint64_t entry);

}  // namespace hawk
