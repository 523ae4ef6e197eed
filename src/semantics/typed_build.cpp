#include "semantics/typed_build.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "support/check.h"

namespace hawk::typed {

ExprPtr poison(Span span) { return make_expr(error_type(), span, Constant{}); }

ExprPtr nothing(Span span) { return make_expr(none_type(), span, BlockExpr{}); }

std::uint64_t wrap(std::uint64_t value, const Type& type) {
  if (type.kind == TypeKind::kBool) return value != 0 ? 1 : 0;
  if (type.size >= 8 || type.size == 0) return value;
  unsigned bits = type.size * 8;
  std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
  std::uint64_t low = value & mask;
  bool negative = type.is_signed && ((low >> (bits - 1)) & 1) != 0;
  return negative ? low | ~mask : low;
}

ExprPtr call(Builtin builtin, Type type, Span span, std::vector<ExprPtr> arguments) {
  return make_expr(std::move(type), span, Call{builtin, std::move(arguments)});
}

ExprPtr constant(Type type, std::uint64_t value, Span span) {
  std::uint64_t wrapped = wrap(value, type);
  return make_expr(std::move(type), span, Constant{wrapped});
}

namespace {

Type smallest_type(std::uint64_t value, bool negative) {
  for (std::uint32_t bytes : {1U, 2U, 4U, 8U}) {
    std::uint64_t limit = std::uint64_t{1} << (bytes * 8 - 1);
    if (negative ? value <= limit : value < limit) return int_type(bytes, true);
  }
  return int_type(8, false);
}

}  // namespace

ExprPtr int_literal(std::uint64_t value, bool negative, Span span) {
  ExprPtr expr = constant(smallest_type(value, negative), negative ? 0 - value : value, span);
  expr->literal = true;
  return expr;
}

ExprPtr float_literal(double value, Span span) {
  ExprPtr expr = constant(float_type(), std::bit_cast<std::uint64_t>(value), span);
  expr->literal = true;
  return expr;
}

ExprPtr bool_literal(bool value, Span span) {
  ExprPtr expr = constant(bool_type(), value ? 1 : 0, span);
  expr->literal = true;
  return expr;
}

ExprPtr string_literal(std::string text, Span span) {
  auto capacity = static_cast<std::uint32_t>(text.size() + 1);
  ExprPtr expr = make_expr(string_type(capacity), span, DataConstant{std::move(text)});
  expr->literal = true;
  return expr;
}

const std::string* constant_string(const Expr& expr) {
  if (expr.type.kind != TypeKind::kString) return nullptr;
  const auto* data = node_as<DataConstant>(expr);
  return data != nullptr ? &data->bytes : nullptr;
}

namespace {

double float_value(std::uint64_t value, const Type& type) {
  if (type.kind == TypeKind::kFloat) return std::bit_cast<double>(value);
  return type.is_signed ? static_cast<double>(static_cast<std::int64_t>(value)) : static_cast<double>(value);
}

// Toward zero, cut to the type's range, 0 for NaN: as generated code does it.
std::uint64_t int_value(double value, const Type& type) {
  unsigned bits = std::min<std::uint32_t>(type.size, 8) * 8 - (type.is_signed ? 1 : 0);
  double limit = std::ldexp(1.0, static_cast<int>(bits));
  std::uint64_t highest = bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
  if (std::isnan(value)) return 0;
  if (value >= limit) return highest;
  if (!type.is_signed) return value <= 0 ? 0 : static_cast<std::uint64_t>(value);
  return value <= -limit ? ~highest : static_cast<std::uint64_t>(static_cast<std::int64_t>(value));
}

// The value of a constant scalar of type `from` as one of type `to`.
std::uint64_t convert_value(std::uint64_t value, const Type& from, const Type& to) {
  if (to.kind == TypeKind::kFloat) return std::bit_cast<std::uint64_t>(float_value(value, from));
  if (from.kind != TypeKind::kFloat) return value;
  double number = float_value(value, from);
  return to.kind == TypeKind::kBool ? (number != 0 ? 1 : 0) : int_value(number, to);
}

}  // namespace

std::optional<double> constant_float(const Expr& expr) {
  const auto* value = node_as<Constant>(expr);
  bool number = is_integer(expr.type) || expr.type.kind == TypeKind::kFloat || expr.type.kind == TypeKind::kBool;
  if (value == nullptr || !number) return std::nullopt;
  return float_value(value->value, expr.type);
}

ExprPtr convert(ExprPtr expr, const Type& type) {
  if (expr->type.kind == TypeKind::kError || type.kind == TypeKind::kError) return expr;
  bool same_space = expr->type.space == type.space;
  if (same_type(expr->type, type) && same_space) return expr;
  bool literal = expr->literal;
  Span span = expr->span;
  if (auto* value = node_as<Constant>(*expr); value != nullptr && is_scalar(expr->type) && is_scalar(type)) {
    ExprPtr folded = constant(type, convert_value(value->value, expr->type, type), span);
    folded->literal = literal;
    return folded;
  }
  if (node_as<DataConstant>(*expr) != nullptr && type.kind == TypeKind::kString &&
      expr->type.kind == TypeKind::kString && type.size >= expr->type.size) {
    expr->type = type;
    return expr;
  }
  bool arrays = expr->type.kind == TypeKind::kArray && type.kind == TypeKind::kArray && expr->type.count == type.count;
  if (auto* pack = node_as<Pack>(*expr); pack != nullptr && arrays) {
    for (std::uint32_t i = 0; i < pack->parts.size(); ++i) {
      PackPart& part = pack->parts[i];
      part.offset = part.offset / expr->type.element->size * type.element->size;
      part.value = convert(std::move(part.value), *type.element);
    }
    expr->type = type;
    return expr;
  }
  if (auto* read = node_as<ReadAggregation>(*expr); read != nullptr && read->is_mean && type.kind == TypeKind::kFloat) {
    expr->type = type;  // the mean as it is, not cut to an int first
    return expr;
  }
  return make_expr(type, span, Convert{std::move(expr)});
}

ExprPtr to_int64(ExprPtr expr, bool is_signed) {
  // Widening keeps the source's sign; only then is the wider value seen as the wanted type.
  if (expr->type.size < 8 && expr->type.is_signed != is_signed) {
    expr = convert(std::move(expr), int_type(8, expr->type.is_signed));
  }
  return convert(std::move(expr), int_type(8, is_signed));
}

ExprPtr pack_record(std::vector<std::pair<std::string, Type>> members, std::vector<ExprPtr> values, Span span) {
  Type type = record_type(std::move(members));
  Pack pack;
  for (std::size_t i = 0; i < values.size(); ++i)
    pack.parts.push_back({type.def->fields[i].offset, std::move(values[i])});
  return make_expr(type, span, std::move(pack));
}

ExprPtr zero(const Type& type, Span span) {
  if (is_scalar(type)) return constant(type, 0, span);
  if (type.kind == TypeKind::kNone) return nothing(span);
  return make_expr(type, span, DataConstant{});
}

ExprPtr add_offset(ExprPtr address, std::uint64_t bytes) {
  if (bytes == 0) return address;
  Span span = address->span;
  if (auto* context = node_as<ContextAddress>(*address)) {
    context->offset += static_cast<std::uint32_t>(bytes);
    return address;
  }
  Type pointer = address->type;
  ExprPtr base = convert(std::move(address), int_type(8, false));
  ExprPtr sum = make_expr(int_type(8, false), span,
                          Binary{BinaryOp::kAdd, std::move(base), constant(int_type(8, false), bytes, span), {}});
  return convert(std::move(sum), pointer);
}

ExprPtr effect(std::vector<StmtPtr> statements, Span span) {
  BlockExpr block;
  block.block.statements = std::move(statements);
  return make_expr(none_type(), span, std::move(block));
}

ExprPtr effect(StmtPtr statement, Span span) {
  std::vector<StmtPtr> statements;
  statements.push_back(std::move(statement));
  return effect(std::move(statements), span);
}

void append_effect(Block& block, ExprPtr expr) {
  if (auto* inner = node_as<BlockExpr>(*expr); inner != nullptr && !inner->tail) {
    for (StmtPtr& stmt : inner->block.statements) block.statements.push_back(std::move(stmt));
    return;
  }
  if (node_as<Constant>(*expr) != nullptr || node_as<DataConstant>(*expr) != nullptr) return;
  Span span = expr->span;
  block.statements.push_back(make_stmt(span, Evaluate{std::move(expr)}));
}

}  // namespace hawk::typed
