// Probes that would break the traced program are refused before anything is attached.
#pragma once

#include "semantics/typed.h"
#include "support/result.h"

namespace hawk {

// A uprobe at an offset must stand at the beginning of an instruction (--unsafe skips this check).
[[nodiscard]] Result<> check_probe_safety(const typed::CheckedProgram& program);

}  // namespace hawk
