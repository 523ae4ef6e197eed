// Snapshots of maps: what makes print(@m) show the map as it is at that place of the program, and clear(@m) behind it
// remove what was shown and nothing else.
#pragma once

#include "semantics/typed.h"

namespace hawk {

// To be called when every clause has its place. Where a clause reads a map of the kernel and clears or zeroes it
// further on in the same block, the map gets two generations, and the block a kRetire before the reading: what is read
// is set aside, and the clearing means that. In clauses of the kernel a scalar goes into the event that prints it.
void plan_snapshots(typed::CheckedProgram& program);

}  // namespace hawk
