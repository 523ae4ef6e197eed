// Operands of USDT probes: the text that a program's note has for its arguments ("-4@%edi 8@16(%rsp)") becomes places
// to read from. Enter at parse_usdt_arguments.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ast/usdt_argument.h"

namespace hawk {

// The virtual address of a symbol in the file; nullopt if it has none of that name.
using SymbolAddress = std::function<std::optional<std::uint64_t>(std::string_view name)>;

// One argument for each blank-separated operand `[-]SIZE@OPERAND`: SIZE is 1, 2, 4 or 8 bytes, negative for signed
// values, with `f` behind it for floating-point ones; without `SIZE@` it is 8 bytes, unsigned. OPERAND is what gcc and
// clang write for x86-64: a register `%eax`, a constant `$5`, memory `-4(%rbp)`, `8(%rax,%rbx,4)`, `name+8(%rip)`. What
// is something else becomes UsdtUnreadable, so the arguments keep their numbers. `site` is the virtual address of the
// probe. Source: "UserSpaceProbeImplementation", the page of the SystemTap wiki that defines the notes.
[[nodiscard]] std::vector<UsdtArgument> parse_usdt_arguments(std::string_view text, std::uint64_t site,
                                                             const SymbolAddress& symbol);

// The type as a C programmer writes it: "int32", "uint64"; "float32" and "float64" for floating-point ones.
[[nodiscard]] std::string usdt_type_name(const UsdtArgument& argument);

}  // namespace hawk
