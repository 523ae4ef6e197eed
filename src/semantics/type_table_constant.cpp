// Constant integer expressions in C definitions: array bounds, widths of bit fields, values of enumerators.
#include <limits>

#include "semantics/type_table.h"

namespace hawk {

namespace {

constexpr int kMostNestedDefines = 64;  // defines that name defines

std::int64_t wrap(std::uint64_t value) { return static_cast<std::int64_t>(value); }

std::optional<std::int64_t> divide(bool modulo, std::int64_t left, std::int64_t right) {
  if (right == 0 || (left == std::numeric_limits<std::int64_t>::min() && right == -1)) return std::nullopt;
  return modulo ? left % right : left / right;
}

std::optional<std::int64_t> apply(ast::BinaryOp op, std::int64_t left, std::int64_t right) {
  auto l = static_cast<std::uint64_t>(left);
  auto r = static_cast<std::uint64_t>(right);
  switch (op) {
    case ast::BinaryOp::kAdd: return wrap(l + r);
    case ast::BinaryOp::kSubtract: return wrap(l - r);
    case ast::BinaryOp::kMultiply: return wrap(l * r);
    case ast::BinaryOp::kDivide: return divide(false, left, right);
    case ast::BinaryOp::kModulo: return divide(true, left, right);
    case ast::BinaryOp::kShiftLeft: return wrap(l << (r & 63));
    case ast::BinaryOp::kShiftRight: return left >> (r & 63);
    case ast::BinaryOp::kBitAnd: return left & right;
    case ast::BinaryOp::kBitOr: return left | right;
    case ast::BinaryOp::kBitXor: return left ^ right;
    case ast::BinaryOp::kLess: return left < right ? 1 : 0;
    case ast::BinaryOp::kGreater: return left > right ? 1 : 0;
    case ast::BinaryOp::kLessEqual: return left <= right ? 1 : 0;
    case ast::BinaryOp::kGreaterEqual: return left >= right ? 1 : 0;
    case ast::BinaryOp::kEqual: return left == right ? 1 : 0;
    case ast::BinaryOp::kNotEqual: return left != right ? 1 : 0;
    case ast::BinaryOp::kAnd: return left != 0 && right != 0 ? 1 : 0;
    case ast::BinaryOp::kOr: return left != 0 || right != 0 ? 1 : 0;
    case ast::BinaryOp::kIn:
    case ast::BinaryOp::kMatches:
    case ast::BinaryOp::kMatchesNot: return std::nullopt;
  }
  return std::nullopt;
}

// The value as an integer of that many bytes has it.
std::int64_t truncate(std::int64_t value, const Type& type) {
  if (type.size >= 8) return value;
  unsigned unused = 64 - type.size * 8;
  std::uint64_t high = static_cast<std::uint64_t>(value) << unused;
  return type.is_signed ? wrap(high) >> unused : wrap(high >> unused);
}

}  // namespace

std::optional<std::int64_t> TypeTable::evaluate(const ast::Expr& expr, int depth) {
  if (++depth > kMostNestedDefines) return std::nullopt;
  if (const auto* literal = std::get_if<ast::IntegerLiteral>(&expr.node)) return wrap(literal->value);
  if (const auto* literal = std::get_if<ast::BoolLiteral>(&expr.node)) return literal->value ? 1 : 0;
  if (const auto* name = std::get_if<ast::Identifier>(&expr.node)) {
    if (const ast::Expr* value = find_define(name->name)) return evaluate(*value, depth);
    auto found = find_enumerator(name->name);
    return found ? std::optional(wrap(found->second)) : std::nullopt;
  }
  if (const auto* unary = std::get_if<ast::Unary>(&expr.node)) return evaluate_unary(*unary, depth);
  if (const auto* binary = std::get_if<ast::Binary>(&expr.node)) return evaluate_binary(*binary, depth);
  if (const auto* cast = std::get_if<ast::Cast>(&expr.node)) return evaluate_cast(*cast, depth);
  if (const auto* choice = std::get_if<ast::Conditional>(&expr.node)) {
    auto condition = evaluate(*choice->condition, depth);
    if (!condition) return std::nullopt;
    if (*condition != 0 && !choice->then) return condition;
    return evaluate(*condition != 0 ? *choice->then : *choice->otherwise, depth);
  }
  if (const auto* size = std::get_if<ast::SizeOf>(&expr.node)) {
    auto type = size->type ? written_type(*size->type, depth) : std::nullopt;
    return type && type->size > 0 ? std::optional<std::int64_t>(type->size) : std::nullopt;
  }
  if (const auto* offset = std::get_if<ast::OffsetOf>(&expr.node)) return evaluate_offset(*offset, depth);
  return std::nullopt;
}

std::optional<std::int64_t> TypeTable::evaluate_unary(const ast::Unary& unary, int depth) {
  auto value = evaluate(*unary.operand, depth);
  if (!value) return std::nullopt;
  if (unary.op == ast::UnaryOp::kNegate) return wrap(0 - static_cast<std::uint64_t>(*value));
  if (unary.op == ast::UnaryOp::kBitNot) return ~*value;
  if (unary.op == ast::UnaryOp::kNot) return *value == 0 ? 1 : 0;
  return unary.op == ast::UnaryOp::kPlus ? value : std::nullopt;
}

std::optional<std::int64_t> TypeTable::evaluate_binary(const ast::Binary& binary, int depth) {
  auto left = evaluate(*binary.left, depth);
  if (!left) return std::nullopt;
  if (binary.op == ast::BinaryOp::kAnd && *left == 0) return 0;
  if (binary.op == ast::BinaryOp::kOr && *left != 0) return 1;
  auto right = evaluate(*binary.right, depth);
  return right ? apply(binary.op, *left, *right) : std::nullopt;
}

std::optional<std::int64_t> TypeTable::evaluate_cast(const ast::Cast& cast, int depth) {
  auto type = written_type(cast.type, depth);
  auto value = evaluate(*cast.operand, depth);
  if (!type || !value) return std::nullopt;
  if (type->kind == TypeKind::kBool) return *value != 0 ? 1 : 0;
  if (type->kind == TypeKind::kPointer) return value;
  return is_integer(*type) ? std::optional(truncate(*value, *type)) : std::nullopt;
}

std::optional<std::int64_t> TypeTable::evaluate_offset(const ast::OffsetOf& offset, int depth) {
  auto type = offset.type ? written_type(*offset.type, depth) : std::nullopt;
  std::int64_t total = 0;
  for (const std::string& name : offset.path) {
    auto def = type && type->kind == TypeKind::kStruct ? definition(*type) : nullptr;
    FoundField found = def ? find_field(*def, name) : FoundField{};
    if (found.field == nullptr) return std::nullopt;
    total += found.offset;
    type = found.field->type;
  }
  return type ? std::optional(total) : std::nullopt;
}

std::optional<Type> TypeTable::written_type(const ast::TypeSyntax& syntax, int depth) {
  auto type = syntax.name.empty() ? std::nullopt : find(syntax.name);
  if (!type) return std::nullopt;
  for (const ast::TypeModifier& modifier : syntax.modifiers) {
    if (modifier.kind == ast::TypeModifier::Kind::kPointer) {
      type = pointer_type(*type, AddressSpace::kNone);
      continue;
    }
    auto count = modifier.count ? evaluate(*modifier.count, depth) : std::nullopt;
    if (!count || *count < 0 || type->size == 0 || *count > static_cast<std::int64_t>(kMaxArrayBytes / type->size))
      return std::nullopt;
    type = array_type(*type, static_cast<std::uint32_t>(*count));
  }
  return type;
}

}  // namespace hawk
