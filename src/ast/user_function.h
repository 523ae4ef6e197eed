// UserFunction: what debug information (DWARF) says of a function of a user program: its parameters with their types,
// and how they are passed. semantics/argument_places.h makes of it where each argument is when the function begins.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "ast/type.h"

namespace hawk {

// How a value is passed as far as its type alone decides (System V ABI for x86-64, 3.2.3).
struct Passing {
  enum class Kind : std::uint8_t {
    kRegisters,  // word by word, as `words` says, as long as there are registers
    kMemory,     // on the stack
    kReference,  // its address is, as if it were a pointer: C++ objects that cannot be copied as bytes
    kNothing,    // it has no bytes: an empty struct of C++
  };
  // What register each 8 bytes take. The upper half of a vector is in the register of the lower one.
  enum class Word : std::uint8_t { kInteger, kFloat, kUpperHalf };
  Kind kind = Kind::kRegisters;
  std::vector<Word> words = {};
  std::uint32_t align = 8;  // on the stack, in bytes
};

// One register for each 8 bytes of the argument: "di", "si", "xmm0".
struct InRegisters {
  std::vector<std::string> names;
  bool operator==(const InRegisters&) const = default;
};
struct OnStack {
  std::uint64_t offset = 0;  // bytes above the stack pointer; the return address is at 0
  bool operator==(const OnStack&) const = default;
};
// The compiler knew the value and made the function for it alone.
struct FixedArgument {
  std::uint64_t value = 0;
  bool operator==(const FixedArgument&) const = default;
};
// Callers do not pass it.
struct NotPassed {
  bool operator==(const NotPassed&) const = default;
};
using ArgumentPlace = std::variant<InRegisters, OnStack, FixedArgument, NotPassed>;

struct UserParameter {
  std::string name;
  Type type;
  Passing passing;
  // Where debug information itself puts it at the function's first instruction: known of optimised code only.
  std::optional<ArgumentPlace> place = {};
};

struct UserFunction {
  std::string name;  // as its source has it
  std::vector<UserParameter> parameters;
  Passing result;  // one in memory takes the first register for its address
  // The compiler changed how it is called (gcc: .isra, .constprop), or its language has another convention: arguments
  // are only where `place` says.
  bool own_convention = false;
  // Why nobody knows where its arguments are, whatever `place` says: "it is a 32-bit program"; "" if they are known.
  std::string unknown_convention = {};
};

// Code of a user program: the beginning of a function.
struct UserCode {
  std::string path;           // absolute
  std::uint64_t address = 0;  // virtual address in the ELF file
  auto operator<=>(const UserCode&) const = default;
};

}  // namespace hawk
