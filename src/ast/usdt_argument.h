// UsdtArgument: where a probe that was compiled into a program (USDT) leaves one of its arguments.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace hawk {

struct UsdtConstant {
  std::uint64_t value = 0;
  bool operator==(const UsdtConstant&) const = default;
};
// A register, or part of one: `bytes` of the word at `offset` in struct pt_regs, from bit `shift` on.
struct UsdtRegister {
  std::uint32_t offset = 0;
  std::uint32_t bytes = 8;
  std::uint32_t shift = 0;
  bool operator==(const UsdtRegister&) const = default;
};
// Memory of the program at base + index * scale + displacement; the registers are offsets in struct pt_regs. What
// lies at a fixed address of the file counts from the instruction pointer: it is found wherever the file was loaded.
struct UsdtMemory {
  std::optional<std::uint32_t> base;
  std::optional<std::uint32_t> index;
  std::uint32_t scale = 1;
  std::uint64_t displacement = 0;
  bool operator==(const UsdtMemory&) const = default;
};
struct UsdtFloat {
  bool operator==(const UsdtFloat&) const = default;
};
struct UsdtUnreadable {
  std::string operand;  // as the note has it
  bool operator==(const UsdtUnreadable&) const = default;
};

struct UsdtArgument {
  std::uint32_t size = 8;  // bytes: 1, 2, 4 or 8
  bool is_signed = false;
  std::variant<UsdtConstant, UsdtRegister, UsdtMemory, UsdtFloat, UsdtUnreadable> place = {};
  bool operator==(const UsdtArgument&) const = default;
};

}  // namespace hawk
