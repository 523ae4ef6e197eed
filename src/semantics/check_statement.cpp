// Statements: assignments, control flow, scopes (census 1.11).
#include "semantics/builtin_checks.h"
#include "semantics/checker.h"
#include "support/check.h"

namespace hawk {

using typed::make_expr;
using typed::make_stmt;

namespace {

// Whether a declared variable holds only the low bits of a number read from elsewhere. Sums always have 64 bits: they
// do not count.
bool is_cut(const typed::Expr& value, const Type& declared) {
  bool read = typed::node_as<typed::ReadVariable>(value) != nullptr ||
              typed::node_as<typed::ReadMap>(value) != nullptr || typed::node_as<typed::Member>(value) != nullptr ||
              typed::node_as<typed::Element>(value) != nullptr || typed::node_as<typed::Load>(value) != nullptr;
  return read && is_integer(value.type) && is_integer(declared) && value.type.size > declared.size;
}

// Whether an expression does something besides giving its value.
bool has_effect(const ast::Expr& expr) {
  return std::holds_alternative<ast::Call>(expr.node) || std::holds_alternative<ast::Unary>(expr.node) ||
         std::holds_alternative<ast::BlockExpr>(expr.node) || std::holds_alternative<ast::IfExpr>(expr.node) ||
         std::holds_alternative<ast::FunctionBody>(expr.node) || std::holds_alternative<ast::Conditional>(expr.node) ||
         std::holds_alternative<ast::Match>(expr.node);
}

// Whether nothing behind a statement or block is reached.
bool leaves(const typed::Stmt& stmt);
bool leaves(const typed::Block& block) { return !block.statements.empty() && leaves(*block.statements.back()); }
bool leaves(const typed::Stmt& stmt) {
  const auto& node = stmt.node;
  if (const auto* branch = std::get_if<typed::If>(&node)) return leaves(branch->then) && leaves(branch->otherwise);
  if (const auto* scope = std::get_if<typed::Scope>(&node)) return leaves(scope->block);
  return std::holds_alternative<typed::Return>(node) || std::holds_alternative<typed::Break>(node) ||
         std::holds_alternative<typed::Continue>(node) || std::holds_alternative<typed::LeaveRegion>(node);
}

// A call that only tells something.
bool is_question(const typed::Expr& value) {
  return typed::node_as<typed::HasKey>(value) != nullptr || typed::node_as<typed::MapLength>(value) != nullptr ||
         typed::node_as<typed::ReadString>(value) != nullptr || typed::node_as<typed::Constant>(value) != nullptr;
}

}  // namespace

// --- blocks and variables -----------------------------------------------------------------------

void Checker::check_statements(const ast::Block& block, typed::Block& out) {
  readers_.emplace_back();
  check_listed(block, out);
  readers_.pop_back();
}

void Checker::check_listed(const ast::Block& block, typed::Block& out) {
  bool ended = false;
  std::size_t depth = readers_.size() - 1;
  for (std::size_t i = 0; i < block.statements.size(); ++i) {
    const ast::Stmt& stmt = *block.statements[i];
    if (ended) {
      report(Diag::Unreachable, stmt.span);
      ended = false;
    }
    ++statements_;
    readers_[depth].begin(i);
    check_statement(stmt, out);
    note_assigned(stmt);
    ended = !out.statements.empty() && leaves(*out.statements.back());
  }
  readers_[depth].end();
  check_due(block);
}

void Checker::check_due(const ast::Block& block) {
  std::size_t depth = readers_.size() - 1;
  for (std::size_t i = readers_[depth].take_due(); i != Readers::kNobody; i = readers_[depth].take_due()) {
    readers_[depth].begin(i);
    check_again(*block.statements[i]);
    readers_[depth].end();
  }
}

namespace {

const ast::Expr* assigned_place(const ast::Stmt& stmt) {
  const auto* assign = std::get_if<ast::Assign>(&stmt.node);
  return assign != nullptr ? assign->target.get() : nullptr;
}

}  // namespace

void Checker::note_assigned(const ast::Stmt& stmt) {
  const ast::Variable* variable = nullptr;
  ast::Variable declared;
  if (const auto* let = std::get_if<ast::Let>(&stmt.node)) {
    declared.name = let->variable;
    variable = &declared;
  }
  if (const ast::Expr* place = assigned_place(stmt)) {
    variable = std::get_if<ast::Variable>(&place->node);
    if (const auto* access = std::get_if<ast::MapAccess>(&place->node)) {
      auto found = maps_.find(access->name);
      if (found != maps_.end() && found->second.take_change()) note_change(&found->second);
    }
  }
  if (variable == nullptr) return;
  ClauseState::Variable* found = find_variable(variable->name);
  if (found != nullptr && found->type->take_change()) note_change(found->type);
}

// For what it teaches alone.
void Checker::check_again(const ast::Stmt& stmt) {
  ++statements_;
  if (const auto* let = std::get_if<ast::Let>(&stmt.node)) {
    ClauseState::Variable* found = find_variable(let->variable);
    if (found == nullptr || !let->value || let->type) return;
    (void)found->type->add(*check_plain(*let->value));
  } else {
    typed::Block unused;
    check_statement(stmt, unused);
  }
  note_assigned(stmt);
}

void Checker::check_block(const ast::Block& block, typed::Block& out) {
  clause_->scopes.emplace_back();
  check_statements(block, out);
  if (block.tail) check_expression_statement(*block.tail, out);
  clause_->scopes.pop_back();
}

Checker::ExprPtr Checker::check_block_expr(const ast::Block& block, Span span) {
  clause_->scopes.emplace_back();
  typed::BlockExpr result;
  check_statements(block, result.block);
  if (block.tail) result.tail = plain(check_expr(*block.tail));
  clause_->scopes.pop_back();
  if (result.tail && result.tail->type.kind == TypeKind::kNone) {
    typed::append_effect(result.block, std::move(result.tail));
    result.tail = nullptr;
  }
  if (result.tail && result.block.statements.empty()) return std::move(result.tail);
  Type type = result.tail ? result.tail->type : none_type();
  return make_expr(type, span, std::move(result));
}

typed::VariableId Checker::add_temporary(const Type& type) {
  clause_->out.variables.push_back({"", type});
  return static_cast<typed::VariableId>(clause_->out.variables.size() - 1);
}

ClauseState::Variable* Checker::find_variable(const std::string& name) {
  for (auto scope = clause_->scopes.rbegin(); scope != clause_->scopes.rend(); ++scope) {
    if (auto found = scope->find(name); found != scope->end()) return &found->second;
  }
  return nullptr;
}

// `site` is the declaring node: the same one finds the same type again in the next walk.
ClauseState::Variable& Checker::declare_variable(const std::string& name, const void* site, Span span) {
  InferredType& type = variables_[{clause_->instance, site}];
  ClauseState::Variable variable;
  variable.id = static_cast<typed::VariableId>(clause_->out.variables.size());
  variable.type = &type;
  variable.declared = span;
  clause_->out.variables.push_back({name, type.type()});
  return clause_->scopes.back()[name] = variable;
}

void Checker::poison_variable(const ast::Variable& variable, const void* site, Span span) {
  ClauseState::Variable* found = find_variable(variable.name);
  if (found == nullptr) found = &declare_variable(variable.name, site, span);
  found->poisoned = true;
}

bool Checker::shadows(const std::string& name, Span span) {
  ClauseState::Variable* outer = find_variable(name);
  if (outer == nullptr) return false;
  report(Diag::Shadowing, span, name).notes.push_back({outer->declared, "first declared here"});
  return true;
}

// --- assignment ---------------------------------------------------------------------------------

void Checker::check_assign(const ast::Assign& assign, Span span, typed::Block& out) {
  if (const auto* map = std::get_if<ast::MapAccess>(&assign.target->node)) {
    if (assign.op) return compound_map(*map, *assign.op, *assign.value, span, out);
    return assign_map(*map, *assign.value, span, out);
  }
  const auto* variable = std::get_if<ast::Variable>(&assign.target->node);
  if (variable == nullptr) return assign_part(assign, span, out);
  ExprPtr value;
  if (assign.op) {
    ExprPtr before = check_variable(*variable, assign.target->span);
    ExprPtr right = check_plain(*assign.value);
    value = combine(*assign.op, std::move(before), std::move(right), span);
  } else {
    value = check_plain(*assign.value);
  }
  if (value->type.kind == TypeKind::kNone) value = refuse(Diag::NoValue, assign.value->span);
  assign_variable(*variable, std::move(value), span, out, &assign);
}

void Checker::assign_variable(const ast::Variable& target, ExprPtr value, Span span, typed::Block& out,
                              const void* site) {
  ClauseState::Variable* found = find_variable(target.name);
  if (found == nullptr) found = &declare_variable(target.name, site, span);
  if (is_poison(*value)) {
    found->poisoned = true;
    return;
  }
  if (value->type.kind == TypeKind::kContext) {
    report(Diag::NotStorable, span, type_name(value->type));
    return;
  }
  Type before = found->type->type();
  if (found->type->fixed() && value->literal && is_integer(before) && is_integer(value->type)) {
    const auto* constant = typed::node_as<typed::Constant>(*value);
    if (constant != nullptr && typed::wrap(constant->value, before) != constant->value) {
      report(Diag::LiteralTooLarge, span, type_name(value->type), target.name, type_name(before));
      return;
    }
  }
  if (found->type->fixed() && before.kind == TypeKind::kArray) {
    value = fit(std::move(value), {before, 0, "$" + target.name, span});
    if (is_poison(*value)) return;
  }
  if (found->type->fixed() && is_cut(*value, before)) {
    report(Diag::ValueCut, value->span, type_name(value->type), type_name(before)).help =
        "write a cast if that is meant";
  }
  bool fits = found->type->add(*value);
  bool strings = before.kind == TypeKind::kString && value->type.kind == TypeKind::kString;
  if (fits && found->type->fixed() && strings && value->type.size > before.size) fits = false;
  if (!fits) {
    auto& diagnostic = report(Diag::VariableMismatch, span, target.name, type_name(value->type), type_name(before));
    if (is_integer(before)) diagnostic.help = integer_help(value->type);
    return;
  }
  Type type = found->type->type();
  clause_->out.variables[found->id].type = type;
  out.statements.push_back(make_stmt(span, typed::SetVariable{found->id, typed::convert(std::move(value), type)}));
}

void Checker::assign_map(const ast::MapAccess& target, const ast::Expr& value, Span span, typed::Block& out) {
  if (const auto* call = std::get_if<ast::Call>(&value.node); call != nullptr && is_aggregation_call(*call)) {
    return aggregate(target, *call, span, out);
  }
  ExprPtr read = check_value(value);
  if (is_aggregation(read->type) && std::holds_alternative<ast::MapAccess>(value.node)) {
    auto& diagnostic = report(Diag::AggregationCopied, span, type_name(read->type));
    if (is_castable_aggregation(read->type)) diagnostic.help = "cast it to take its value now: (int64)@map";
    return;
  }
  assign_map_value(target, plain(std::move(read)), span, out);
}

bool Checker::is_storable(const typed::Expr& value) {
  return value.type.kind != TypeKind::kContext && typed::node_as<typed::VariableAddress>(value) == nullptr &&
         typed::node_as<typed::ContextAddress>(value) == nullptr;
}

void Checker::assign_map_value(const ast::MapAccess& target, ExprPtr value, Span span, typed::Block& out) {
  MapUse use = use_map(target, span);
  if (use.info == nullptr) return;
  if (is_poison(*value)) {
    use.info->poisoned = true;
    return;
  }
  if (!is_storable(*value) || value->type.size == 0) {
    report(Diag::NotStorable, span, type_name(value->type));
    return;
  }
  learn_map_value(*use.info, *value, span);
  Type type = map_value_type(*use.info);
  if (type.kind == TypeKind::kError || is_aggregation(type)) return;
  std::optional<typed::EventId> full;
  if (use.key || is_task_storage(*use.info)) full = map_full_event(use.id, span);
  out.statements.push_back(
      make_stmt(span, typed::SetMap{use.id, std::move(use.key), typed::convert(std::move(value), type), full}));
}

void Checker::compound_map(const ast::MapAccess& target, ast::BinaryOp op, const ast::Expr& value, Span span,
                           typed::Block& out) {
  ExprPtr right = check_plain(value);
  bool adds = (op == ast::BinaryOp::kAdd || op == ast::BinaryOp::kSubtract) && is_integer(right->type);
  MapUse use = use_map(target, span);
  if (use.info != nullptr && is_poison(*right)) use.info->poisoned = true;
  if (use.info == nullptr || is_poison(*right)) return;
  if (use.info->aggregation) {
    report(Diag::StepOnAggregation, span, target.name, type_name(*use.info->aggregation));
    return;
  }
  Type now = use.info->value.type();
  bool integer = now.kind == TypeKind::kError || is_integer(now);
  if (adds && integer) {
    use.info->assigned = true;
    bool signed_amount = right->type.is_signed && !right->literal;
    if (!use.info->value.step(op == ast::BinaryOp::kSubtract || signed_amount)) return;
    Type type = use.info->value.type();
    if (type.size != 8) return;
    ExprPtr delta = typed::to_int64(std::move(right), true);
    if (op == ast::BinaryOp::kSubtract)
      delta = make_expr(int_type(8, true), span, typed::Unary{typed::UnaryOp::kNegate, std::move(delta)});
    ExprPtr add = make_expr(
        type, span, typed::AddToMap{use.id, std::move(use.key), std::move(delta), true, map_full_event(use.id, span)});
    out.statements.push_back(make_stmt(span, typed::Evaluate{std::move(add)}));
    return;
  }
  if (now.kind == TypeKind::kError && needs_host(right->type)) now = right->type;
  if (now.kind == TypeKind::kError) {
    use.info->read_untyped = true;
    return;
  }
  // The key is evaluated for the read and again for the write.
  ExprPtr before = make_expr(now, span, typed::ReadMap{use.id, std::move(use.key)});
  assign_map_value(target, combine(op, std::move(before), std::move(right), span), span, out);
}

void Checker::aggregate(const ast::MapAccess& target, const ast::Call& call, Span span, typed::Block& out) {
  auto checked = check_aggregation(*this, call, {call.name_span.begin, span.end, span.file});
  MapUse use = use_map(target, span);
  if (use.info == nullptr) return;
  if (!checked) {
    use.info->poisoned = true;
    return;
  }
  learn_aggregation(*use.info, checked->type, span);
  if (!use.info->aggregation || use.info->aggregation->kind != checked->type.kind) return;
  std::optional<typed::EventId> full;
  if (use.key) full = map_full_event(use.id, span);
  out.statements.push_back(
      make_stmt(span, typed::Aggregate{use.id, std::move(use.key), std::move(checked->argument), full}));
}

void Checker::check_let(const ast::Let& let, const ast::Stmt& stmt, typed::Block& out) {
  if (shadows(let.variable, stmt.span)) return;
  ExprPtr value = let.value ? check_plain(*let.value) : nullptr;
  std::optional<Type> declared;
  if (let.type) {
    declared = resolve_type(*let.type);
    if (declared->kind == TypeKind::kError) {
      declare_variable(let.variable, &let, stmt.span).poisoned = true;
      return;
    }
    if (declared->size == 0) {
      report(Diag::IncompleteType, stmt.span, type_name(*declared));
      return;
    }
  }
  ClauseState::Variable& variable = declare_variable(let.variable, &let, stmt.span);
  if (declared) {
    variable.type->fix(*declared);
    clause_->out.variables[variable.id].type = *declared;
  }
  if (value) return assign_variable(ast::Variable{let.variable}, std::move(value), stmt.span, out, &let);
  // Declared again in each turn of a loop: starts from zero each time.
  Type type = variable.type->type();
  if (type.kind == TypeKind::kError) return;
  out.statements.push_back(make_stmt(stmt.span, typed::SetVariable{variable.id, typed::zero(type, stmt.span)}));
}

// --- control flow -------------------------------------------------------------------------------

void Checker::check_if_statement(const ast::IfExpr& node, Span span, typed::Block& out) {
  if (node.comptime) return typed::append_effect(out, check_if_expr(node, span));
  typed::If result;
  result.condition = check_condition(*node.condition);
  check_block(node.then, result.then);
  if (node.otherwise) check_block(*node.otherwise, result.otherwise);
  if (!is_poison(*result.condition)) out.statements.push_back(make_stmt(span, std::move(result)));
}

void Checker::check_expression_statement(const ast::Expr& expr, typed::Block& out) {
  if (const auto* branch = std::get_if<ast::IfExpr>(&expr.node)) return check_if_statement(*branch, expr.span, out);
  if (const auto* match = std::get_if<ast::Match>(&expr.node)) return check_match_statement(*match, expr.span, out);
  if (const auto* block = std::get_if<ast::BlockExpr>(&expr.node)) {
    typed::Scope scope;
    check_block(block->block, scope.block);
    out.statements.push_back(make_stmt(expr.span, std::move(scope)));
    return;
  }
  check_discarded(expr, check_expr(expr), out);
}

void Checker::check_discarded(const ast::Expr& expr, ExprPtr value, typed::Block& out) {
  if (value->type.kind == TypeKind::kError) return;
  print_joined(*this, *value);
  TypeKind kind = value->type.kind;
  if (kind != TypeKind::kNone && (!has_effect(expr) || is_question(*value))) report(Diag::ValueDiscarded, expr.span);
  if (is_aggregation(value->type)) return;
  typed::append_effect(out, std::move(value));
}

struct StatementVisitor {
  Checker& checker;
  const ast::Stmt& stmt;
  typed::Block& out;

