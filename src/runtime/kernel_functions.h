// Which kernel functions a probe can be put on, and which of them a pattern means.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/kernel_symbols.h"

namespace hawk {

struct KernelFunction {
  std::string_view name;
  std::string_view module;  // "" for the kernel itself
  auto operator<=>(const KernelFunction&) const = default;
};

// The lines of tracefs' available_filter_functions: "vfs_read", "ext4_init [ext4]". They refer to `text`.
[[nodiscard]] std::vector<KernelFunction> parse_traceable_functions(std::string_view text);

// The functions among the kernel's symbols, for where the list above cannot be read. Compiler-made entry
// points (`__pfx_`, `__cfi_`, static calls) are left out.
[[nodiscard]] std::vector<KernelFunction> symbol_functions(const KernelSymbolTable& symbols);

// Those that match, in order, each once. `module` "" means any, "vmlinux" the kernel itself; both may be globs.
// A glob does not match the parts that compilers split off (`.part.0`, `.cold`, `.isra.0`) unless it says `.`.
[[nodiscard]] std::vector<KernelFunction> find_functions(const std::vector<KernelFunction>& functions,
                                                         std::string_view module, std::string_view function);
// Their names only, sorted.
[[nodiscard]] std::vector<std::string> match_functions(const std::vector<KernelFunction>& functions,
                                                       std::string_view module, std::string_view function);

}  // namespace hawk
