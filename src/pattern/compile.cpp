#include <bit>

#include "pattern/pattern.h"
#include "pattern/state_machine.h"
#include "pattern/syntax.h"

namespace hawk::pattern {

namespace {

constexpr std::size_t kMostTableBytes = 128 * 1024;
constexpr std::uint32_t kNarrowStates = 256;

}  // namespace

std::optional<Automaton> tabulate(const StateMachine& machine) {
  Automaton automaton;
  automaton.start = machine.start;
  automaton.states = static_cast<std::uint32_t>(machine.next.size());
  // Column 0 is the end of the string.
  automaton.row_bits = static_cast<std::uint32_t>(std::bit_width(machine.classes));
  automaton.wide = automaton.states > kNarrowStates;
  std::uint32_t rows = automaton.wide ? std::bit_ceil(automaton.states) : kNarrowStates;
  automaton.state_mask = rows - 1;
  std::size_t width = automaton.wide ? 2 : 1;
  std::size_t entries = (std::size_t{rows - 1} << automaton.row_bits) + 256;
  if (entries * width > kMostTableBytes) return std::nullopt;
  automaton.columns.assign(256, '\0');
  for (unsigned byte = 1; byte < 256; ++byte) automaton.columns[byte] = static_cast<char>(machine.class_of[byte] + 1);
  automaton.next.assign(entries * width, '\0');
  auto set = [&](std::size_t entry, std::uint32_t state) {
    for (std::size_t i = 0; i < width; ++i) automaton.next[entry * width + i] = static_cast<char>(state >> (8 * i));
  };
  for (std::uint32_t state = 0; state < automaton.states; ++state) {
    std::size_t row = std::size_t{state} << automaton.row_bits;
    set(row, machine.accepts[state] ? kAccepted : kRefused);
    for (std::uint32_t c = 0; c < machine.classes; ++c) set(row + 1 + c, machine.next[state][c]);
  }
  return automaton;
}

std::optional<Automaton> compile(const Source& source, Syntax syntax, DiagSink& diagnostics) {
  bool regex = syntax == Syntax::kRegex;
  NodePtr pattern = regex ? parse_regex(source, diagnostics) : parse_glob(source, diagnostics);
  if (!pattern) return std::nullopt;
  std::optional<Automaton> automaton;
  if (auto threads = build_threads(*pattern, regex)) {
    if (auto machine = determinise(*threads)) automaton = tabulate(minimise(*machine));
  }
  if (!automaton)
    diagnostics.report(Diag::PatternTooLarge, source.span).help =
        "make repetitions like {1,200} smaller, or match in two steps: a =~ \"x\" && a =~ \"y\"";
  return automaton;
}

}  // namespace hawk::pattern
