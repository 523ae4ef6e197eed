// Parts of values, reads at addresses, values built from parts, and values too large for the stack.
#include "codegen_fixture.h"

namespace hawk::test {

namespace {

ExprPtr member(ExprPtr base, std::uint32_t offset, Type type, std::uint8_t bit_offset = 0, std::uint8_t bit_width = 0) {
  return expr(std::move(type), typed::Member{std::move(base), offset, bit_offset, bit_width});
}

ExprPtr pack(Type type, std::vector<typed::PackPart> parts) {
  return expr(std::move(type), typed::Pack{std::move(parts)});
}

template <class... Parts>
std::vector<typed::PackPart> parts(Parts... each) {
  std::vector<typed::PackPart> result;
  (result.push_back(std::move(each)), ...);
  return result;
}

ExprPtr address_of(const void* data) {
  return number(static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(data)), kUint64);
}

ExprPtr load_at(ExprPtr address, AddressSpace space, Type type, std::uint8_t bit_offset = 0,
                std::uint8_t bit_width = 0) {
  return expr(std::move(type), typed::Load{std::move(address), space, bit_offset, bit_width});
}

}  // namespace

TEST(CodegenMemory, PackHasZeroPaddingAndMembersAreFoundAgain) {
  HAWK_NEEDS_BPF();
  Type tuple = tuple_type({int_type(1, true), kInt64, string_type(3), int_type(2, false)});
  auto make = [&] {
    return pack(tuple, parts(typed::PackPart{0, convert(unknown(-2), int_type(1, true))},
                             typed::PackPart{8, unknown(77)}, typed::PackPart{16, text("ab", 3)},
                             typed::PackPart{20, convert(unknown(999), int_type(2, false))}));
  };
  std::vector<std::uint8_t> bytes = evaluate_bytes(make());
  ASSERT_EQ(bytes.size(), 24U);
  EXPECT_EQ(at<std::uint64_t>(bytes), 0xfeU);
  EXPECT_EQ(at<std::int64_t>(bytes, 8), 77);
  EXPECT_EQ(at<std::uint64_t>(bytes, 16), 0x6261U + (999ULL << 32));
  EXPECT_EQ(evaluate(member(make(), 0, int_type(1, true))), -2);
  EXPECT_EQ(evaluate(member(make(), 20, int_type(2, false))), 999);
  EXPECT_EQ(string_at(evaluate_bytes(member(make(), 16, string_type(3)))), "ab");
}

TEST(CodegenMemory, BitFields) {
  HAWK_NEEDS_BPF();
  Type tuple = tuple_type({int_type(4, false)});
  auto make = [&] { return pack(tuple, parts(typed::PackPart{0, convert(unknown(0xa5c3), int_type(4, false))})); };
  EXPECT_EQ(evaluate(member(make(), 0, int_type(4, false), 4, 8)), 0x5c);
  EXPECT_EQ(evaluate(member(make(), 0, int_type(4, true), 12, 4)), -6);  // 0xa in 4 bits
}

TEST(CodegenMemory, LargeTupleGoesToScratch) {
  HAWK_NEEDS_BPF();
  Type tuple = tuple_type({int_type(1, false), string_type(700), kInt64});
  std::uint32_t last = tuple.def->fields[2].offset;
  std::vector<std::uint8_t> bytes =
      evaluate_bytes(pack(tuple, parts(typed::PackPart{0, convert(unknown(7), int_type(1, false))},
                                       typed::PackPart{1, text("long", 700)}, typed::PackPart{last, unknown(-1)})));
  ASSERT_EQ(bytes.size(), tuple.size);
  EXPECT_EQ(bytes[0], 7);
  EXPECT_EQ(string_at(bytes, 1), "long");
  for (std::uint32_t i = 5; i < last; ++i) ASSERT_EQ(bytes[i], 0) << i;
  EXPECT_EQ(at<std::int64_t>(bytes, last), -1);
}

