// Types of debug information as a programmer writes them.
#pragma once

#include <elfutils/libdw.h>

#include <optional>
#include <string>

namespace hawk {

// "const char *", "struct point", "int (*)(void *)", "char[16]", "std::string &"; "void" for nullopt.
[[nodiscard]] std::string declaration_of(std::optional<Dwarf_Die> type, int depth = 0);

}  // namespace hawk
