// What fentry and fexit know about the function they trace: its arguments by name, and its result, with their types.
#pragma once

#include <string>

#include "semantics/checker.h"

namespace hawk {

// Whether the clause's context is that of a function with known types.
[[nodiscard]] bool traces_typed_function(const Checker& checker);
// Whether the clause can have them by name: those, and kprobes.
[[nodiscard]] bool names_arguments(const Checker& checker);
// The arguments that have a name as a struct laid out like the context; null after a diagnostic.
[[nodiscard]] const Type* traced_arguments(Checker& checker, Span span);
[[nodiscard]] typed::ExprPtr check_traced_argument(Checker& checker, const std::string& name, Span span);
[[nodiscard]] typed::ExprPtr check_traced_result(Checker& checker, Span span);

}  // namespace hawk
