// The configuration of a script: defaults, above them its config block, above that the environment.
#pragma once

#include "semantics/check.h"

namespace hawk {

[[nodiscard]] Config configure(const ast::Program& program, const CheckOptions& options, DiagSink& diagnostics);

}  // namespace hawk
