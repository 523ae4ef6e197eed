// What makes clang write type information (BTF) for every type of a header, and not only for those that code uses:
// its LLVM IR lists them all (-fno-eliminate-unused-debug-types), and a variable whose type has one member of each
// makes the BPF back end emit them.
//
// The IR comes from a compilation for this machine, so sizes and offsets are those of the programs that run here
// (`long double`, alignment, bit fields), whatever they would be for BPF.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hawk {

// The debug information of an IR module, its code left out, with such a variable. Nullopt if it has no compile unit
// or more types than one BTF struct may have members (65,535).
[[nodiscard]] std::optional<std::string> types_module(std::string_view ir);

}  // namespace hawk
