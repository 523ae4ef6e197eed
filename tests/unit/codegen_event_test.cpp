// Events end to end: what the program writes is what the schema says.
#include "codegen_fixture.h"

#include <time.h>
#include <unistd.h>

namespace hawk::test {

TEST(CodegenEvent, HelloWorld) {
  HAWK_NEEDS_BPF();
  Program p;
  auto event = p.add_event(EventKind::kPrintf, {});
  p.add(stmt(typed::Emit{event, {}}));
  auto loaded = load(p);
  ASSERT_NE(loaded, nullptr);
  EXPECT_EQ(loaded->run(), 0);
  auto records = loaded->events();
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].size(), 8U);
  EXPECT_EQ(at<std::uint32_t>(records[0]), event);
}

TEST(CodegenEvent, FieldsLieWhereTheSchemaSaysWithZeroPadding) {
  HAWK_NEEDS_BPF();
  Program p;
  p.add_event(EventKind::kTime, {});
  auto event =
      p.add_event(EventKind::kPrintf, {int_type(4, false), string_type(16), kInt64, string_type(5), bool_type()});
  p.add(stmt(typed::Emit{event, list(call(Builtin::kPid, int_type(4, false)), call(Builtin::kComm, string_type(16)),
                                     number(-7), text("four", 5), convert(unknown(8), bool_type()))}));
  auto loaded = load(p);
  ASSERT_NE(loaded, nullptr);
  loaded->run();
  auto records = loaded->events();
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(records[0].size(), p.checked.events[event].size);
  EXPECT_EQ(at<std::uint64_t>(records[0]), event);
  EXPECT_EQ(at<std::uint64_t>(records[0], 8), static_cast<std::uint64_t>(::getpid()));
  EXPECT_EQ(string_at(records[0], 16), own_command_name());
  EXPECT_EQ(at<std::int64_t>(records[0], 32), -7);
  EXPECT_EQ(at<std::uint64_t>(records[0], 40), 0x72756f66U);
  EXPECT_EQ(at<std::uint64_t>(records[0], 48), 1U);
}

