// Control flow: branches, loops of each kind, and ways out of them.
#include "codegen_fixture.h"

namespace hawk::test {

using typed::BinaryOp;

namespace {

StmtPtr increase(typed::VariableId id, ExprPtr by) {
  return stmt(typed::Evaluate{expr(kInt64, typed::AddToVariable{id, std::move(by), true})});
}
StmtPtr if_then(ExprPtr condition, typed::Block then) {
  return stmt(typed::If{std::move(condition), std::move(then), {}});
}
ExprPtr equals(typed::VariableId id, std::int64_t value) {
  return binary(BinaryOp::kEqual, variable(id), number(value));
}
StmtPtr for_range(typed::VariableId id, ExprPtr begin, ExprPtr end, typed::Block body) {
  return stmt(typed::ForRange{id, std::move(begin), std::move(end), std::move(body)});
}

// A program with variables $i and $sum whose sum is looked at after one run.
class Looping {
 public:
  std::int64_t run() {
    p.add(set_map(result, nullptr, variable(sum)));
    loaded = load(p);
    if (loaded == nullptr) return -1;
    returned = loaded->run();
    return loaded->scalar(result);
  }

  Program p;
  typed::MapId result = p.add_scalar(kInt64);
  typed::VariableId i = p.add_variable(kInt64);
  typed::VariableId sum = p.add_variable(kInt64);
  std::int64_t returned = 0;
  std::unique_ptr<Loaded> loaded;
};

}  // namespace

TEST(CodegenControl, IfAndElse) {
  HAWK_NEEDS_BPF();
  for (int condition : {0, 1}) {
    Looping l;
    l.p.add(stmt(typed::If{convert(unknown(condition), bool_type()), block(increase(l.sum, number(1))),
                           block(increase(l.sum, number(10)))}));
    EXPECT_EQ(l.run(), condition != 0 ? 1 : 10);
  }
}

TEST(CodegenControl, RegionsAreLeftFromLoopsOfAllKinds) {
  HAWK_NEEDS_BPF();
  // 70 turns: a function of its own; 3: part of the program. Begin and end unknown: several calls may be needed.
  for (std::int64_t turns : {3, 70, 0}) {
    Looping l;
    auto leave_at_2 = block(if_then(equals(l.i, 2), block(stmt(typed::LeaveRegion{}))), increase(l.sum, number(1)));
    ExprPtr end = turns == 0 ? unknown(70) : number(turns);
    auto inside =
        block(for_range(l.i, number(0), std::move(end), std::move(leave_at_2)), increase(l.sum, number(1000)));
    l.p.add(stmt(typed::Region{std::move(inside)}));
    l.p.add(increase(l.sum, number(10)));
    EXPECT_EQ(l.run(), 2 + 10) << turns;
  }
}

TEST(CodegenControl, AnInnerRegionEndsAlone) {
  HAWK_NEEDS_BPF();
  Looping l;
  auto inner = block(if_then(equals(l.i, 1), block(stmt(typed::LeaveRegion{}))), increase(l.sum, number(1)));
  auto turn = block(stmt(typed::Region{std::move(inner)}), increase(l.sum, number(100)),
                    if_then(equals(l.i, 3), block(stmt(typed::LeaveRegion{}))));
  auto outer = block(for_range(l.i, number(0), unknown(70), std::move(turn)), increase(l.sum, number(100000)));
  l.p.add(stmt(typed::Region{std::move(outer)}));
  EXPECT_EQ(l.run(), 3 + 400);
}

TEST(CodegenControl, WhileWithBreakAndContinue) {
  HAWK_NEEDS_BPF();
  Looping l;
  auto body = block(increase(l.i, number(1)), if_then(equals(l.i, 3), block(stmt(typed::Continue{}))),
                    if_then(equals(l.i, 8), block(stmt(typed::Break{}))), increase(l.sum, variable(l.i)));
  l.p.add(stmt(typed::While{binary(BinaryOp::kLess, variable(l.i), number(100)), std::move(body)}));
  EXPECT_EQ(l.run(), 1 + 2 + 4 + 5 + 6 + 7);
}

TEST(CodegenControl, RangesShortAndLong) {
  HAWK_NEEDS_BPF();
  struct Row {
    std::int64_t begin;
    std::int64_t end;
    std::int64_t sum;
  };
  const Row rows[] = {{0, 5, 10}, {-3, 2, -5}, {5, 5, 0}, {7, 3, 0}, {0, 2000, 1999000}};
  for (const Row& row : rows) {
    for (bool constant : {true, false}) {
      Looping l;
      auto bound = [&](std::int64_t value) { return constant ? number(value) : unknown(value); };
      l.p.add(for_range(l.i, bound(row.begin), bound(row.end), block(increase(l.sum, variable(l.i)))));
      EXPECT_EQ(l.run(), row.sum) << row.begin << ".." << row.end << (constant ? " constant" : "");
    }
  }
}

TEST(CodegenControl, RangeWithBreakContinueAndChangedVariable) {
  HAWK_NEEDS_BPF();
  for (bool constant : {true, false}) {
    Looping l;
    auto body = block(if_then(equals(l.i, 2), block(stmt(typed::Continue{}))),
                      if_then(equals(l.i, 5), block(stmt(typed::Break{}))), increase(l.sum, variable(l.i)),
                      set_variable(l.i, number(100)));
    l.p.add(for_range(l.i, number(0), constant ? number(10) : unknown(10), std::move(body)));
    EXPECT_EQ(l.run(), 0 + 1 + 3 + 4);
  }
}

TEST(CodegenControl, NestedLongRanges) {
  HAWK_NEEDS_BPF();
  Looping l;
  auto j = l.p.add_variable(kInt64);
  auto inner = for_range(j, number(0), unknown(7),
                         block(increase(l.sum, variable(j)), if_then(equals(j, 4), block(stmt(typed::Break{})))));
  l.p.add(for_range(l.i, number(0), unknown(100), block(std::move(inner))));
  EXPECT_EQ(l.run(), 100 * 10);
}

TEST(CodegenControl, ReturnLeavesTheProgramFromAnyDepth) {
  HAWK_NEEDS_BPF();
  for (bool nested : {false, true}) {
    Looping l;
    auto j = l.p.add_variable(kInt64);
    auto leave =
        if_then(equals(l.i, 3), block(set_map(l.result, nullptr, variable(l.i)), stmt(typed::Return{unknown(42)})));
    typed::Block body =
        nested ? block(for_range(j, number(0), unknown(5), block(std::move(leave)))) : block(std::move(leave));
    l.p.add(for_range(l.i, number(0), unknown(10), std::move(body)));
    EXPECT_EQ(l.run(), 3);
    EXPECT_EQ(l.returned, 42);
  }
}

TEST(CodegenControl, StatementsBehindReturnAreNotRun) {
  HAWK_NEEDS_BPF();
  Looping l;
  l.p.add(set_map(l.result, nullptr, number(5)));
  l.p.add(stmt(typed::Return{nullptr}));
  EXPECT_EQ(l.run(), 5);
  EXPECT_EQ(l.returned, 0);
}

TEST(CodegenControl, ForVisitsEveryEntry) {
  HAWK_NEEDS_BPF();
  Looping l;
  auto map = l.p.add_map(kInt64, kInt64);
  Type pair = tuple_type({kInt64, kInt64});
  auto kv = l.p.add_variable(pair);
  auto part = [&](std::uint32_t offset) { return expr(kInt64, typed::Member{variable(kv, pair), offset, 0, 0}); };
  for (std::int64_t key : {1, 2, 3}) l.p.add(set_map(map, unknown(key), unknown(key * 100)));
  l.p.add(stmt(typed::ForMap{kv, map, block(increase(l.sum, part(0)), increase(l.sum, part(8)))}));
  EXPECT_EQ(l.run(), 606);
}

TEST(CodegenControl, ForGivesAggregationsAsNumbers) {
  HAWK_NEEDS_BPF();
  Looping l;
  auto map = l.p.add_map(string_type(100), aggregation_type(TypeKind::kAvg, true));
  Type pair = tuple_type({string_type(100), kInt64});
  auto kv = l.p.add_variable(pair);
  std::uint32_t offset = pair.def->fields[1].offset;
  for (const char* key : {"one", "two"}) {
    for (std::int64_t value : {10, 20})
      l.p.add(stmt(typed::Aggregate{map, text(key, 100), unknown(value), std::nullopt}));
  }
  l.p.add(stmt(
      typed::ForMap{kv, map, block(increase(l.sum, expr(kInt64, typed::Member{variable(kv, pair), offset, 0, 0})))}));
  EXPECT_EQ(l.run(), 30);
}

TEST(CodegenControl, ForStopsAtBreakAndReturn) {
  HAWK_NEEDS_BPF();
  for (bool returns : {false, true}) {
    Looping l;
    auto map = l.p.add_map(kInt64, kInt64);
    auto kv = l.p.add_variable(tuple_type({kInt64, kInt64}));
    for (std::int64_t key : {1, 2, 3}) l.p.add(set_map(map, unknown(key), number(1)));
    StmtPtr way_out = returns ? stmt(typed::Return{number(7)}) : stmt(typed::Break{});
    l.p.add(stmt(typed::ForMap{
        kv, map, block(increase(l.sum, number(1)), set_map(l.result, nullptr, variable(l.sum)), std::move(way_out))}));
    EXPECT_EQ(l.run(), 1);
    EXPECT_EQ(l.returned, returns ? 7 : 0);
  }
}

// Loop bodies reach the context, scratch memory and events like the rest of the clause.
TEST(CodegenControl, LoopBodiesUseContextScratchAndEvents) {
  HAWK_NEEDS_BPF();
  Looping l;
  auto event = l.p.add_event(EventKind::kPrintf, {string_type(600), kInt64});
  auto big = l.p.add_variable(string_type(600));
  l.p.add(set_variable(big, text("before", 600)));
  auto emit = stmt(typed::Emit{event, list(variable(big, string_type(600)), expr(kInt64, typed::ContextLoad{8}))});
  l.p.add(for_range(l.i, number(0), unknown(3),
                    block(std::move(emit), set_variable(big, text(std::string(400, 'x'), 600)))));
  l.p.add(set_variable(l.sum, number(1)));
  l.p.add(set_map(l.result, nullptr, variable(l.sum)));
  auto loaded = load(l.p);
  ASSERT_NE(loaded, nullptr);
  loaded->context[1] = 99;
  loaded->run();
  auto records = loaded->events();
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(string_at(records[0], 8), "before");
  EXPECT_EQ(string_at(records[2], 8), std::string(400, 'x'));
  EXPECT_EQ(at<std::int64_t>(records[2], 608), 99);
}

namespace {

constexpr std::int64_t kMostTurnsOfOneCall = 1 << 23;  // of the kernel's bpf_loop

}  // namespace

TEST(CodegenControl, MoreTurnsThanTheKernelLoopsAtOnce) {
  HAWK_NEEDS_BPF();
  for (std::int64_t begin : {std::int64_t{0}, std::int64_t{-5}, std::int64_t{1} << 40}) {
    for (bool constant : {true, false}) {
      Looping l;
      std::int64_t turns = kMostTurnsOfOneCall + 3;
      auto last = l.p.add_variable(kInt64);
      auto bound = [&](std::int64_t value) { return constant ? number(value) : unknown(value); };
      l.p.add(for_range(l.i, bound(begin), bound(begin + turns),
                        block(increase(l.sum, number(1)), set_variable(last, variable(l.i)))));
      auto result = l.p.add_scalar(kInt64);
      l.p.add(set_map(result, nullptr, variable(last)));
      EXPECT_EQ(l.run(), turns) << begin;
      EXPECT_EQ(l.loaded->scalar(result), begin + turns - 1);
    }
  }
}

// Also where the break is in the last turn of one call, and in the first of the next one.
TEST(CodegenControl, BreakAndReturnEndALoopOfSeveralCalls) {
  HAWK_NEEDS_BPF();
  for (std::int64_t stop : {std::int64_t{4}, kMostTurnsOfOneCall - 1, kMostTurnsOfOneCall}) {
    for (bool returns : {false, true}) {
      Looping l;
      StmtPtr way_out = returns ? stmt(typed::Return{number(7)}) : stmt(typed::Break{});
      l.p.add(for_range(
          l.i, number(0), number(std::int64_t{1} << 45),
          block(if_then(equals(l.i, stop), block(set_map(l.result, nullptr, variable(l.i)), std::move(way_out))),
                increase(l.sum, number(1)))));
      EXPECT_EQ(l.run(), stop);
      EXPECT_EQ(l.returned, returns ? 7 : 0);
    }
  }
}

}  // namespace hawk::test
