// KernelSymbolTable: /proc/kallsyms, read once and only when someone asks.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hawk {

struct KernelSymbol {
  std::uint64_t address = 0;
  std::string_view name;
  std::string_view module;  // "" for the kernel itself; "ext4", "bpf" without brackets
  char type = 0;            // as nm prints it: T and t are functions
};

// A symbol and how far behind its start an address lies.
struct LocatedKernelSymbol {
  const KernelSymbol* symbol = nullptr;
  std::uint64_t offset = 0;
};

class KernelSymbolTable {
 public:
  // Empty when the file cannot be read. Without CAP_SYSLOG all addresses are 0 (kptr_restrict): names only.
  [[nodiscard]] static KernelSymbolTable read();
  // `text` in the format of /proc/kallsyms.
  [[nodiscard]] static KernelSymbolTable parse(std::string text);

  // By name; the kernel's own symbols before those of modules. nullopt if unknown or its address is hidden.
  [[nodiscard]] std::optional<std::uint64_t> address_of(std::string_view name) const;
  // The last symbol at or below the address; null below the first. Where several share an address, the first
  // function among them in the file's order.
  [[nodiscard]] LocatedKernelSymbol find(std::uint64_t address) const;
  // In order of address.
  [[nodiscard]] const std::vector<KernelSymbol>& symbols() const { return symbols_; }

 private:
  std::shared_ptr<const std::string> text_;  // names point into it
  std::vector<KernelSymbol> symbols_;
};

}  // namespace hawk
