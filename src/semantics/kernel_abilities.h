// What programs in the kernel can do depends on its age: asked once for a script, checked where it matters.
#pragma once

#include "ast/target_info.h"
#include "semantics/typed.h"
#include "support/diagnostics.h"

namespace hawk {

[[nodiscard]] KernelAbilities kernel_abilities(TargetInfo& target);

// Reports what clauses in the kernel do that this kernel cannot do at all. To be called when they have been placed.
void check_kernel_abilities(const typed::CheckedProgram& program, DiagSink& diagnostics);

// Whether a map in the kernel has a key that this kernel refuses for its length.
[[nodiscard]] bool has_refused_key(const typed::CheckedProgram& program);

}  // namespace hawk
