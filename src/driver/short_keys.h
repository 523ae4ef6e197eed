// Scripts whose map keys are too long for the kernel: before Linux 5.11 it takes 512 bytes.
#pragma once

#include <optional>
#include <string>

#include "semantics/check.h"

namespace hawk {

struct ShortKeys {
  typed::CheckedProgram program;
  DiagSink diagnostics;  // of checking it again
  std::string warning;   // what is cut, and how to say so oneself
};

// Checks the script again with shorter strings, then with fewer frames in stacks, until its keys fit. What the user has
// set stays as it is. Nullopt if nothing helps: the kernel will refuse the map.
[[nodiscard]] std::optional<ShortKeys> shorten_keys(const ast::Program& script, const Sources& sources,
                                                    TargetInfo& target, const CheckOptions& options,
                                                    const DiagSink& parsed);

}  // namespace hawk
