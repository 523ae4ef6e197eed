// Builder: expressions and types.
#include "parser/builder.h"

namespace hawk {

using ast::UnaryOp;

namespace {

// A variable, a map, or a part of one.
bool is_place(const ast::Expr& expr) {
  if (const auto* field = std::get_if<ast::FieldAccess>(&expr.node)) return is_place(*field->base);
  if (const auto* element = std::get_if<ast::Index>(&expr.node)) return is_place(*element->base);
  return std::holds_alternative<ast::Variable>(expr.node) || std::holds_alternative<ast::MapAccess>(expr.node);
}

}  // namespace

bool Builder::check_depth(Span span, unsigned depth_below) {
  if (depth_below < kMaxTreeDepth) return true;
  if (!failed()) diagnostics_.report(Diag::NestingTooDeep, span, kMaxTreeDepth);
  return false;
}

ExprValue Builder::unary(Span span, UnaryOp op, ExprValue operand) {
  return expr(span, ast::Unary{op, std::move(operand.value)}, operand.depth);
}

ExprValue Builder::increment(Span span, UnaryOp op, ExprValue operand) {
  if (!failed() && !is_place(*operand.value)) diagnostics_.report(Diag::NotIncrementable, span, ast::spelling(op));
  return unary(span, op, std::move(operand));
}

ExprValue Builder::binary(Span span, ast::BinaryOp op, ExprValue left, ExprValue right) {
  unsigned depth = std::max(left.depth, right.depth);
  return expr(span, ast::Binary{op, std::move(left.value), std::move(right.value)}, depth);
}

ExprValue Builder::conditional(Span span, ExprValue condition, ExprValue then, ExprValue otherwise) {
  unsigned depth = std::max({condition.depth, then.depth, otherwise.depth});
  return expr(span, ast::Conditional{std::move(condition.value), std::move(then.value), std::move(otherwise.value)},
              depth);
}

ExprValue Builder::cast(Span span, TypeValue type, ExprValue operand) {
  unsigned depth = std::max(type.depth, operand.depth);
  return expr(span, ast::Cast{std::move(type.value), std::move(operand.value)}, depth);
}

ExprValue Builder::field(Span span, ExprValue base, std::string name, Span name_span) {
  return expr(span, ast::FieldAccess{std::move(base.value), std::move(name), name_span}, base.depth);
}

ExprValue Builder::index(Span span, ExprValue base, ExprValue index) {
  unsigned depth = std::max(base.depth, index.depth);
  return expr(span, ast::Index{std::move(base.value), std::move(index.value)}, depth);
}

ExprValue Builder::call(Span span, const Token& name, ExprListValue arguments) {
  return expr(span, ast::Call{name.text, std::move(arguments.value), name.span}, arguments.depth);
}

ExprValue Builder::map(Span span, const Token& name, ExprListValue keys) {
  ExprValue key;
  if (keys.value.size() == 1) {
    key = {std::move(keys.value.front()), keys.depth};
  } else {
    Span keys_span = join(keys.value.front()->span, keys.value.back()->span);
    key = tuple(keys_span, std::move(keys));
  }
  return expr(span, ast::MapAccess{name.text, std::move(key.value)}, key.depth);
}

ExprValue Builder::tuple(Span span, ExprListValue elements) {
  return expr(span, ast::Tuple{std::move(elements.value)}, elements.depth);
}

ExprValue Builder::record(Span span, FieldListValue fields) {
  return expr(span, ast::Record{std::move(fields.value)}, fields.depth);
}

ExprValue Builder::array(Span span, ExprListValue elements) {
  return expr(span, ast::ArrayLiteral{std::move(elements.value)}, elements.depth);
}

ExprValue Builder::struct_literal(Span span, std::optional<TypeValue> type, InitialiserListValue members) {
  ast::StructLiteral made{.type = std::nullopt, .members = std::move(members.value)};
  unsigned depth = members.depth;
  if (type) {
    depth = std::max(depth, type->depth);
    made.type = std::move(type->value);
  }
  return expr(span, std::move(made), depth);
}

InitialiserValue Builder::initialiser(Span span, std::string member, ExprValue value) {
  return {{span, std::move(member), std::move(value.value)}, value.depth};
}

ExprValue Builder::block_expr(Span span, BlockValue block) {
  block.value.span = span;
  return expr(span, ast::BlockExpr{std::move(block.value)}, block.depth);
}

ExprValue Builder::if_expr(Span span, ExprValue condition, BlockValue then, std::optional<BlockValue> otherwise) {
  ast::IfExpr made{.condition = std::move(condition.value), .then = std::move(then.value), .otherwise = std::nullopt};
  unsigned depth = std::max(condition.depth, then.depth);
  if (otherwise) {
    depth = std::max(depth, otherwise->depth);
    made.otherwise = std::move(otherwise->value);
  }
  if (auto* comptime = std::get_if<ast::Comptime>(&made.condition->node)) {
    ast::ExprPtr operand = std::move(comptime->operand);
    made.condition = std::move(operand);
    made.comptime = true;
  }
  return expr(span, std::move(made), depth);
}

namespace {

bool is_underscore(const ast::ExprPtr& expr) {
  const auto* name = expr ? std::get_if<ast::Identifier>(&expr->node) : nullptr;
  return name != nullptr && name->name == "_";
}

}  // namespace

PatternValue Builder::pattern(Span span, ExprValue first, ExprValue last, bool inclusive) {
  if (!last.value && is_underscore(first.value)) first = {};
  unsigned depth = std::max(first.depth, last.depth);
  return {ast::Pattern{span, std::move(first.value), std::move(last.value), inclusive}, depth};
}

PatternsValue Builder::append(PatternsValue list, PatternValue item) {
  list.value.push_back(std::move(item.value));
  list.depth = std::max(list.depth, item.depth);
  return list;
}

ArmsValue Builder::append(ArmsValue list, Span span, PatternsValue patterns, BlockValue body) {
  list.value.push_back({span, std::move(patterns.value), std::move(body.value)});
  list.depth = std::max({list.depth, patterns.depth, body.depth});
  return list;
}

// Labels one behind the other share the statements that follow.
ArmsValue Builder::append_case(ArmsValue list, Span span, PatternsValue patterns, BlockValue body) {
  bool shares = !list.value.empty() && list.value.back().body.statements.empty() && !list.value.back().body.tail;
  if (!shares) return append(std::move(list), span, std::move(patterns), std::move(body));
  ast::Arm& arm = list.value.back();
  for (ast::Pattern& pattern : patterns.value) arm.patterns.push_back(std::move(pattern));
  arm.body = std::move(body.value);
  arm.span = join(arm.span, span);
  list.depth = std::max({list.depth, patterns.depth, body.depth});
  return list;
}

ExprValue Builder::match(Span span, ExprValue subject, ArmsValue arms, bool is_switch) {
  unsigned depth = std::max(subject.depth, arms.depth);
  return expr(span, ast::Match{std::move(subject.value), std::move(arms.value), is_switch}, depth);
}

ExprValue Builder::comptime(Span span, ExprValue operand) {
  return expr(span, ast::Comptime{std::move(operand.value)}, operand.depth);
}

ExprValue Builder::offset_of(Span span, TypeValue type, std::vector<std::string> path) {
  auto made = std::make_unique<ast::TypeSyntax>(std::move(type.value));
  return expr(span, ast::OffsetOf{std::move(made), nullptr, std::move(path)}, type.depth);
}

ExprValue Builder::offset_of(Span span, ExprValue value, std::vector<std::string> path) {
  return expr(span, ast::OffsetOf{nullptr, std::move(value.value), std::move(path)}, value.depth);
}

ExprListValue Builder::append(ExprListValue list, ExprValue item) {
  list.value.push_back(std::move(item.value));
  list.depth = std::max(list.depth, item.depth);
  return list;
}

ExprListValue Builder::prepend(ExprValue item, ExprListValue list) {
  list.value.insert(list.value.begin(), std::move(item.value));
  list.depth = std::max(list.depth, item.depth);
  return list;
}

FieldListValue Builder::append(FieldListValue list, const Token& name, ExprValue item) {
  list.value.emplace_back(name.text, std::move(item.value));
  list.depth = std::max(list.depth, item.depth);
  return list;
}

InitialiserListValue Builder::append(InitialiserListValue list, InitialiserValue item) {
  list.value.push_back(std::move(item.value));
  list.depth = std::max(list.depth, item.depth);
  return list;
}

// --- types --------------------------------------------------------------------------------------

TypeValue Builder::named_type(Span span, std::string name) {
  return {ast::TypeSyntax{.span = span, .name = std::move(name)}, 0};
}

TypeValue Builder::type_word(Span span, TypeValue type, const Token& word) {
  type.value.span = span;
  type.value.name += ' ' + word.text;
  return type;
}

TypeValue Builder::type_of(Span span, TypeValue inner) {
  auto of = std::make_unique<ast::TypeSyntax>(std::move(inner.value));
  return {ast::TypeSyntax{.span = span, .of_type = std::move(of)}, inner.depth + 1};
}

TypeValue Builder::type_of(Span span, ExprValue inner) {
  return {ast::TypeSyntax{.span = span, .of_expr = std::move(inner.value)}, inner.depth + 1};
}

TypeValue Builder::pointer_to(Span span, TypeValue type) {
  type.value.span = span;
  type.value.modifiers.push_back({.kind = ast::TypeModifier::Kind::kPointer});
  ++type.depth;
  check_depth(span, type.depth);
  return type;
}

TypeValue Builder::array_of(Span span, TypeValue type, ExprValue count) {
  type.value.span = span;
  type.value.modifiers.push_back({.kind = ast::TypeModifier::Kind::kArray, .count = std::move(count.value)});
  type.depth = std::max(type.depth, count.depth) + 1;
  check_depth(span, type.depth);
  return type;
}

}  // namespace hawk
