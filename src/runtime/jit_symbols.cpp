#include "runtime/jit_symbols.h"

#include <charconv>

#include "runtime/read_file.h"

namespace hawk {

namespace {

bool take_hex(std::string_view& text, std::uint64_t& value) {
  if (text.starts_with("0x")) text.remove_prefix(2);
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  auto used = static_cast<std::size_t>(end - text.data());
  if (error != std::errc() || used >= text.size() || *end != ' ') return false;
  text.remove_prefix(used + 1);
  return true;
}

}  // namespace

JitSymbols JitSymbols::parse(std::string_view text) {
  JitSymbols symbols;
  for (std::string_view line : lines_of(text)) {
    std::uint64_t start = 0;
    Function function;
    if (!take_hex(line, start) || !take_hex(line, function.size)) continue;
    function.name = std::string(line);
    symbols.functions_[start] = std::move(function);
  }
  return symbols;
}

JitSymbols::Located JitSymbols::find(std::uint64_t address) const {
  auto after = functions_.upper_bound(address);
  if (after == functions_.begin()) return {};
  const auto& [start, function] = *std::prev(after);
  if (address - start >= function.size) return {};
  return {function.name, address - start};
}

}  // namespace hawk