TEST(CodegenMemory, ElementsAndTheirBounds) {
  HAWK_NEEDS_BPF();
  static const std::int32_t numbers[4] = {10, 20, -30, 40};
  Program p;
  auto event = p.add_event(EventKind::kRuntimeError, {});
  auto results = p.add_map(kInt64, kInt64);
  auto v = p.add_variable(array_type(int_type(4, true), 4));
  p.add(set_variable(v, load_at(address_of(numbers), AddressSpace::kUser, array_type(int_type(4, true), 4))));
  for (std::int64_t index : {0, 2, 3, 4, -1}) {
    ExprPtr element = expr(int_type(4, true),
                           typed::Element{variable(v, array_type(int_type(4, true), 4)), unknown(index), 4, event});
    p.add(set_map(results, number(index), convert(std::move(element), kInt64)));
  }
  auto loaded = load(p);
  ASSERT_NE(loaded, nullptr);
  loaded->run();
  EXPECT_EQ(loaded->integer(results, 0), 10);
  EXPECT_EQ(loaded->integer(results, 2), -30);
  EXPECT_EQ(loaded->integer(results, 3), 40);
  EXPECT_EQ(loaded->integer(results, 4), 0);
  EXPECT_EQ(loaded->events().size(), 2U);
}

TEST(CodegenMemory, ElementOfStructsIsCopied) {
  HAWK_NEEDS_BPF();
  static const std::int64_t pairs[3][2] = {{1, 2}, {3, 4}, {5, 6}};
  Type pair = array_type(kInt64, 2);
  ExprPtr all = load_at(address_of(pairs), AddressSpace::kUser, array_type(pair, 3));
  std::vector<std::uint8_t> bytes =
      evaluate_bytes(expr(pair, typed::Element{std::move(all), unknown(1), 3, std::nullopt}));
  EXPECT_EQ(at<std::int64_t>(bytes), 3);
  EXPECT_EQ(at<std::int64_t>(bytes, 8), 4);
}

TEST(CodegenMemory, LoadsFromUserAndKernelAndVariables) {
  HAWK_NEEDS_BPF();
  static const std::uint32_t word = 0xdeadbeef;
  EXPECT_EQ(evaluate(load_at(address_of(&word), AddressSpace::kUser, int_type(4, false))), 0xdeadbeef);
  EXPECT_EQ(evaluate(load_at(address_of(&word), AddressSpace::kUser, int_type(2, true))), -16657);
  EXPECT_EQ(evaluate(load_at(address_of(&word), AddressSpace::kUser, int_type(4, false), 4, 8)), 0xee);
  EXPECT_EQ(evaluate(load_at(number(16, kUint64), AddressSpace::kUser, kInt64)), 0);  // a bad address reads as zero
  EXPECT_EQ(evaluate(load_at(number(16, kUint64), AddressSpace::kKernel, kInt64)), 0);
  Program p;
  auto v = p.add_variable(kInt64);
  auto result = p.add_scalar(kInt64);
  p.add(set_variable(v, unknown(31)));
  ExprPtr address = expr(pointer_type(kInt64, AddressSpace::kNone), typed::VariableAddress{v});
  p.add(set_map(result, nullptr, load_at(std::move(address), AddressSpace::kNone, kInt64)));
  auto loaded = load(p);
  ASSERT_NE(loaded, nullptr);
  loaded->run();
  EXPECT_EQ(loaded->scalar(result), 31);
}

TEST(CodegenMemory, ContextIsReadDirectlyAndByAddress) {
  HAWK_NEEDS_BPF();
  Program p;
  auto results = p.add_map(kInt64, kInt64);
  p.add(set_map(results, number(0), expr(kInt64, typed::ContextLoad{16})));
  ExprPtr address = expr(pointer_type(kInt64, AddressSpace::kKernel), typed::ContextAddress{24});
  p.add(set_map(results, number(1), load_at(std::move(address), AddressSpace::kKernel, kInt64)));
  auto loaded = load(p);
  ASSERT_NE(loaded, nullptr);
  loaded->context[2] = 1234;
  loaded->context[3] = 5678;
  loaded->run();
  EXPECT_EQ(loaded->integer(results, 0), 1234);
  EXPECT_EQ(loaded->integer(results, 1), 5678);
}

