// Maps whose keys end in a stack. The kernel hashes and compares keys whole, and most of a stack of up to 127 frames is
// empty: short stacks have a map of their own, with short keys.
#pragma once

#include "semantics/typed.h"

namespace hawk {

// To be called when snapshots are planned. Sets MapSchema::short_stack where only operations on single keys, in the
// kernel, and reading and clearing as a whole touch the map.
void split_maps(typed::CheckedProgram& program);

}  // namespace hawk
