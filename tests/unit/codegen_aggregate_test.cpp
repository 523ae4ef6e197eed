// Aggregations, per CPU and merged.
#include "codegen_fixture.h"

namespace hawk::test {

TEST(CodegenAggregate, CountsInAScalarAndByKey) {
  HAWK_NEEDS_BPF();
  Program p;
  auto total = p.add_scalar(aggregation_type(TypeKind::kCount, false));
  auto by_pid = p.add_map(kInt64, aggregation_type(TypeKind::kCount, false));
  p.add(stmt(typed::Aggregate{total, nullptr, nullptr, std::nullopt}));
  p.add(stmt(typed::Aggregate{by_pid, convert(call(Builtin::kPid, int_type(4, false)), kInt64), nullptr, std::nullopt}));
  auto loaded = load(p);
  ASSERT_NE(loaded, nullptr);
  EXPECT_FALSE(loaded->written(total));
  loaded->run();
  loaded->run();
  loaded->run();
  EXPECT_EQ(loaded->scalar(total), 3);
  EXPECT_TRUE(loaded->written(total));
  EXPECT_EQ(loaded->integer(by_pid, ::getpid()), 3);
}

}  // namespace hawk::test
