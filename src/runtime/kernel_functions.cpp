#include "runtime/kernel_functions.h"

#include <algorithm>

#include "runtime/read_file.h"
#include "support/glob.h"

namespace hawk {

namespace {

bool is_split_off(std::string_view name) {
  return name.find(".part.") != std::string_view::npos || name.find(".cold") != std::string_view::npos ||
         name.find(".isra.") != std::string_view::npos;
}

bool is_compiler_made(std::string_view name) {
  return name.starts_with("__pfx_") || name.starts_with("__cfi_") || name.starts_with("__SCT__");
}

bool matches_module(std::string_view pattern, std::string_view module) {
  return pattern.empty() || glob_match(pattern, module.empty() ? "vmlinux" : module);
}

}  // namespace

std::vector<KernelFunction> parse_traceable_functions(std::string_view text) {
  std::vector<KernelFunction> functions;
  for (std::string_view line : lines_of(text)) {
    std::size_t blank = std::min(line.find_first_of(" \t"), line.size());
    KernelFunction function{.name = line.substr(0, blank), .module = {}};
    std::size_t open = line.find('[', blank);
    if (open != std::string_view::npos && line.ends_with(']')) {
      function.module = line.substr(open + 1, line.size() - open - 2);
    }
    functions.push_back(function);
  }
  return functions;
}

std::vector<KernelFunction> symbol_functions(const KernelSymbolTable& symbols) {
  std::vector<KernelFunction> functions;
  for (const KernelSymbol& symbol : symbols.symbols()) {
    bool is_function = symbol.type == 'T' || symbol.type == 't';
    if (!is_function || symbol.module == "bpf" || is_compiler_made(symbol.name)) continue;
    functions.push_back({.name = symbol.name, .module = symbol.module});
  }
  return functions;
}

std::vector<KernelFunction> find_functions(const std::vector<KernelFunction>& functions, std::string_view module,
                                           std::string_view function) {
  bool is_glob = has_wildcard(function);
  bool takes_parts = !is_glob || function.find('.') != std::string_view::npos;
  std::vector<KernelFunction> found;
  for (const KernelFunction& candidate : functions) {
    bool match = is_glob ? glob_match(function, candidate.name) : function == candidate.name;
    if (!match || !matches_module(module, candidate.module)) continue;
    if (takes_parts || !is_split_off(candidate.name)) found.push_back(candidate);
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::vector<std::string> match_functions(const std::vector<KernelFunction>& functions, std::string_view module,
                                         std::string_view function) {
  std::vector<std::string> names;
  for (const KernelFunction& found : find_functions(functions, module, function)) names.emplace_back(found.name);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace hawk
