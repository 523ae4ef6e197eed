#include "runtime/kernel_symbols.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "runtime/read_file.h"

namespace hawk {

namespace {

std::uint64_t take_hex(const char*& at, const char* end) {
  std::uint64_t value = 0;
  for (; at < end; ++at) {
    char c = *at;
    unsigned digit = c >= 'a' ? static_cast<unsigned>(c - 'a' + 10) : static_cast<unsigned>(c - '0');
    if (digit > 15) break;
    value = value << 4 | digit;
  }
  return value;
}

// "ffffffff81000000 T _stext" or "ffffffffc0000000 t ext4_init\t[ext4]". By hand: 200,000 lines in a few ms.
KernelSymbol parse_line(const char* at, const char* end) {
  KernelSymbol symbol;
  symbol.address = take_hex(at, end);
  if (end - at < 4) return {};
  symbol.type = at[1];
  at += 3;
  const char* tab = static_cast<const char*>(std::memchr(at, '\t', static_cast<std::size_t>(end - at)));
  symbol.name = {at, static_cast<std::size_t>((tab != nullptr ? tab : end) - at)};
  if (tab != nullptr && end - tab > 3) symbol.module = {tab + 2, static_cast<std::size_t>(end - tab - 3)};
  return symbol;
}

bool is_function(const KernelSymbol& symbol) { return symbol.type == 'T' || symbol.type == 't'; }

}  // namespace

KernelSymbolTable KernelSymbolTable::read() { return parse(read_file("/proc/kallsyms").value_or("")); }

KernelSymbolTable KernelSymbolTable::parse(std::string text) {
  KernelSymbolTable table;
  table.text_ = std::make_shared<const std::string>(std::move(text));
  table.symbols_.reserve(table.text_->size() / 40);
  const char* at = table.text_->data();
  const char* end = at + table.text_->size();
  while (at < end) {
    const auto* newline = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
    const char* line_end = newline != nullptr ? newline : end;
    KernelSymbol symbol = parse_line(at, line_end);
    if (!symbol.name.empty()) table.symbols_.push_back(symbol);
    at = line_end + 1;
  }
  // The file is sorted but for modules and BPF programs behind the kernel's own. Among equals its order stays.
  auto by_address = [](const KernelSymbol& a, const KernelSymbol& b) {
    return std::pair(a.address, a.name.data()) < std::pair(b.address, b.name.data());
  };
  if (!std::is_sorted(table.symbols_.begin(), table.symbols_.end(), by_address)) {
    std::sort(table.symbols_.begin(), table.symbols_.end(), by_address);
  }
  return table;
}

std::optional<std::uint64_t> KernelSymbolTable::address_of(std::string_view name) const {
  const KernelSymbol* best = nullptr;
  for (const KernelSymbol& symbol : symbols_) {
    if (symbol.name != name || symbol.address == 0) continue;
    if (best == nullptr || (!best->module.empty() && symbol.module.empty())) best = &symbol;
    if (best->module.empty()) break;
  }
  if (best == nullptr) return std::nullopt;
  return best->address;
}

LocatedKernelSymbol KernelSymbolTable::find(std::uint64_t address) const {
  auto above = std::upper_bound(symbols_.begin(), symbols_.end(), address,
                                [](std::uint64_t a, const KernelSymbol& symbol) { return a < symbol.address; });
  if (above == symbols_.begin()) return {};
  auto last = above - 1;
  if (last->address == 0) return {};
  auto first = last;
  while (first != symbols_.begin() && (first - 1)->address == last->address) --first;
  auto function = std::find_if(first, above, is_function);
  const KernelSymbol& chosen = function != above ? *function : *first;
  return {.symbol = &chosen, .offset = address - chosen.address};
}

}  // namespace hawk
