// Names that a number stands for, as strerror(), signal_name() and syscall_name() give them. None of them is written
// here: they come from the C library, and from the kernel headers hawk was built with.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hawk {

enum class NameTableId : std::uint8_t { kErrors, kSignals, kSyscalls };

struct NameTable {
  static constexpr std::uint32_t kRowSize = 64;  // bytes of one name, NUL included

  std::vector<std::string> names;  // by number; empty where there is none
  std::string unknown;             // what any other number is called
  bool takes_negative = false;     // -2 is what 2 is

  // Of a number as the builtins take it: its low 32 bits count.
  [[nodiscard]] const std::string& find(std::int64_t number) const;
  // A row for each number from 0 on, then one for all others; zeros behind each name, and up to a power of two of rows.
  [[nodiscard]] std::string bytes() const;
};

[[nodiscard]] const NameTable& name_table(NameTableId id);

}  // namespace hawk
