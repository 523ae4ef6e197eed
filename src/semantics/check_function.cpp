// Calls of functions, which are in place by now (semantics/expand.h): the body's statements, and a variable for what it
// returns where `return` can end it early.
#include "semantics/checker.h"

namespace hawk {

using typed::make_expr;
using typed::make_stmt;

namespace {

// An `if` without `else` has no value, whatever its last expression is.
bool is_statement(const ast::Expr& tail) {
  const auto* branch = std::get_if<ast::IfExpr>(&tail.node);
  return branch != nullptr && !branch->otherwise;
}

}  // namespace

Checker::ExprPtr Checker::check_function_body(const ast::FunctionBody& node, const ast::Expr& expr) {
  ClauseState::FunctionCall call{.node = &node, .lines = clause_->lines.size()};
  call.type = &variables_[{clause_->instance, &node}];
  if (node.result) {
    Type declared = resolve_type(*node.result);
    if (declared.kind == TypeKind::kError) return typed::poison(expr.span);
    call.is_void = declared.kind == TypeKind::kNone;
    if (!call.is_void) call.type->fix(declared);
  }
  ClauseState::FunctionCall* around = std::exchange(clause_->function, &call);
  int loops = std::exchange(clause_->loops, 0);
  int switches = std::exchange(clause_->switches, 0);
  clause_->scopes.emplace_back();
  typed::Block body;
  check_statements(node.body, body);
  ExprPtr tail = node.body.tail ? function_tail(*node.body.tail, body) : nullptr;
  clause_->scopes.pop_back();
  clause_->loops = loops;
  clause_->switches = switches;
  clause_->function = around;
  return function_value(call, std::move(body), std::move(tail), expr.span);
}

// The value of the body's last expression; null if it has none.
Checker::ExprPtr Checker::function_tail(const ast::Expr& tail, typed::Block& body) {
  if (clause_->function->is_void || is_statement(tail)) {
    check_expression_statement(tail, body);
    return nullptr;
  }
  ExprPtr value = plain(check_expr(tail));
  if (value->type.kind != TypeKind::kNone) return learn_result(std::move(value), tail.span);
  typed::append_effect(body, std::move(value));
  return nullptr;
}

// The value as it is returned; null after a diagnostic.
Checker::ExprPtr Checker::learn_result(ExprPtr value, Span span) {
  ClauseState::FunctionCall& call = *clause_->function;
  if (is_poison(*value)) {
    call.poisoned = true;
    return value;
  }
  Type before = call.type->type();
  bool storable = value->type.kind != TypeKind::kContext && typed::node_as<typed::VariableAddress>(*value) == nullptr;
  if (storable && call.type->add(*value)) return value;
  call.poisoned = true;
  if (!storable) return refuse(Diag::NotStorable, span, type_name(value->type));
  return refuse(Diag::ResultMismatch, span, call.node->function, type_name(value->type), type_name(before));
}

Checker::ExprPtr Checker::function_value(const ClauseState::FunctionCall& call, typed::Block body, ExprPtr tail,
                                         Span span) {
  if (call.poisoned) return typed::poison(span);
  Type type = call.type->type();
  bool has_value = type.kind != TypeKind::kError;
  if (call.type->fixed() && !tail && !call.result)
    return refuse(Diag::MissingResult, span, call.node->function, type_name(type));
  if (!call.leaves) {
    if (!tail) return typed::effect(std::move(body.statements), span);
    tail = typed::convert(std::move(tail), type);
    return make_expr(type, span, typed::BlockExpr{std::move(body), std::move(tail)});
  }
  typed::BlockExpr whole;
  if (has_value) {
    typed::VariableId result = *call.result;
    clause_->out.variables[result].type = type;
    if (tail)
      body.statements.push_back(make_stmt(span, typed::SetVariable{result, typed::convert(std::move(tail), type)}));
    whole.block.statements.push_back(make_stmt(span, typed::SetVariable{result, typed::zero(type, span)}));
    whole.tail = make_expr(type, span, typed::ReadVariable{result});
  }
  whole.block.statements.push_back(make_stmt(span, typed::Region{std::move(body)}));
  if (!has_value) return typed::effect(std::move(whole.block.statements), span);
  return make_expr(type, span, std::move(whole));
}

void Checker::check_return(const ast::Return& node, Span span, typed::Block& out) {
  if (clause_->function != nullptr) return return_from_function(node, span, out);
  typed::Return result;
  if (node.value) {
    auto value = check_int(*node.value, "return");
    if (is_poison(*value)) return;
    result.value = typed::to_int64(std::move(value), true);
  }
  close_lines(out.statements, span);
  out.statements.push_back(make_stmt(span, std::move(result)));
}

void Checker::return_from_function(const ast::Return& node, Span span, typed::Block& out) {
  ClauseState::FunctionCall& call = *clause_->function;
  call.leaves = true;
  if (!call.result && !call.is_void) call.result = add_temporary(call.type->type());
  if (node.value) {
    if (call.is_void) {
      report(Diag::ResultOfVoid, span, call.node->function);
      return;
    }
    ExprPtr value = learn_result(check_plain(*node.value), node.value->span);
    if (is_poison(*value)) return;
    Type type = call.type->type();
    out.statements.push_back(make_stmt(span, typed::SetVariable{*call.result, typed::convert(std::move(value), type)}));
  } else if (call.type->fixed()) {
    report(Diag::MissingResult, span, call.node->function, type_name(call.type->type()));
    return;
  }
  for (std::size_t i = call.lines; i < clause_->lines.size(); ++i)
    out.statements.push_back(close_source(clause_->lines[i], span));
  out.statements.push_back(make_stmt(span, typed::LeaveRegion{}));
}

}  // namespace hawk
