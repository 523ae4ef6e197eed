// Placement: which clause runs in the kernel and which inside hawk, and where each map lives.
#pragma once

#include <string>

#include "semantics/typed.h"
#include "support/diagnostics.h"

namespace hawk {

// --place. kAuto: begin, end and interval clauses that need nothing from the kernel run inside hawk, the others there.
enum class PlacementWish { kAuto, kKernel, kHost };

// Kinds whose clauses hawk itself can run: it knows when.
[[nodiscard]] bool can_run_on_host(ProbeKind kind);

// Sets the `placement` of every clause and map. Reports a clause that needs both places, or another one than wished.
void place_program(typed::CheckedProgram& program, PlacementWish wish, DiagSink& diagnostics);

// `-d placement`: a line for each clause and map; why a clause cannot be elsewhere.
[[nodiscard]] std::string dump_placement(const typed::CheckedProgram& program, const Sources& sources);

}  // namespace hawk
