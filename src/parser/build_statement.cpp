// Builder: statements and blocks.
#include "ast/builtin.h"
#include "parser/builder.h"

namespace hawk {

namespace {

// Why an expression cannot be assigned to, or null if a later stage decides.
const char* unassignable(const ast::Expr& target) {
  bool place = std::holds_alternative<ast::Variable>(target.node) ||
               std::holds_alternative<ast::MapAccess>(target.node) ||
               std::holds_alternative<ast::FieldAccess>(target.node) || std::holds_alternative<ast::Index>(target.node);
  const auto* unary = std::get_if<ast::Unary>(&target.node);
  if (place || (unary != nullptr && unary->op == ast::UnaryOp::kDereference)) return nullptr;
  if (std::holds_alternative<ast::Identifier>(target.node)) return "a name";
  if (std::holds_alternative<ast::Call>(target.node)) return "a call";
  return "a value";
}

bool is_underscore(const ast::Expr& target) {
  const auto* name = std::get_if<ast::Identifier>(&target.node);
  return name != nullptr && name->name == "_";
}

}  // namespace

StmtValue Builder::assign(Span span, ExprValue target, std::optional<ast::BinaryOp> op, ExprValue value) {
  unsigned depth = std::max(target.depth, value.depth);
  if (!op && is_underscore(*target.value)) return statement(span, ast::Discard{std::move(value.value)}, depth);
  const char* reason = unassignable(*target.value);
  if (reason != nullptr && !failed()) {
    auto& report = diagnostics_.report(Diag::NotAssignable, target.value->span, reason);
    if (const auto* name = std::get_if<ast::Identifier>(&target.value->node);
        name != nullptr && !find_builtin(name->name))
      report.help = fmt::format("write `${0}` for a variable, `@{0}` for a map", name->name);
  }
  return statement(span, ast::Assign{std::move(target.value), op, std::move(value.value)}, depth);
}

StmtValue Builder::let(Span span, const Token& variable, std::optional<TypeValue> type, ExprValue value) {
  ast::Let made{.variable = variable.text, .type = std::nullopt, .value = std::move(value.value)};
  unsigned depth = value.depth;
  if (type) {
    depth = std::max(depth, type->depth);
    made.type = std::move(type->value);
  }
  return statement(span, std::move(made), depth);
}

StmtValue Builder::expr_statement(Span span, ExprValue expr) {
  return statement(span, ast::ExprStatement{std::move(expr.value)}, expr.depth);
}

StmtValue Builder::while_loop(Span span, ExprValue condition, BlockValue body) {
  unsigned depth = std::max(condition.depth, body.depth);
  return statement(span, ast::While{std::move(condition.value), std::move(body.value)}, depth);
}

StmtValue Builder::unroll(Span span, ExprValue count, BlockValue body) {
  unsigned depth = std::max(count.depth, body.depth);
  return statement(span, ast::Unroll{std::move(count.value), std::move(body.value)}, depth);
}

StmtValue Builder::for_map(Span span, const Token& variable, ExprValue map, BlockValue body) {
  unsigned depth = std::max(map.depth, body.depth);
  return statement(span, ast::ForMap{variable.text, std::move(map.value), std::move(body.value)}, depth);
}

StmtValue Builder::for_range(Span span, const Token& variable, RangeValue range, BlockValue body) {
  unsigned depth = std::max(range.depth, body.depth);
  auto [begin, end] = std::move(range.value);
  return statement(span, ast::ForRange{variable.text, std::move(begin), std::move(end), std::move(body.value)}, depth);
}

RangeValue Builder::range(Span, ExprValue begin, ExprValue end) {
  return {{std::move(begin.value), std::move(end.value)}, std::max(begin.depth, end.depth)};
}

StatementsValue Builder::append(StatementsValue list, StmtValue statement) {
  list.list.push_back(std::move(statement.value));
  list.depth = std::max(list.depth, statement.depth);
  list.ends_in_brace = false;
  return list;
}

BlockValue Builder::block(StatementsValue statements, ExprValue tail) {
  unsigned depth = std::max(statements.depth, tail.depth);
  if (!tail.value && statements.ends_in_brace) {
    tail.value = std::move(std::get<ast::ExprStatement>(statements.list.back()->node).expr);
    statements.list.pop_back();
  }
  return {ast::Block{.span = {}, .statements = std::move(statements.list), .tail = std::move(tail.value)}, depth};
}

BlockValue Builder::else_if(Span span, ExprValue inner) {
  return {ast::Block{.span = span, .statements = {}, .tail = std::move(inner.value)}, inner.depth};
}

}  // namespace hawk
