// Building blocks of the typed tree: constants, conversions, loads. Conversions of constants fold.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "semantics/typed.h"

namespace hawk::typed {

template <class Node>
[[nodiscard]] ExprPtr make_expr(Type type, Span span, Node node) {
  auto expr = std::make_unique<Expr>();
  expr->type = std::move(type);
  expr->span = span;
  expr->node = std::move(node);
  return expr;
}

template <class Node>
[[nodiscard]] StmtPtr make_stmt(Span span, Node node) {
  auto stmt = std::make_unique<Stmt>();
  stmt->span = span;
  stmt->node = std::move(node);
  return stmt;
}

// The node if the expression is one of that kind, else null.
template <class Node>
[[nodiscard]] Node* node_as(Expr& expr) {
  return std::get_if<Node>(&expr.node);
}
template <class Node>
[[nodiscard]] const Node* node_as(const Expr& expr) {
  return std::get_if<Node>(&expr.node);
}

[[nodiscard]] ExprPtr poison(Span span);  // of type kError
[[nodiscard]] inline bool is_poison(const Expr& expr) { return expr.type.kind == TypeKind::kError; }
[[nodiscard]] ExprPtr nothing(Span span);  // no value, no effect
[[nodiscard]] ExprPtr constant(Type type, std::uint64_t value, Span span);
[[nodiscard]] ExprPtr call(Builtin builtin, Type type, Span span, std::vector<ExprPtr> arguments);
// The smallest signed type that holds it, or uint64 (census 1.3).
[[nodiscard]] ExprPtr int_literal(std::uint64_t value, bool negative, Span span);
[[nodiscard]] ExprPtr float_literal(double value, Span span);
[[nodiscard]] ExprPtr bool_literal(bool value, Span span);
[[nodiscard]] ExprPtr string_literal(std::string text, Span span);
// The text of a string constant up to its first NUL; nullptr for anything else.
[[nodiscard]] const std::string* constant_string(const Expr& expr);

// Of `type`, by a Convert node when it is another one.
[[nodiscard]] ExprPtr convert(ExprPtr expr, const Type& type);
[[nodiscard]] ExprPtr to_int64(ExprPtr expr, bool is_signed);
// The value of a constant number as a float; nullopt for anything else.
[[nodiscard]] std::optional<double> constant_float(const Expr& expr);
// A record of these values, which have the types of its members.
[[nodiscard]] ExprPtr pack_record(std::vector<std::pair<std::string, Type>> members, std::vector<ExprPtr> values,
                                  Span span);
// A zero of any type.
[[nodiscard]] ExprPtr zero(const Type& type, Span span);
[[nodiscard]] ExprPtr add_offset(ExprPtr address, std::uint64_t bytes);
// What executes `statements` and has no value.
[[nodiscard]] ExprPtr effect(std::vector<StmtPtr> statements, Span span);
[[nodiscard]] ExprPtr effect(StmtPtr statement, Span span);
// Appends an expression evaluated for its effect; unwraps `effect`.
void append_effect(Block& block, ExprPtr expr);

// Truncates to the type's width, sign- or zero-extended back to 64 bits.
[[nodiscard]] std::uint64_t wrap(std::uint64_t value, const Type& type);

}  // namespace hawk::typed
