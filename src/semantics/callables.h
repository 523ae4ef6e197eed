// Callables: the macros and functions of a program by name, and which of several with one name a call means.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ast/ast.h"
#include "support/diagnostics.h"

namespace hawk {

// A macro or a function; the tree that it points into outlives it.
struct Callable {
  std::string name;
  Span head;  // the definition's words before its body
  const std::vector<ast::Parameter>* parameters = nullptr;
  const ast::Block* body = nullptr;
  const ast::Function* function = nullptr;  // null: a macro
  bool from_prelude = false;
};

class Callables {
 public:
  // Reports two with the same name and parameters, and parameters that a function cannot have.
  void add(const ast::Program& program, bool from_prelude, DiagSink& diagnostics);

  [[nodiscard]] bool empty() const { return by_name_.empty(); }
  [[nodiscard]] bool contains(std::string_view name) const { return by_name_.contains(name); }
  // The one whose parameters take these arguments; of several the one with most `$` and `@` parameters. Null if none
  // does.
  [[nodiscard]] const Callable* find(std::string_view name, const std::vector<const ast::Expr*>& arguments) const;
  // Why none does: names what `name` takes and what was found.
  void report_mismatch(std::string_view name, const std::vector<const ast::Expr*>& arguments, Span call,
                       DiagSink& diagnostics) const;
  [[nodiscard]] const std::map<std::string, std::vector<Callable>, std::less<>>& by_name() const { return by_name_; }

 private:
  void add(Callable callable, DiagSink& diagnostics);

  std::map<std::string, std::vector<Callable>, std::less<>> by_name_;
};

}  // namespace hawk
