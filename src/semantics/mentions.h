// Whether a clause mentions a builtin anywhere, predicate included.
#pragma once

#include <initializer_list>

#include "ast/ast.h"
#include "ast/builtin.h"

namespace hawk {

[[nodiscard]] bool mentions_any(const ast::Clause& clause, std::initializer_list<Builtin> builtins);

}  // namespace hawk
