// Where the arguments of a user function are when it begins: System V ABI for x86-64, 3.2.3.
#pragma once

#include <vector>

#include "ast/user_function.h"

namespace hawk {

// One place for each parameter. The first six integers and pointers are in di, si, dx, cx, r8, r9, the first eight
// floating-point values in xmm0 to xmm7, others on the stack in their order; a struct goes where all of it fits.
[[nodiscard]] std::vector<ArgumentPlace> argument_places(const UserFunction& function);

}  // namespace hawk
