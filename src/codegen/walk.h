// Questions about a typed tree that decide how a clause is laid out.
#pragma once

#include "semantics/typed.h"

namespace hawk {

// Whether a loop is lowered as a jump backwards rather than as a function called for each turn: few
// turns with a small body, so that the verifier, which walks every turn, is soon done.
[[nodiscard]] bool is_short_loop(const typed::ForRange& loop);
// Whether some loop of the block has its body in a function of its own.
[[nodiscard]] bool has_loop_functions(const typed::Block& block);
// Whether the block leaves a region that begins outside of it.
[[nodiscard]] bool leaves_region(const typed::Block& block);
[[nodiscard]] bool has_return(const typed::Block& block);
// Whether evaluating `expr` can only compute and read: no effects, events, jumps or loops.
[[nodiscard]] bool is_plain(const typed::Expr& expr);
// Number of clauses that aggregate into each map.
[[nodiscard]] std::vector<std::uint32_t> count_aggregating_clauses(const typed::CheckedProgram& program);
// Whether the program of a clause reads or writes the map (printing and clearing it is done elsewhere).
[[nodiscard]] bool uses_map(const typed::Block& block, typed::MapId map);
[[nodiscard]] bool mentions_variable(const typed::Expr& expr, typed::VariableId variable);

}  // namespace hawk
