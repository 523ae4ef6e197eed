// Arithmetic, comparison, logic and conversion of scalars, computed in the kernel.
#include "codegen_fixture.h"

namespace hawk::test {

using typed::BinaryOp;

namespace {

struct BinaryRow {
  const char* name;
  BinaryOp op;
  std::int64_t left;
  std::int64_t right;
  std::int64_t expected;
  bool is_signed = true;
};

const BinaryRow kBinaryRows[] = {
    {"add", BinaryOp::kAdd, 40, 2, 42},
    {"subtract", BinaryOp::kSubtract, 2, 40, -38},
    {"multiply", BinaryOp::kMultiply, -6, 7, -42},
    {"divide", BinaryOp::kDivide, 43, 5, 8},
    {"divide is unsigned", BinaryOp::kDivide, -8, 2, 0x7ffffffffffffffc},
    {"divide by zero", BinaryOp::kDivide, 43, 0, 1},
    {"modulo", BinaryOp::kModulo, 43, 5, 3},
    {"modulo by zero", BinaryOp::kModulo, 43, 0, 1},
    {"and", BinaryOp::kBitAnd, 12, 10, 8},
    {"or", BinaryOp::kBitOr, 12, 10, 14},
    {"xor", BinaryOp::kBitXor, 12, 10, 6},
    {"shift left", BinaryOp::kShiftLeft, 1, 40, 1LL << 40},
    {"shift left modulo 64", BinaryOp::kShiftLeft, 1, 65, 2},
    {"shift right is logical", BinaryOp::kShiftRight, -1, 60, 15},
    {"signed divide", BinaryOp::kSignedDivide, -43, 5, -8},
    {"signed divide by less than zero", BinaryOp::kSignedDivide, 43, -5, -8},
    {"signed divide wraps around", BinaryOp::kSignedDivide, INT64_MIN, -1, INT64_MIN},
    {"signed divide by zero", BinaryOp::kSignedDivide, -43, 0, 1},
    {"signed modulo", BinaryOp::kSignedModulo, -43, 5, -3},
    {"signed modulo by less than zero", BinaryOp::kSignedModulo, 43, -5, 3},
    {"signed modulo of the least number", BinaryOp::kSignedModulo, INT64_MIN, -1, 0},
    {"signed shift right", BinaryOp::kSignedShiftRight, -43, 3, -6},
    {"signed shift right modulo 64", BinaryOp::kSignedShiftRight, -43, 67, -6},
    {"equal", BinaryOp::kEqual, 5, 5, 1},
    {"not equal", BinaryOp::kNotEqual, 5, 5, 0},
    {"less", BinaryOp::kLess, -1, 1, 1},
    {"less unsigned", BinaryOp::kLess, -1, 1, 0, false},
    {"less or equal", BinaryOp::kLessEqual, 1, 1, 1},
    {"less or equal unsigned", BinaryOp::kLessEqual, -1, 1, 0, false},
    {"greater", BinaryOp::kGreater, -1, 1, 0},
    {"greater unsigned", BinaryOp::kGreater, -1, 1, 1, false},
    {"greater or equal", BinaryOp::kGreaterEqual, 1, 2, 0},
    {"greater or equal unsigned", BinaryOp::kGreaterEqual, -1, 2, 1, false},
};

}  // namespace

TEST(CodegenScalar, BinaryOperators) {
  HAWK_NEEDS_BPF();
  Program p;
  auto results = p.add_map(kInt64, kInt64);
  std::int64_t key = 0;
  for (const BinaryRow& row : kBinaryRows) {
    Type type = int_type(8, row.is_signed);
    ExprPtr result = binary(row.op, unknown(row.left, type), unknown(row.right, type));
    p.add(set_map(results, number(key++), convert(std::move(result), kInt64)));
  }
  auto loaded = load(p);
  ASSERT_NE(loaded, nullptr);
  loaded->run();
  key = 0;
  for (const BinaryRow& row : kBinaryRows) EXPECT_EQ(loaded->integer(results, key++), row.expected) << row.name;
}

// Constants too: for LLVM a shift by the width of the number has no value at all.
TEST(CodegenScalar, ShiftCountsAreTakenModulo64) {
  HAWK_NEEDS_BPF();
  EXPECT_EQ(evaluate(binary(BinaryOp::kShiftLeft, number(3), number(65))), 6);
  EXPECT_EQ(evaluate(binary(BinaryOp::kShiftRight, number(12), number(66))), 3);
}

TEST(CodegenScalar, UnaryOperators) {
  HAWK_NEEDS_BPF();
  EXPECT_EQ(evaluate(expr(kInt64, typed::Unary{typed::UnaryOp::kNegate, unknown(5)})), -5);
  EXPECT_EQ(evaluate(expr(kInt64, typed::Unary{typed::UnaryOp::kBitNot, unknown(10)})), -11);
  EXPECT_EQ(evaluate(expr(bool_type(), typed::Unary{typed::UnaryOp::kNot, convert(unknown(10), bool_type())})), 0);
  EXPECT_EQ(evaluate(expr(bool_type(), typed::Unary{typed::UnaryOp::kNot, convert(unknown(0), bool_type())})), 1);
}

TEST(CodegenScalar, Conversions) {
  HAWK_NEEDS_BPF();
  EXPECT_EQ(evaluate(convert(unknown(300), int_type(1, false))), 44);
  EXPECT_EQ(evaluate(convert(unknown(200), int_type(1, true))), -56);
  EXPECT_EQ(evaluate(convert(unknown(-1), int_type(4, false))), 0xffffffff);
  EXPECT_EQ(evaluate(convert(convert(unknown(-2), int_type(2, true)), int_type(8, false))), -2);
  EXPECT_EQ(evaluate(convert(unknown(256), bool_type())), 1);
  EXPECT_EQ(evaluate(convert(unknown(5), pointer_type(kInt64, AddressSpace::kKernel))), 5);
}

// A zero divisor says so in an event; the value is 1.
TEST(CodegenScalar, DivisionByZeroEmitsItsEvent) {
  HAWK_NEEDS_BPF();
  Program p;
  auto event = p.add_event(EventKind::kRuntimeError, {});
  auto result = p.add_scalar(kInt64);
  for (std::int64_t divisor : {0, 4}) {
    ExprPtr quotient = expr(kInt64, typed::Binary{BinaryOp::kDivide, unknown(8), unknown(divisor), event});
    p.add(stmt(
        typed::Evaluate{expr(kInt64, typed::AddToMap{result, nullptr, std::move(quotient), false, std::nullopt})}));
  }
  auto loaded = load(p);
  ASSERT_NE(loaded, nullptr);
  loaded->run();
  EXPECT_EQ(loaded->scalar(result), 1 + 2);
  EXPECT_EQ(loaded->events().size(), 1U);
}

namespace {

// { $v = $v + 1; condition }: counts how often it is evaluated.
ExprPtr counted(typed::VariableId counter, ExprPtr condition) {
  ExprPtr add = expr(kInt64, typed::AddToVariable{counter, number(1), true});
  return expr(bool_type(), typed::BlockExpr{block(stmt(typed::Evaluate{std::move(add)})), std::move(condition)});
}

}  // namespace

TEST(CodegenScalar, LogicalOperatorsStopEarly) {
  HAWK_NEEDS_BPF();
  Program p;
  auto counter = p.add_variable(kInt64);
  auto results = p.add_map(kInt64, kInt64);
  std::int64_t key = 0;
  for (bool is_and : {true, false}) {
    for (int left : {0, 1}) {
      ExprPtr right = counted(counter, convert(unknown(1), bool_type()));
      ExprPtr logical =
          expr(bool_type(), typed::Logical{is_and, convert(unknown(left), bool_type()), std::move(right)});
      p.add(set_map(results, number(key++), convert(std::move(logical), kInt64)));
    }
  }
  p.add(set_map(results, number(key), variable(counter)));
  auto loaded = load(p);
  ASSERT_NE(loaded, nullptr);
  loaded->run();
  EXPECT_EQ(loaded->integer(results, 0), 0);  // 0 && counted
  EXPECT_EQ(loaded->integer(results, 1), 1);  // 1 && counted
  EXPECT_EQ(loaded->integer(results, 2), 1);  // 0 || counted
  EXPECT_EQ(loaded->integer(results, 3), 1);  // 1 || counted
  EXPECT_EQ(loaded->integer(results, 4), 2);
}

TEST(CodegenScalar, ConditionalChoosesOne) {
  HAWK_NEEDS_BPF();
  for (int condition : {0, 1}) {
    ExprPtr chosen =
        expr(kInt64, typed::Conditional{convert(unknown(condition), bool_type()), unknown(10), unknown(20)});
    EXPECT_EQ(evaluate(std::move(chosen)), condition != 0 ? 10 : 20);
    ExprPtr words = expr(string_type(8),
                         typed::Conditional{convert(unknown(condition), bool_type()), text("yes", 8), text("no", 8)});
    EXPECT_EQ(string_at(evaluate_bytes(std::move(words))), condition != 0 ? "yes" : "no");
  }
}

TEST(CodegenScalar, VariablesAddBeforeAndAfter) {
  HAWK_NEEDS_BPF();
  Program p;
  auto v = p.add_variable(kInt64);
  auto results = p.add_map(kInt64, kInt64);
  p.add(set_variable(v, unknown(5)));
  p.add(set_map(results, number(0), expr(kInt64, typed::AddToVariable{v, number(2), false})));
  p.add(set_map(results, number(1), expr(kInt64, typed::AddToVariable{v, number(2), true})));
  p.add(set_map(results, number(2), variable(v)));
  auto loaded = load(p);
  ASSERT_NE(loaded, nullptr);
  loaded->run();
  EXPECT_EQ(loaded->integer(results, 0), 5);
  EXPECT_EQ(loaded->integer(results, 1), 9);
  EXPECT_EQ(loaded->integer(results, 2), 9);
}

}  // namespace hawk::test