// ($t.1, $t.0) assigned to $t must read both before it writes.
TEST(CodegenMemory, AssignmentReadsItsOwnVariableFirst) {
  HAWK_NEEDS_BPF();
  Program p;
  Type pair = tuple_type({kInt64, kInt64});
  auto v = p.add_variable(pair);
  auto result = p.add_scalar(pair);
  p.add(set_variable(v, pack(pair, parts(typed::PackPart{0, unknown(1)}, typed::PackPart{8, unknown(2)}))));
  p.add(set_variable(v, pack(pair, parts(typed::PackPart{0, member(variable(v, pair), 8, kInt64)},
                                         typed::PackPart{8, member(variable(v, pair), 0, kInt64)}))));
  p.add(set_map(result, nullptr, variable(v, pair)));
  auto loaded = load(p);
  ASSERT_NE(loaded, nullptr);
  loaded->run();
  std::vector<std::uint8_t> bytes = loaded->value(result).value();
  EXPECT_EQ(at<std::int64_t>(bytes), 2);
  EXPECT_EQ(at<std::int64_t>(bytes, 8), 1);
}

TEST(CodegenMemory, TuplesWidenMemberByMember) {
  HAWK_NEEDS_BPF();
  Type narrow = tuple_type({int_type(1, true), string_type(3)});
  Type wide = tuple_type({kInt64, string_type(8)});
  ExprPtr value = pack(
      narrow, parts(typed::PackPart{0, convert(unknown(-3), int_type(1, true))}, typed::PackPart{1, text("xy", 3)}));
  std::vector<std::uint8_t> bytes = evaluate_bytes(convert(std::move(value), wide));
  EXPECT_EQ(at<std::int64_t>(bytes), -3);
  EXPECT_EQ(at<std::uint64_t>(bytes, 8), 0x7978U);
}

TEST(CodegenMemory, RecordsConvertByName) {
  HAWK_NEEDS_BPF();
  Type first = record_type({{"a", int_type(4, true)}, {"b", kInt64}});
  Type second = record_type({{"b", kInt64}, {"a", kInt64}});
  ExprPtr value =
      pack(first, parts(typed::PackPart{0, convert(unknown(-1), int_type(4, true))}, typed::PackPart{8, unknown(2)}));
  std::vector<std::uint8_t> bytes = evaluate_bytes(convert(std::move(value), second));
  EXPECT_EQ(at<std::int64_t>(bytes), 2);
  EXPECT_EQ(at<std::int64_t>(bytes, 8), -1);
}

TEST(CodegenMemory, ScalarsAreSeenAsArraysAndBack) {
  HAWK_NEEDS_BPF();
  Type array = array_type(int_type(1, false), 8);
  EXPECT_EQ(evaluate_bytes(convert(unknown(0x0807060504030201), array)),
            (std::vector<std::uint8_t>{1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(evaluate(convert(convert(unknown(0x0102), array), kInt64)), 0x0102);
}

// More variables than registers and stack can hold go to scratch, and keep their values.
TEST(CodegenMemory, ManyVariables) {
  HAWK_NEEDS_BPF();
  Program p;
  auto sum = p.add_scalar(kInt64);
  constexpr int kVariables = 80;
  for (int i = 0; i < kVariables; ++i) p.add_variable(kInt64);
  for (int i = 0; i < kVariables; ++i)
    p.add(set_variable(static_cast<typed::VariableId>(i),
                       binary(typed::BinaryOp::kAdd, expr(kInt64, typed::ContextLoad{8}), number(i))));
  for (int i = 0; i < kVariables; ++i)
    p.add(stmt(typed::Evaluate{expr(
        kInt64, typed::AddToMap{sum, nullptr, variable(static_cast<typed::VariableId>(i)), false, std::nullopt})}));
  auto loaded = load(p);
  ASSERT_NE(loaded, nullptr);
  loaded->context[1] = 1000;
  loaded->run();
  EXPECT_EQ(loaded->scalar(sum), kVariables * 1000 + kVariables * (kVariables - 1) / 2);
}

}  // namespace hawk::test
