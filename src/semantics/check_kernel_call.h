#pragma once

#include "ast/target_info.h"
#include "semantics/checker.h"

namespace hawk {

// A call of a function that the kernel has, with its prototype; poison after a diagnostic.
[[nodiscard]] typed::ExprPtr check_kernel_call(Checker& checker, const ast::Call& call, Span span,
                                               const FunctionSignature& function);

}  // namespace hawk
