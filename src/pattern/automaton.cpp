#include "pattern/automaton.h"

namespace hawk::pattern {

namespace {

std::uint32_t follow(const Tables& tables, std::uint32_t state, unsigned char byte) {
  std::size_t entry = (std::size_t{state} << tables.row_bits) + tables.columns[byte];
  if (!tables.wide) return tables.next[entry];
  return static_cast<std::uint32_t>(tables.next[2 * entry] | tables.next[2 * entry + 1] << 8);
}

}  // namespace

bool matches(const Tables& tables, std::uint32_t start, std::string_view text) {
  std::uint32_t state = start;
  for (char byte : text) {
    if (state <= kAccepted) break;
    state = follow(tables, state, static_cast<unsigned char>(byte));
  }
  return follow(tables, state, 0) == kAccepted;
}

bool matches(const Automaton& automaton, std::string_view text) {
  auto bytes = [](const std::string& table) { return reinterpret_cast<const unsigned char*>(table.data()); };
  Tables tables{bytes(automaton.columns), bytes(automaton.next), automaton.row_bits, automaton.wide};
  return matches(tables, automaton.start, text);
}

}  // namespace hawk::pattern
