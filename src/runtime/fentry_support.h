// Whether programs can be put at the beginning and end of kernel functions with known types here: fentry, fexit; and
// whether they can iterate over its objects: iter.
#pragma once

#include "support/result.h"

namespace hawk {

// The same of iterators.
[[nodiscard]] Result<> check_iterators();

// Ok, or why not and what to use instead. Asks the kernel's types and configuration, then the kernel.
[[nodiscard]] Result<> check_fentry();

}  // namespace hawk
