// Operators (census 1.12): arithmetic, comparison, logic, conditionals.
#include <algorithm>

#include "semantics/checker.h"
#include "semantics/fold.h"
#include "support/check.h"

namespace hawk {

using typed::make_expr;

namespace {

bool is_comparison(ast::BinaryOp op) { return op >= ast::BinaryOp::kLess && op <= ast::BinaryOp::kNotEqual; }

typed::BinaryOp typed_op(ast::BinaryOp op) {
  switch (op) {
    case ast::BinaryOp::kMultiply: return typed::BinaryOp::kMultiply;
    case ast::BinaryOp::kDivide: return typed::BinaryOp::kDivide;
    case ast::BinaryOp::kModulo: return typed::BinaryOp::kModulo;
    case ast::BinaryOp::kAdd: return typed::BinaryOp::kAdd;
    case ast::BinaryOp::kSubtract: return typed::BinaryOp::kSubtract;
    case ast::BinaryOp::kShiftLeft: return typed::BinaryOp::kShiftLeft;
    case ast::BinaryOp::kShiftRight: return typed::BinaryOp::kShiftRight;
    case ast::BinaryOp::kLess: return typed::BinaryOp::kLess;
    case ast::BinaryOp::kGreater: return typed::BinaryOp::kGreater;
    case ast::BinaryOp::kLessEqual: return typed::BinaryOp::kLessEqual;
    case ast::BinaryOp::kGreaterEqual: return typed::BinaryOp::kGreaterEqual;
    case ast::BinaryOp::kEqual: return typed::BinaryOp::kEqual;
    case ast::BinaryOp::kNotEqual: return typed::BinaryOp::kNotEqual;
    case ast::BinaryOp::kBitAnd: return typed::BinaryOp::kBitAnd;
    case ast::BinaryOp::kBitXor: return typed::BinaryOp::kBitXor;
    case ast::BinaryOp::kBitOr: return typed::BinaryOp::kBitOr;
    case ast::BinaryOp::kAnd:
    case ast::BinaryOp::kOr:
    case ast::BinaryOp::kIn:
    case ast::BinaryOp::kMatches:
    case ast::BinaryOp::kMatchesNot: break;
  }
  HAWK_UNREACHABLE("logical operators and matches have their own nodes");
}

std::optional<Folded> literal_int(const typed::Expr& expr) {
  const auto* constant = typed::node_as<typed::Constant>(expr);
  if (constant == nullptr || !expr.literal || !(is_integer(expr.type) || expr.type.kind == TypeKind::kBool))
    return std::nullopt;
  return Folded{constant->value, !expr.type.is_signed && expr.type.size == 8};
}

bool is_negative_literal(const typed::Expr& expr) {
  auto folded = literal_int(expr);
  return folded && !folded->is_unsigned && static_cast<std::int64_t>(folded->value) < 0;
}

bool is_shift(ast::BinaryOp op) { return op == ast::BinaryOp::kShiftLeft || op == ast::BinaryOp::kShiftRight; }

// A non-negative literal takes the sign of what it meets.
bool counts_as_unsigned(const typed::Expr& expr, const typed::Expr& other) {
  if (expr.literal && !is_negative_literal(expr)) return !other.type.is_signed;
  return !expr.type.is_signed;
}

bool both_unsigned(const typed::Expr& left, const typed::Expr& right) {
  return counts_as_unsigned(left, right) && counts_as_unsigned(right, left);
}

typed::ExprPtr literal_from(Folded folded, Span span) {
  bool negative = !folded.is_unsigned && static_cast<std::int64_t>(folded.value) < 0;
  return typed::int_literal(negative ? 0 - folded.value : folded.value, negative, span);
}

}  // namespace

// --- unary --------------------------------------------------------------------------------------

Checker::ExprPtr Checker::check_unary(const ast::Unary& unary, Span span) {
  switch (unary.op) {
    case ast::UnaryOp::kPreIncrement:
    case ast::UnaryOp::kPreDecrement:
    case ast::UnaryOp::kPostIncrement:
    case ast::UnaryOp::kPostDecrement: return check_step(unary, span);
    case ast::UnaryOp::kDereference: return check_dereference(unary, span);
    case ast::UnaryOp::kAddressOf: return check_address_of(unary, span);
    case ast::UnaryOp::kNot: return check_not(check_plain(*unary.operand), span);
    case ast::UnaryOp::kNegate:
    case ast::UnaryOp::kPlus:
    case ast::UnaryOp::kBitNot: break;
  }
  // -9223372036854775808 is one literal.
  if (const auto* literal = std::get_if<ast::IntegerLiteral>(&unary.operand->node);
      literal != nullptr && unary.op == ast::UnaryOp::kNegate) {
    if (literal->value > std::uint64_t{1} << 63) return refuse(Diag::UnableToFold, span);
    return typed::int_literal(literal->value, literal->value != 0, span);
  }
  ExprPtr operand = check_plain(*unary.operand);
  if (operand->type.kind == TypeKind::kFloat && unary.op != ast::UnaryOp::kBitNot) {
    return unary.op == ast::UnaryOp::kPlus ? std::move(operand) : negate_float(std::move(operand), span);
  }
  operand = as_int(std::move(operand), unary.operand->span, ast::spelling(unary.op));
  if (is_poison(*operand) || unary.op == ast::UnaryOp::kPlus) return operand;
  bool negate = unary.op == ast::UnaryOp::kNegate;
  if (auto folded = literal_int(*operand)) {
    if (!negate) return literal_from({~folded->value, true}, span);
    auto result = fold_arithmetic(ast::BinaryOp::kSubtract, {0, false}, *folded);
    return result ? literal_from(*result, span) : refuse(Diag::UnableToFold, span);
  }
  // An unsigned operand gives its own type, as bpftrace's values show; all else is computed in 64 bits, signed.
  bool is_unsigned = operand->type.kind == TypeKind::kInt && !operand->type.is_signed;
  bool aggregated = typed::node_as<typed::ReadAggregation>(*operand) != nullptr;
  Type result = is_unsigned && !aggregated ? operand->type : int_type(8, true);
  Type word = int_type(8, result.is_signed);
  ExprPtr wide = typed::to_int64(std::move(operand), word.is_signed);
  typed::UnaryOp op = negate ? typed::UnaryOp::kNegate : typed::UnaryOp::kBitNot;
  return typed::convert(make_expr(word, span, typed::Unary{op, std::move(wide)}), result);
}

Checker::ExprPtr Checker::check_not(ExprPtr operand, Span span) {
  if (is_poison(*operand)) return operand;
  bool has_truth = is_number(operand->type) || needs_host(operand->type);
  if (!has_truth) return refuse(Diag::IntegerExpected, span, "!", type_name(operand->type));
  if (auto number = typed::constant_float(*operand); number && operand->literal)
    return typed::bool_literal(*number == 0, span);
  return make_expr(bool_type(), span, typed::Unary{typed::UnaryOp::kNot, truth(std::move(operand))});
}

Checker::ExprPtr Checker::check_step(const ast::Unary& unary, Span span) {
  if (const auto* map = std::get_if<ast::MapAccess>(&unary.operand->node)) return step_map(*map, unary, span);
  const auto* variable = std::get_if<ast::Variable>(&unary.operand->node);
  if (variable == nullptr) return step_part(unary, span);
  return step_variable(*variable, unary, span);
}

Checker::ExprPtr Checker::refuse_step(ast::UnaryOp op, const Type& type, Span span) {
  auto& diagnostic = report(Diag::StepOnType, span, ast::spelling(op), type_name(type));
  if (is_float(type)) diagnostic.help = is_decrement(op) ? "write -= 1" : "write += 1";
  return typed::poison(span);
}

Checker::ExprPtr Checker::step_map(const ast::MapAccess& access, const ast::Unary& unary, Span span) {
  MapUse use = use_map(access, span);
  if (use.info == nullptr) return typed::poison(span);
  if (use.info->aggregation)
    return refuse(Diag::StepOnAggregation, span, access.name, type_name(*use.info->aggregation));
  Type now = use.info->value.type();
  if (now.kind == TypeKind::kPointer) {
    std::uint64_t step = std::max<std::uint64_t>(types_.complete(*now.element).size, 1);
    ExprPtr bytes = typed::constant(int_type(8, true), is_decrement(unary.op) ? 0 - step : step, span);
    return make_expr(now, span,
                     typed::AddToMap{use.id, std::move(use.key), std::move(bytes), is_prefix(unary.op),
                                     map_full_event(use.id, span)});
  }
  if (!use.info->value.step(is_decrement(unary.op))) return refuse_step(unary.op, now, span);
  use.info->assigned = true;
  Type value = map_value_type(*use.info);
  if (value.kind == TypeKind::kError || value.size != 8)
    return typed::poison(span);  // widened: settled in the next walk
  ExprPtr delta = typed::constant(int_type(8, true), is_decrement(unary.op) ? ~std::uint64_t{0} : 1, span);
  return make_expr(
      value, span,
      typed::AddToMap{use.id, std::move(use.key), std::move(delta), is_prefix(unary.op), map_full_event(use.id, span)});
}

Checker::ExprPtr Checker::step_variable(const ast::Variable& variable, const ast::Unary& unary, Span span) {
  ExprPtr read = check_variable(variable, span);
  if (is_poison(*read)) return read;
  ClauseState::Variable* found = find_variable(variable.name);
  std::uint64_t step = 1;
  if (read->type.kind == TypeKind::kPointer) {
    step = std::max<std::uint64_t>(types_.complete(*read->type.element).size, 1);
  } else if (!is_integer(read->type)) {
    return refuse_step(unary.op, read->type, span);
  } else if (!found->type->fixed()) {
    (void)found->type->step(is_decrement(unary.op));
    if (found->type->type().size != 8) return typed::poison(span);
  }
  Type type = found->type->type();
  ExprPtr delta = typed::constant(int_type(8, true), is_decrement(unary.op) ? 0 - step : step, span);
  if (type.size == 8) {
    return make_expr(type, span, typed::AddToVariable{found->id, std::move(delta), is_prefix(unary.op)});
  }
  // A declared narrower type: read, add, cut.
  ExprPtr sum = make_expr(
      int_type(8, type.is_signed), span,
      typed::Binary{typed::BinaryOp::kAdd, typed::to_int64(std::move(read), type.is_signed), std::move(delta), {}});
  typed::Block block;
  typed::VariableId old_value = add_temporary(type);
  block.statements.push_back(
      typed::make_stmt(span, typed::SetVariable{old_value, make_expr(type, span, typed::ReadVariable{found->id})}));
  block.statements.push_back(
      typed::make_stmt(span, typed::SetVariable{found->id, typed::convert(std::move(sum), type)}));
  typed::VariableId result = is_prefix(unary.op) ? found->id : old_value;
  return make_expr(type, span, typed::BlockExpr{std::move(block), make_expr(type, span, typed::ReadVariable{result})});
}

// --- binary -------------------------------------------------------------------------------------

Checker::ExprPtr Checker::check_binary(const ast::Binary& binary, Span span) {
  if (binary.op == ast::BinaryOp::kAnd || binary.op == ast::BinaryOp::kOr) {
    bool is_and = binary.op == ast::BinaryOp::kAnd;
    ExprPtr left = check_condition(*binary.left);
    ExprPtr right = check_condition(*binary.right);
    if (is_poison(*left) || is_poison(*right)) return typed::poison(span);
    auto known_left = literal_int(*left);
    auto known_right = literal_int(*right);
    if (known_left && known_right) {
      bool a = known_left->value != 0;
      bool b = known_right->value != 0;
      return typed::bool_literal(is_and ? a && b : a || b, span);
    }
    return make_expr(bool_type(), span, typed::Logical{is_and, std::move(left), std::move(right)});
  }
  if (binary.op == ast::BinaryOp::kIn) return check_in(binary, span);
  if (binary.op == ast::BinaryOp::kMatches || binary.op == ast::BinaryOp::kMatchesNot)
    return check_matches(binary, span);
  ExprPtr left = check_plain(*binary.left);
  ExprPtr right = check_plain(*binary.right);
  return combine(binary.op, std::move(left), std::move(right), span);
}

Checker::ExprPtr Checker::check_in(const ast::Binary& binary, Span span) {
  MapUse use = keyed_map(*binary.right, *binary.left, "in");
  if (use.info == nullptr) return typed::poison(span);
  return make_expr(bool_type(), span, typed::HasKey{use.id, std::move(use.key)});
}

Checker::ExprPtr Checker::combine(ast::BinaryOp op, ExprPtr left, ExprPtr right, Span span) {
  if (is_poison(*left) || is_poison(*right)) {
    if (is_comparison(op) && !diagnostics_->has_errors()) return typed::constant(bool_type(), 0, span);
    return known_one(std::move(left), std::move(right), span);
  }
  if (is_comparison(op)) return compare(op, std::move(left), std::move(right), span);
  if (is_text(left->type) || is_text(right->type)) return text_arithmetic(op, std::move(left), std::move(right), span);
  if (is_float(left->type) || is_float(right->type))
    return float_arithmetic(op, std::move(left), std::move(right), span);
  bool left_string = left->type.kind == TypeKind::kString;
  if (op == ast::BinaryOp::kAdd && left_string) return add_strings(std::move(left), std::move(right), span);
  if (left->type.kind == TypeKind::kPointer || right->type.kind == TypeKind::kPointer) {
    return pointer_arithmetic(op, std::move(left), std::move(right), span);
  }
  if (is_number(left->type) && is_number(right->type)) return arithmetic(op, std::move(left), std::move(right), span);
  return refuse(Diag::OperandMismatch, span, ast::spelling(op), type_name(left->type), type_name(right->type));
}

// Of two operands, one of which is poison, the other one stands for both in this walk if no error is behind it: the
// type of a map is not known yet, and may be learned from what is assigned here (`@x = @x + 1.5`).
Checker::ExprPtr Checker::known_one(ExprPtr left, ExprPtr right, Span span) {
  ExprPtr known = is_poison(*left) ? std::move(right) : std::move(left);
  bool guess = !diagnostics_->has_errors() && !is_poison(*known) && known->type.kind != TypeKind::kNone;
  return guess ? std::move(known) : typed::poison(span);
}

// `/`, `%` and `>>` of signed operands: exact if the script asks for it, else as bpftrace has it.
typed::BinaryOp Checker::signed_op(ast::BinaryOp op, const typed::Expr& left, Span span) {
  bool depends = op == ast::BinaryOp::kDivide || op == ast::BinaryOp::kModulo ||
                 (op == ast::BinaryOp::kShiftRight && left.type.is_signed && !left.literal);
  if (!depends) return typed_op(op);
  if (config_.signed_arithmetic) {
    if (op == ast::BinaryOp::kShiftRight) return typed::BinaryOp::kSignedShiftRight;
    return op == ast::BinaryOp::kDivide ? typed::BinaryOp::kSignedDivide : typed::BinaryOp::kSignedModulo;
  }
  if (!warned_of_signs_) {
    warned_of_signs_ = true;
    report(Diag::SignedOperands, span, ast::spelling(op)).help =
        "compute exactly: config = { signed_arithmetic = true }";
  }
  return typed_op(op);
}

Checker::ExprPtr Checker::arithmetic(ast::BinaryOp op, ExprPtr left, ExprPtr right, Span span) {
  bool divides = op == ast::BinaryOp::kDivide || op == ast::BinaryOp::kModulo;
  auto known_left = literal_int(*left);
  auto known_right = literal_int(*right);
  if (known_left && known_right) {
    auto result = fold_arithmetic(op, *known_left, *known_right);
    if (result) return literal_from(*result, span);
    return refuse(divides && known_right->value == 0 ? Diag::DivisionByZero : Diag::UnableToFold, span);
  }
  bool is_unsigned = both_unsigned(*left, *right) && op != ast::BinaryOp::kSubtract;
  bool exact_shift = config_.signed_arithmetic && is_shift(op);
  if (exact_shift) is_unsigned = counts_as_unsigned(*left, *right);
  typed::BinaryOp operation = is_unsigned ? typed_op(op) : signed_op(op, *left, span);
  std::optional<typed::EventId> zero_event;
  if (divides && (!known_right || known_right->value == 0))
    zero_event = runtime_error(
        "Divide or modulo by 0 detected. This can lead to unexpected results. 1 is being used as the result.", span);
  Type type = int_type(8, !is_unsigned);
  ExprPtr a = typed::to_int64(std::move(left), !is_unsigned);
  ExprPtr b = typed::to_int64(std::move(right), !is_unsigned);
  return make_expr(type, span, typed::Binary{operation, std::move(a), std::move(b), zero_event});
}

Checker::ExprPtr Checker::pointer_arithmetic(ast::BinaryOp op, ExprPtr left, ExprPtr right, Span span) {
  bool swapped = op == ast::BinaryOp::kAdd && right->type.kind == TypeKind::kPointer && is_number(left->type);
  if (swapped) std::swap(left, right);
  bool fits = (op == ast::BinaryOp::kAdd || op == ast::BinaryOp::kSubtract) && left->type.kind == TypeKind::kPointer &&
              is_number(right->type);
  if (!fits)
    return refuse(Diag::OperandMismatch, span, ast::spelling(op), type_name(left->type), type_name(right->type));
  Type pointer = left->type;
  std::uint64_t size = std::max<std::uint64_t>(types_.complete(*pointer.element).size, 1);
  Type word = int_type(8, true);
  ExprPtr scaled = make_expr(
      word, span,
      typed::Binary{
          typed::BinaryOp::kMultiply, typed::to_int64(std::move(right), true), typed::constant(word, size, span), {}});
  ExprPtr sum =
      make_expr(word, span, typed::Binary{typed_op(op), typed::convert(std::move(left), word), std::move(scaled), {}});
  return typed::convert(std::move(sum), pointer);
}

Checker::ExprPtr Checker::add_strings(ExprPtr left, ExprPtr right, Span span) {
  const std::string* text = typed::constant_string(*left);
  const std::string* more = typed::constant_string(*right);
  if (text != nullptr && more != nullptr) return typed::string_literal(*text + *more, span);
  auto offset = literal_int(*right);
  if (text != nullptr && offset) {
    if (offset->value > text->size()) return typed::string_literal("", span);
    if (offset->value == text->size()) report(Diag::EmptyLiteral, span);
    return typed::string_literal(text->substr(offset->value), span);
  }
  if (right->type.kind != TypeKind::kString) {
    auto& diagnostic = report(Diag::StringAddition, span, type_name(left->type), type_name(right->type));
    if (is_number(right->type)) diagnostic.help = "write sprintf(\"%s%d\", a, b)";
    return typed::poison(span);
  }
  std::uint64_t capacity = std::max<std::uint64_t>(std::uint64_t{left->type.size} + right->type.size, 2) - 1;
  typed::Call call{Builtin::kStrConcat, {}};
  call.arguments.push_back(std::move(left));
  call.arguments.push_back(std::move(right));
  return make_expr(string_type(grown_capacity(span, capacity)), span, std::move(call));
}

// args.filename == "x": the pointer is compared, where its text is meant.
std::string Checker::pointed_text_help(ast::BinaryOp op, const typed::Expr& left, const typed::Expr& right) const {
  auto points = [](const Type& type) {
    return type.kind == TypeKind::kPointer && type.element && type.element->kind == TypeKind::kInt &&
           type.element->size == 1;
  };
  bool first = points(left.type);
  const typed::Expr& pointer = first ? left : right;
  const typed::Expr& text = first ? right : left;
  if (!points(pointer.type) || text.type.kind != TypeKind::kString) return "";
  std::string call = fmt::format("str({})", source_text(pointer.span));
  std::string other = source_text(text.span);
  return fmt::format("compare the text that it points to: {} {} {}", first ? call : other, ast::spelling(op),
                     first ? other : call);
}

Checker::ExprPtr Checker::compare(ast::BinaryOp op, ExprPtr left, ExprPtr right, Span span) {
  bool equality = op == ast::BinaryOp::kEqual || op == ast::BinaryOp::kNotEqual;
  bool strings = left->type.kind == TypeKind::kString && right->type.kind == TypeKind::kString;
  if (strings) return compare_strings(op, std::move(left), std::move(right), span);
  if (is_text(left->type) || is_text(right->type)) return compare_texts(op, std::move(left), std::move(right), span);
  if (is_float(left->type) || is_float(right->type)) return compare_floats(op, std::move(left), std::move(right), span);
  bool left_scalar = is_scalar(left->type);
  bool right_scalar = is_scalar(right->type);
  if (left_scalar && right_scalar) return compare_scalars(op, std::move(left), std::move(right), span);
  TypeKind kind = left->type.kind;
  bool comparable = kind == TypeKind::kTuple || kind == TypeKind::kRecord || kind == TypeKind::kArray ||
                    kind == TypeKind::kInet || kind == TypeKind::kMacAddress || kind == TypeKind::kStruct;
  auto common = common_type(left->type, right->type);
  if (equality && !common && kind == TypeKind::kTuple && right->type.kind == kind) {
    return unequal_tuples(op == ast::BinaryOp::kNotEqual, std::move(left), std::move(right), span);
  }
  if (!equality || !comparable || !common) {
    report(Diag::ComparisonMismatch, span, ast::spelling(op), type_name(left->type), type_name(right->type)).help =
        pointed_text_help(op, *left, *right);
    return typed::poison(span);
  }
  if (kind == TypeKind::kStruct || kind == TypeKind::kArray) {
    return compare_parts(op == ast::BinaryOp::kNotEqual, {std::move(left), std::move(right), std::move(*common)}, span);
  }
  ExprPtr a = typed::convert(std::move(left), *common);
  ExprPtr b = typed::convert(std::move(right), *common);
  return make_expr(bool_type(), span, typed::CompareBytes{std::move(a), std::move(b), op == ast::BinaryOp::kNotEqual});
}

Checker::ExprPtr Checker::compare_strings(ast::BinaryOp op, ExprPtr left, ExprPtr right, Span span) {
  const std::string* a = typed::constant_string(*left);
  const std::string* b = typed::constant_string(*right);
  if (a != nullptr && b != nullptr) {
    int order = a->compare(*b);
    return typed::bool_literal(fold_comparison(op, {static_cast<std::uint64_t>(order), false}, {0, false}), span);
  }
  if (op != ast::BinaryOp::kEqual && op != ast::BinaryOp::kNotEqual) {
    Type common = string_type((std::max(left->type.size, right->type.size) + 7) / 8 * 8);
    typed::Call call{Builtin::kStringOrder, {}};
    call.arguments.push_back(typed::convert(std::move(left), common));
    call.arguments.push_back(typed::convert(std::move(right), common));
    Type word = int_type(8, true);
    ExprPtr order = make_expr(word, span, std::move(call));
    return make_expr(bool_type(), span,
                     typed::Binary{typed_op(op), std::move(order), typed::constant(word, 0, span), {}});
  }
  std::uint32_t limit = std::min(left->type.size, right->type.size);
  return make_expr(bool_type(), span,
                   typed::CompareStrings{std::move(left), std::move(right), limit, op == ast::BinaryOp::kNotEqual});
}

Checker::ExprPtr Checker::compare_scalars(ast::BinaryOp op, ExprPtr left, ExprPtr right, Span span) {
  auto known_left = literal_int(*left);
  auto known_right = literal_int(*right);
  if (known_left && known_right) return typed::bool_literal(fold_comparison(op, *known_left, *known_right), span);
  bool pointers = left->type.kind == TypeKind::kPointer || right->type.kind == TypeKind::kPointer;
  bool is_unsigned = pointers || both_unsigned(*left, *right);
  ExprPtr a = typed::to_int64(std::move(left), !is_unsigned);
  ExprPtr b = typed::to_int64(std::move(right), !is_unsigned);
  return make_expr(bool_type(), span, typed::Binary{typed_op(op), std::move(a), std::move(b), {}});
}

// --- conditionals -------------------------------------------------------------------------------

Checker::ExprPtr Checker::check_conditional(const ast::Conditional& node, Span span) {
  if (!node.then) return check_elvis(node, span);
  ExprPtr condition = check_condition(*node.condition);
  ExprPtr then = check_expr(*node.then);
  ExprPtr otherwise = check_expr(*node.otherwise);
  return conditional(std::move(condition), std::move(then), std::move(otherwise), span);
}

// `a ?: b`: a is computed once.
Checker::ExprPtr Checker::check_elvis(const ast::Conditional& node, Span span) {
  ExprPtr value = check_plain(*node.condition);
  ExprPtr otherwise = check_expr(*node.otherwise);
  if (is_poison(*value)) return conditional(typed::poison(span), std::move(value), std::move(otherwise), span);
  if (value->literal)
    return conditional(check_condition(*node.condition), std::move(value), std::move(otherwise), span);
  Type type = value->type;
  typed::VariableId once = add_temporary(type);
  typed::BlockExpr result;
  result.block.statements.push_back(typed::make_stmt(span, typed::SetVariable{once, std::move(value)}));
  auto read = [&] { return make_expr(type, node.condition->span, typed::ReadVariable{once}); };
  ExprPtr chosen = conditional(truth(read()), read(), std::move(otherwise), span);
  if (is_poison(*chosen)) return chosen;
  Type common = chosen->type;
  result.tail = std::move(chosen);
  return make_expr(common, span, std::move(result));
}

Checker::ExprPtr Checker::conditional(ExprPtr condition, ExprPtr then, ExprPtr otherwise, Span span) {
  then = plain(std::move(then));
  otherwise = plain(std::move(otherwise));
  if (is_poison(*then) || is_poison(*otherwise)) return known_one(std::move(then), std::move(otherwise), span);
  if (is_poison(*condition)) return known_one(std::move(then), std::move(condition), span);
  bool no_value = then->type.kind == TypeKind::kNone && otherwise->type.kind == TypeKind::kNone;
  std::optional<Type> common = no_value ? std::optional(none_type()) : common_type(then->type, otherwise->type);
  if (!common || (!no_value && common->kind == TypeKind::kNone)) {
    return refuse(Diag::BranchMismatch, span, type_name(then->type), type_name(otherwise->type));
  }
  if (auto known = literal_int(*condition))
    return typed::convert(known->value != 0 ? std::move(then) : std::move(otherwise), *common);
  ExprPtr a = typed::convert(std::move(then), *common);
  ExprPtr b = typed::convert(std::move(otherwise), *common);
  return make_expr(*common, span, typed::Conditional{std::move(condition), std::move(a), std::move(b)});
}

Checker::ExprPtr Checker::check_if_expr(const ast::IfExpr& node, Span span) {
  if (node.comptime) {
    auto condition = check_constant(*node.condition);
    if (!condition) return refuse(Diag::NotConstant, node.condition->span);
    if (*condition != 0) return check_block_expr(node.then, span);
    return node.otherwise ? check_block_expr(*node.otherwise, span) : typed::nothing(span);
  }
  ExprPtr condition = check_condition(*node.condition);
  ExprPtr then = check_block_expr(node.then, span);
  ExprPtr otherwise = node.otherwise ? check_block_expr(*node.otherwise, span) : typed::nothing(span);
  return conditional(std::move(condition), std::move(then), std::move(otherwise), span);
}

}  // namespace hawk
