// Arguments of a function of a user program by name, as the program's debug information has them: `args` in uprobes.
#pragma once

#include <optional>
#include <string>

#include "semantics/checker.h"

namespace hawk {

[[nodiscard]] typed::ExprPtr check_user_argument(Checker& checker, const std::string& name, Span span);
// All that can be read, as a record.
[[nodiscard]] typed::ExprPtr check_user_arguments(Checker& checker, Span span);
// Where names of a clause's types and enumerators are looked for as well.
[[nodiscard]] std::optional<TypeTable::UserScope> user_scope(const ClauseState& clause);

}  // namespace hawk
