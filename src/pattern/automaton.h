// Automaton: a compiled pattern as tables, for generated code and for hawk itself. It is in one state at a time; each
// byte of the string, and at last a NUL, takes it to the next. State 1 is then a match and state 0 none; both are
// final: no byte leads out of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hawk::pattern {

inline constexpr std::uint32_t kRefused = 0;
inline constexpr std::uint32_t kAccepted = 1;

// A state is a row of `next`, 1 << row_bits entries long. The tables are so large that no state that fits an entry
// (after
// `& state_mask` if they are wide) and no byte leads outside of them: the kernel's verifier has no bounds left to
// check.
struct Automaton {
  std::uint32_t start = 0;
  std::uint32_t states = 0;
  std::uint32_t row_bits = 0;
  bool wide = false;             // entries of two bytes (little-endian) instead of one
  std::uint32_t state_mask = 0;  // of wide entries
  std::string columns;           // of each of the 256 bytes: its place in a row
  std::string next;              // the state that follows
};

// The tables as they lie in memory.
struct Tables {
  const unsigned char* columns = nullptr;
  const unsigned char* next = nullptr;
  std::uint32_t row_bits = 0;
  bool wide = false;
};

// Up to the first NUL, if there is one.
[[nodiscard]] bool matches(const Tables& tables, std::uint32_t start, std::string_view text);
[[nodiscard]] bool matches(const Automaton& automaton, std::string_view text);

}  // namespace hawk::pattern
