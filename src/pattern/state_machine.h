// StateMachine: a deterministic automaton before it becomes tables. States kRefused and kAccepted are final, as in
// Automaton.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "pattern/automaton.h"
#include "pattern/threads.h"

namespace hawk::pattern {

struct StateMachine {
  std::array<std::uint32_t, 256> class_of{};  // of bytes; that of NUL does not count
  std::uint32_t classes = 0;
  std::uint32_t start = 0;
  std::vector<std::vector<std::uint32_t>> next;  // by state and class
  std::vector<bool> accepts;                     // by state: the string ends here
};

// The subset construction; nullopt if it goes beyond what a pattern should need.
[[nodiscard]] std::optional<StateMachine> determinise(const Threads& threads);
// The smallest machine that answers the same; bytes that it does not tell apart have one class. States are numbered in
// the order in which the start reaches them.
[[nodiscard]] StateMachine minimise(const StateMachine& machine);
// nullopt if the tables would be too large.
[[nodiscard]] std::optional<Automaton> tabulate(const StateMachine& machine);

}  // namespace hawk::pattern
