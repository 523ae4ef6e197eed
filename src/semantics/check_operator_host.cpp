// Operators on floats and texts. A clause that uses them runs inside hawk; placement sees to that.
#include "semantics/checker.h"
#include "support/check.h"

namespace hawk {

using typed::make_expr;

namespace {

constexpr const char* kNumberOfText = "write (int64)x or float(x) for the number that a text begins with";

bool is_number_or_float(const Type& type) {
  return is_integer(type) || type.kind == TypeKind::kBool || type.kind == TypeKind::kFloat;
}

// Both as literals, if that is how they were written: what is done with them is done now.
struct LiteralPair {
  double left = 0;
  double right = 0;
};
std::optional<LiteralPair> literals(const typed::Expr& left, const typed::Expr& right) {
  auto a = typed::constant_float(left);
  auto b = typed::constant_float(right);
  if (!a || !b || !left.literal || !right.literal) return std::nullopt;
  return LiteralPair{*a, *b};
}

std::optional<typed::BinaryOp> float_op(ast::BinaryOp op) {
  if (op == ast::BinaryOp::kAdd) return typed::BinaryOp::kAdd;
  if (op == ast::BinaryOp::kSubtract) return typed::BinaryOp::kSubtract;
  if (op == ast::BinaryOp::kMultiply) return typed::BinaryOp::kMultiply;
  if (op == ast::BinaryOp::kDivide) return typed::BinaryOp::kDivide;
  return std::nullopt;
}

double fold(typed::BinaryOp op, const LiteralPair& pair) {
  if (op == typed::BinaryOp::kAdd) return pair.left + pair.right;
  if (op == typed::BinaryOp::kSubtract) return pair.left - pair.right;
  return op == typed::BinaryOp::kMultiply ? pair.left * pair.right : pair.left / pair.right;
}

struct ComparisonRow {
  ast::BinaryOp op;
  typed::BinaryOp typed;
  bool (*holds)(double, double);
};
constexpr ComparisonRow kComparisons[] = {
    {ast::BinaryOp::kLess, typed::BinaryOp::kLess, [](double a, double b) { return a < b; }},
    {ast::BinaryOp::kGreater, typed::BinaryOp::kGreater, [](double a, double b) { return a > b; }},
    {ast::BinaryOp::kLessEqual, typed::BinaryOp::kLessEqual, [](double a, double b) { return a <= b; }},
    {ast::BinaryOp::kGreaterEqual, typed::BinaryOp::kGreaterEqual, [](double a, double b) { return a >= b; }},
    {ast::BinaryOp::kEqual, typed::BinaryOp::kEqual, [](double a, double b) { return a == b; }},
    {ast::BinaryOp::kNotEqual, typed::BinaryOp::kNotEqual, [](double a, double b) { return a != b; }},
};

const ComparisonRow& comparison(ast::BinaryOp op) {
  for (const ComparisonRow& row : kComparisons) {
    if (row.op == op) return row;
  }
  HAWK_UNREACHABLE("not a comparison");
}

}  // namespace

// --- floats -------------------------------------------------------------------------------------

Checker::ExprPtr Checker::negate_float(ExprPtr operand, Span span) {
  auto value = typed::constant_float(*operand);
  if (value && operand->literal) return typed::float_literal(-*value, span);
  return make_expr(float_type(), span, typed::Unary{typed::UnaryOp::kNegate, std::move(operand)});
}

Checker::ExprPtr Checker::float_arithmetic(ast::BinaryOp op, ExprPtr left, ExprPtr right, Span span) {
  if (!is_number_or_float(left->type) || !is_number_or_float(right->type)) {
    return refuse(Diag::OperandMismatch, span, ast::spelling(op), type_name(left->type), type_name(right->type));
  }
  auto wanted = float_op(op);
  if (!wanted) {
    report(Diag::IntegerExpected, span, ast::spelling(op), type_name(float_type())).help = integer_help(float_type());
    return typed::poison(span);
  }
  if (auto pair = literals(*left, *right)) return typed::float_literal(fold(*wanted, *pair), span);
  ExprPtr a = typed::convert(std::move(left), float_type());
  ExprPtr b = typed::convert(std::move(right), float_type());
  return make_expr(float_type(), span, typed::Binary{*wanted, std::move(a), std::move(b), {}});
}

Checker::ExprPtr Checker::compare_floats(ast::BinaryOp op, ExprPtr left, ExprPtr right, Span span) {
  if (!is_number_or_float(left->type) || !is_number_or_float(right->type)) {
    return refuse(Diag::ComparisonMismatch, span, ast::spelling(op), type_name(left->type), type_name(right->type));
  }
  const ComparisonRow& row = comparison(op);
  if (auto pair = literals(*left, *right)) return typed::bool_literal(row.holds(pair->left, pair->right), span);
  ExprPtr a = typed::convert(std::move(left), float_type());
  ExprPtr b = typed::convert(std::move(right), float_type());
  return make_expr(bool_type(), span, typed::Binary{row.typed, std::move(a), std::move(b), {}});
}

// --- texts --------------------------------------------------------------------------------------

Checker::ExprPtr Checker::text_value(ExprPtr value, const char* user) {
  if (value->type.kind == TypeKind::kText) return value;
  return typed::convert(string_value(std::move(value), user), text_type());
}

namespace {

bool holds_characters(const Type& type) { return type.kind == TypeKind::kText || type.kind == TypeKind::kString; }

}  // namespace

Checker::ExprPtr Checker::text_arithmetic(ast::BinaryOp op, ExprPtr left, ExprPtr right, Span span) {
  bool both = holds_characters(left->type) && holds_characters(right->type);
  if (op != ast::BinaryOp::kAdd || !both) {
    auto& diagnostic =
        report(Diag::OperandMismatch, span, ast::spelling(op), type_name(left->type), type_name(right->type));
    if (is_number_or_float(left->type) || is_number_or_float(right->type) || both) diagnostic.help = kNumberOfText;
    return typed::poison(span);
  }
  typed::Call call{Builtin::kStrConcat, {}};
  call.arguments.push_back(text_value(std::move(left), "+"));
  call.arguments.push_back(text_value(std::move(right), "+"));
  return make_expr(text_type(), span, std::move(call));
}

Checker::ExprPtr Checker::compare_texts(ast::BinaryOp op, ExprPtr left, ExprPtr right, Span span) {
  if (!holds_characters(left->type) || !holds_characters(right->type)) {
    auto& diagnostic =
        report(Diag::ComparisonMismatch, span, ast::spelling(op), type_name(left->type), type_name(right->type));
    if (is_number_or_float(left->type) || is_number_or_float(right->type)) diagnostic.help = kNumberOfText;
    return typed::poison(span);
  }
  ExprPtr a = text_value(std::move(left), ast::spelling(op));
  ExprPtr b = text_value(std::move(right), ast::spelling(op));
  return make_expr(bool_type(), span, typed::Binary{comparison(op).typed, std::move(a), std::move(b), {}});
}

}  // namespace hawk
