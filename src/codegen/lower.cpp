// Where a node's lowering is chosen, and statements in sequence.
#include "codegen/lower.h"

namespace hawk {

llvm::Value* Lowering::scalar(const typed::Expr& expr) {
  AtSpan here(*this, expr.span);
  return std::visit([&](const auto& node) { return lower_scalar(*this, expr, node); }, expr.node);
}

void Lowering::into(const typed::Expr& expr, Place destination) {
  if (expr.type.kind == TypeKind::kNone) return effect(expr);
  if (is_scalar(expr.type)) return e().store_scalar(destination, scalar(expr));
  AtSpan here(*this, expr.span);
  std::visit([&](const auto& node) { lower_into(*this, expr, node, destination); }, expr.node);
}

Place Lowering::borrow(const typed::Expr& expr) {
  AtSpan here(*this, expr.span);
  if (const auto* read = std::get_if<typed::ReadVariable>(&expr.node)) return variable(read->variable);
  if (const auto* member = std::get_if<typed::Member>(&expr.node); member != nullptr && member->bit_width == 0)
    return e().at(borrow(*member->base), member->offset);
  Place place = temporary(expr.type.size);
  into(expr, place);
  return place;
}

void Lowering::effect(const typed::Expr& expr) {
  if (expr.type.kind == TypeKind::kNone || is_scalar(expr.type)) {
    static_cast<void>(scalar(expr));
    return;
  }
  static_cast<void>(borrow(expr));
}

void Lowering::block(const typed::Block& block) {
  for (const typed::StmtPtr& statement : block.statements) {
    AtSpan here(*this, statement->span);
    TemporaryScope scope(*this);
    std::visit([&](const auto& node) { lower_statement(*this, node); }, statement->node);
  }
}

}  // namespace hawk