// Of an event that says when and where it happened: the second clause's, on both machines.
TEST(CodegenEvent, OriginBehindTheHeader) {
  HAWK_NEEDS_BPF();
  Program p;
  auto event = p.add_event(EventKind::kPrintf, {kInt64});
  add_origin(p.checked.events[event]);
  p.next_clause(ProbeKind::kTest);
  p.add(stmt(typed::Emit{event, list(number(42))}));
  auto loaded = load(p);
  ASSERT_NE(loaded, nullptr);
  timespec before{};
  ::clock_gettime(CLOCK_BOOTTIME, &before);
  loaded->run(1);
  auto records = loaded->events();
  ASSERT_EQ(records.size(), 1U);
  ASSERT_EQ(records[0].size(), 32U);
  EXPECT_GE(at<std::uint64_t>(records[0], 8), static_cast<std::uint64_t>(before.tv_sec) * 1'000'000'000);
  EXPECT_LT(at<std::uint32_t>(records[0], 16), test_constants().cpu_count);
  EXPECT_EQ(at<std::uint32_t>(records[0], 20), 1U);
  EXPECT_EQ(at<std::int64_t>(records[0], 24), 42);
}

// A ring that has been written all over before: what is not a field's is zero all the same.
TEST(CodegenEvent, PaddingIsZeroInUsedMemory) {
  HAWK_NEEDS_BPF();
  Program p;
  auto big = p.add_event(EventKind::kPrintf, {string_type(30000)});
  auto small = p.add_event(EventKind::kPrintf, {int_type(4, false), string_type(3), bool_type()});
  p.add(stmt(typed::Emit{big, list(text(std::string(30000, '\xff'), 30000))}));
  p.next_clause(ProbeKind::kTest);
  p.add(stmt(typed::Emit{small, list(number(1, int_type(4, false)), text("ab", 3), number(1, bool_type()))}));
  auto loaded = load(p);
  ASSERT_NE(loaded, nullptr);
  for (int i = 0; i < 12; ++i) {
    loaded->run(0);
    static_cast<void>(loaded->events());
  }
  loaded->run(1);
  auto records = loaded->events();
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(at<std::uint64_t>(records[0], 8), 1U);
  EXPECT_EQ(at<std::uint64_t>(records[0], 16), 0x6261U);
  EXPECT_EQ(at<std::uint64_t>(records[0], 24), 1U);
}

// printf("%d %d", $v, $v++) shows the value before the addition first.
TEST(CodegenEvent, FieldsAreEvaluatedInOrder) {
  HAWK_NEEDS_BPF();
  Program p;
  auto v = p.add_variable(kInt64);
  auto event = p.add_event(EventKind::kPrintf, {kInt64, kInt64, kInt64});
  p.add(
      stmt(typed::Emit{event, list(variable(v), expr(kInt64, typed::AddToVariable{v, number(1), true}), variable(v))}));
  auto loaded = load(p);
  ASSERT_NE(loaded, nullptr);
  loaded->run();
  auto records = loaded->events();
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(at<std::int64_t>(records[0], 8), 0);
  EXPECT_EQ(at<std::int64_t>(records[0], 16), 1);
  EXPECT_EQ(at<std::int64_t>(records[0], 24), 1);
}

// A field that returns, or that emits an event of its own, must not hold the record meanwhile.
TEST(CodegenEvent, FieldsMayReturnAndEmit) {
  HAWK_NEEDS_BPF();
  Program p;
  auto zero = p.add_event(EventKind::kRuntimeError, {});
  auto event = p.add_event(EventKind::kPrintf, {kInt64, string_type(100)});
  ExprPtr divides = expr(kInt64, typed::Binary{typed::BinaryOp::kDivide, unknown(1), unknown(0), zero});
  p.add(stmt(typed::Emit{event, list(std::move(divides), text("first", 100))}));
  ExprPtr returns = expr(kInt64, typed::BlockExpr{block(stmt(typed::Return{number(9)})), number(1)});
  p.add(stmt(typed::Emit{event, list(std::move(returns), text("second", 100))}));
  auto loaded = load(p);
  ASSERT_NE(loaded, nullptr);
  EXPECT_EQ(loaded->run(), 9);
  auto records = loaded->events();
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(at<std::uint32_t>(records[0]), zero);
  EXPECT_EQ(at<std::uint32_t>(records[1]), event);
  EXPECT_EQ(string_at(records[1], 16), "first");
}

// More fields than registers and stack could keep while the last one is evaluated.
TEST(CodegenEvent, ManyFieldsBeforeOneThatEmits) {
  HAWK_NEEDS_BPF();
  constexpr int kFields = 70;
  Program p;
  auto zero = p.add_event(EventKind::kRuntimeError, {});
  auto event = p.add_event(EventKind::kPrintf, std::vector<Type>(kFields, kInt64));
  std::vector<ExprPtr> fields;
  for (int i = 0; i + 1 < kFields; ++i) fields.push_back(unknown(i));
  fields.push_back(expr(kInt64, typed::Binary{typed::BinaryOp::kDivide, unknown(1), unknown(0), zero}));
  p.add(stmt(typed::Emit{event, std::move(fields)}));
  auto loaded = load(p);
  ASSERT_NE(loaded, nullptr);
  loaded->run();
  auto records = loaded->events();
  ASSERT_EQ(records.size(), 2U);
  for (std::size_t i = 1; i + 1 < kFields; ++i) EXPECT_EQ(at<std::int64_t>(records[1], 8 + 8 * i), i);
}

TEST(CodegenEvent, LostRecordsAreCountedPerProgram) {
  HAWK_NEEDS_BPF();
  Program p;
  auto event = p.add_event(EventKind::kPrintf, {string_type(60000)});
  p.add(stmt(typed::Return{nullptr}));
  p.next_clause(ProbeKind::kTest);
  p.add(stmt(typed::Emit{event, list(text("x", 60000))}));
  auto loaded = load(p);
  ASSERT_NE(loaded, nullptr);
  for (int i = 0; i < 6; ++i) loaded->run(1);
  EXPECT_EQ(loaded->events().size(), 4U);  // 256 KiB
  EXPECT_EQ(loaded->lost(0), 0U);
  EXPECT_EQ(loaded->account(1).events, 6U);
  EXPECT_EQ(loaded->lost(1), 2U);
}

TEST(CodegenEvent, JoinReadsStringsUpToTheNull) {
  HAWK_NEEDS_BPF();
  static const char* const arguments[] = {"/bin/echo", "hello", "", "world", nullptr, "never"};
  Program p;
  auto event = p.add_event(EventKind::kJoin, {kUint64, array_type(string_type(1024), 16)});
  p.add(stmt(typed::Join{event, number(static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(arguments)), kUint64),
                         AddressSpace::kUser}));
  auto loaded = load(p);
  ASSERT_NE(loaded, nullptr);
  loaded->run();
  auto records = loaded->events();
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(at<std::uint64_t>(records[0], 8), 4U);
  EXPECT_EQ(string_at(records[0], 16), "/bin/echo");
  EXPECT_EQ(string_at(records[0], 16 + 1024), "hello");
  EXPECT_EQ(string_at(records[0], 16 + 2048), "");
  EXPECT_EQ(string_at(records[0], 16 + 3072), "world");
}

}  // namespace hawk::test
