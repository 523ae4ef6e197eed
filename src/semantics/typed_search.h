// Search: visits the nodes of a typed tree.
#pragma once

#include <functional>

#include "semantics/typed.h"

namespace hawk::typed {

// Visits every node below (and including) what it is called with, in order, until a visit returns true.
struct Search {
  std::function<bool(const Expr&)> on_expr = [](const Expr&) { return false; };
  std::function<bool(const Stmt&)> on_stmt = [](const Stmt&) { return false; };

  [[nodiscard]] bool find(const Expr& expr) const;
  [[nodiscard]] bool find(const ExprPtr& expr) const { return expr != nullptr && find(*expr); }
  [[nodiscard]] bool find(const Stmt& stmt) const;
  [[nodiscard]] bool find(const Block& block) const;
};

}  // namespace hawk::typed
