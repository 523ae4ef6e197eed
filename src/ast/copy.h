// Copier: copies trees, putting something else in the place of some nodes. Macros and functions are expanded by copying
// their bodies; the trees that the parser built stay as they are.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "ast/ast.h"

namespace hawk::ast {

struct Copier {
  // What stands in place of an expression; null: a copy of it.
  std::function<ExprPtr(const Expr&)> on_expr = [](const Expr&) { return nullptr; };
  // What stands in place of a type, its modifiers not counted; null: a copy of it.
  std::function<std::unique_ptr<TypeSyntax>(const TypeSyntax&)> on_type = [](const TypeSyntax&) { return nullptr; };
  // What stands in place of a statement; null: a copy of it.
  std::function<StmtPtr(const Stmt&)> on_stmt = [](const Stmt&) { return nullptr; };
  // The name under which a variable is declared by `let` or a loop.
  std::function<std::string(const std::string&)> on_declared = [](const std::string& name) { return name; };
  // A name of a field in offsetof().
  std::function<std::string(const std::string&)> on_field = [](const std::string& name) { return name; };
  // Counts how deep in the tree the copy under way is, over all copiers that share it; null: nobody asks.
  unsigned* depth = nullptr;
  // Where a copied node counts as written.
  std::function<Span(Span)> on_span = [](Span span) { return span; };

  [[nodiscard]] ExprPtr copy(const Expr& expr) const;
  [[nodiscard]] ExprPtr copy(const ExprPtr& expr) const { return expr ? copy(*expr) : nullptr; }
  [[nodiscard]] StmtPtr copy(const Stmt& stmt) const;
  [[nodiscard]] Block copy(const Block& block) const;
  [[nodiscard]] TypeSyntax copy(const TypeSyntax& type) const;
  [[nodiscard]] std::unique_ptr<TypeSyntax> copy(const std::unique_ptr<TypeSyntax>& type) const;
  [[nodiscard]] std::optional<TypeSyntax> copy(const std::optional<TypeSyntax>& type) const;
};

}  // namespace hawk::ast
