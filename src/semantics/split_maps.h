// Maps whose keys end in a stack or in a long string. The kernel hashes and compares keys whole, and most of the KiB
// that a stack or a string may have is empty: short ones have a map of their own, with short keys.
#pragma once

#include "semantics/typed.h"

namespace hawk {

// To be called when snapshots are planned. Sets MapSchema::short_keys where only operations on single keys, in the
// kernel, and reading and clearing as a whole touch the map.
void split_maps(typed::CheckedProgram& program);

}  // namespace hawk
