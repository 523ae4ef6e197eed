// Whether programs can be put at the beginning and end of kernel functions with known types here: fentry, fexit.
#pragma once

#include "support/result.h"

namespace hawk {

// Ok, or why not and what to use instead. Asks the kernel's types and configuration, then the kernel.
[[nodiscard]] Result<> check_fentry();

}  // namespace hawk
