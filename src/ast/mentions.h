// Which names a clause mentions anywhere, predicate included: of builtins, macros, functions and constants.
#pragma once

#include <functional>
#include <initializer_list>
#include <string>

#include "ast/ast.h"
#include "ast/builtin.h"

namespace hawk {

// Whether `wanted` holds for some name, called or not.
[[nodiscard]] bool mentions(const ast::Clause& clause, const std::function<bool(const std::string&)>& wanted);
[[nodiscard]] bool mentions(const ast::Expr& expr, const std::function<bool(const std::string&)>& wanted);
[[nodiscard]] bool mentions(const ast::Block& block, const std::function<bool(const std::string&)>& wanted);
[[nodiscard]] bool mentions_any(const ast::Clause& clause, std::initializer_list<Builtin> builtins);

}  // namespace hawk