  void operator()(const ast::ExprStatement& node) { checker.check_expression_statement(*node.expr, out); }
  void operator()(const ast::Discard& node) {
    auto value = checker.plain(checker.check_expr(*node.expr));
    if (value->type.kind != TypeKind::kError) typed::append_effect(out, std::move(value));
  }
  void operator()(const ast::Let& node) { checker.check_let(node, stmt, out); }
  void operator()(const ast::Assign& node) { checker.check_assign(node, stmt.span, out); }
  void operator()(const ast::While& node) { checker.check_while(node, stmt.span, out); }
  void operator()(const ast::ForRange& node) { checker.check_for_range(node, stmt, out); }
  void operator()(const ast::ForMap& node) { checker.check_for_map(node, stmt, out); }
  void operator()(const ast::Unroll& node) { checker.check_unroll(node, out); }
  void operator()(const ast::Break&) {
    jump(typed::Break{}, "break", checker.clause().loops + checker.clause().switches);
  }
  void operator()(const ast::Continue&) { jump(typed::Continue{}, "continue", checker.clause().loops); }
  void operator()(const ast::Return& node) { checker.check_return(node, stmt.span, out); }
  // What it names has been read already, as if it stood at the top.
  void operator()(const ast::ImportStatement&) {}

  template <class Node>
  void jump(Node node, const char* word, int targets) {
    if (targets == 0) {
      checker.report(Diag::JumpOutsideLoop, stmt.span, word);
      return;
    }
    out.statements.push_back(make_stmt(stmt.span, node));
  }
};

void Checker::check_statement(const ast::Stmt& stmt, typed::Block& out) {
  std::visit(StatementVisitor{*this, stmt, out}, stmt.node);
}

}  // namespace hawk
