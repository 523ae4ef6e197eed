// Events end to end: what the program writes is what the schema says.
#include "codegen_fixture.h"

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
  auto event = p.add_event(EventKind::kPrintf, {int_type(4, false), string_type(16), kInt64});
  p.add(stmt(typed::Emit{event, list(call(Builtin::kPid, int_type(4, false)), call(Builtin::kComm, string_type(16)), number(-7))}));
  auto loaded = load(p);
  ASSERT_NE(loaded, nullptr);
  loaded->run();
  auto records = loaded->events();
  ASSERT_EQ(records.size(), 1U);
  EXPECT_EQ(at<std::uint64_t>(records[0], 8), static_cast<std::uint64_t>(::getpid()));
  EXPECT_EQ(string_at(records[0], 16), "codegen_tests");
  EXPECT_EQ(at<std::int64_t>(records[0], 32), -7);
}

}  // namespace hawk::test
