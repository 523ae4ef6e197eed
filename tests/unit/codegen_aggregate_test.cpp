// Aggregations, per CPU and merged.
#include "codegen_fixture.h"

namespace hawk::test {

namespace {

StmtPtr aggregate(typed::MapId map, ExprPtr key, ExprPtr argument) {
  return stmt(typed::Aggregate{map, std::move(key), std::move(argument), std::nullopt});
}

Type aggregation(TypeKind kind, bool is_signed = true) { return aggregation_type(kind, is_signed); }

// What a map holds after aggregating `values`, keyed or not.
std::vector<std::uint8_t> aggregate_all(const Type& type, const std::vector<std::int64_t>& values, bool keyed,
                                        bool is_signed = true, ProbeKind kind = ProbeKind::kTest) {
  Program p;
  p.clause().kind = kind;
  auto map = keyed ? p.add_map(kInt64, type) : p.add_scalar(type);
  for (std::int64_t value : values)
    p.add(aggregate(map, keyed ? unknown(1) : nullptr, unknown(value, int_type(8, is_signed))));
  auto loaded = load(p);
  if (loaded == nullptr) return {};
  loaded->run();
  return loaded->value(map, keyed ? bytes_of(1) : std::vector<std::uint8_t>{}).value();
}

}  // namespace

TEST(CodegenAggregate, CountsInAScalarAndByKey) {
  HAWK_NEEDS_BPF();
  Program p;
  auto total = p.add_scalar(aggregation(TypeKind::kCount, false));
  auto by_pid = p.add_map(kInt64, aggregation(TypeKind::kCount, false));
  p.add(aggregate(total, nullptr, nullptr));
  p.add(aggregate(by_pid, convert(call(Builtin::kPid, int_type(4, false)), kInt64), nullptr));
  auto loaded = load(p);
  ASSERT_NE(loaded, nullptr);
  EXPECT_FALSE(loaded->written(total));
  for (int i = 0; i < 3; ++i) loaded->run();
  EXPECT_EQ(loaded->scalar(total), 3);
  EXPECT_TRUE(loaded->written(total));
  EXPECT_EQ(loaded->integer(by_pid, ::getpid()), 3);
}

TEST(CodegenAggregate, SumMinMaxAvgStats) {
  HAWK_NEEDS_BPF();
  for (bool keyed : {false, true}) {
    EXPECT_EQ(at<std::int64_t>(aggregate_all(aggregation(TypeKind::kSum), {5, -7, 10}, keyed)), 8);
    EXPECT_EQ(at<std::int64_t>(aggregate_all(aggregation(TypeKind::kMin), {5, -7, 10}, keyed)), -7);
    EXPECT_EQ(at<std::int64_t>(aggregate_all(aggregation(TypeKind::kMax), {-5, -7, -10}, keyed)), -5);
    // Interrupted programs take other code.
    auto kind = ProbeKind::kUprobe;
    EXPECT_EQ(at<std::int64_t>(aggregate_all(aggregation(TypeKind::kMin), {5, -7, 10}, keyed, true, kind)), -7);
    EXPECT_EQ(at<std::int64_t>(aggregate_all(aggregation(TypeKind::kMin), {5, 3, 10}, keyed, true, kind)), 3);
    EXPECT_EQ(at<std::int64_t>(aggregate_all(aggregation(TypeKind::kMax), {-7, -5, -10}, keyed, true, kind)), -5);
    EXPECT_EQ(at<std::int64_t>(aggregate_all(aggregation(TypeKind::kMax), {-7, -5, -10}, keyed, true, kind), 8), 1);
    EXPECT_EQ(at<std::uint64_t>(aggregate_all(aggregation(TypeKind::kMin, false), {5, -7, 10}, keyed, false)), 5U);
    EXPECT_EQ(at<std::uint64_t>(aggregate_all(aggregation(TypeKind::kMax, false), {5, -7, 10}, keyed, false)),
              static_cast<std::uint64_t>(-7));
    std::vector<std::uint8_t> stats = aggregate_all(aggregation(TypeKind::kStats), {5, -7, 10}, keyed);
    EXPECT_EQ(at<std::int64_t>(stats), 8);
    EXPECT_EQ(at<std::int64_t>(stats, 8), 3);
  }
}

// Each value falls into the bucket whose range holds it, for every k.
TEST(CodegenAggregate, HistogramBuckets) {
  HAWK_NEEDS_BPF();
  const std::vector<std::int64_t> values = {
      0, 1, 2, 3, 4, 7, 8, 63, 64, 65, 127, 1000, 1LL << 32, (1LL << 40) + 12345, INT64_MAX};
  for (std::uint32_t k = 0; k <= 5; ++k) {
    Program p;
    auto map = p.add_map(kInt64, hist_type(k));
    std::int64_t key = 0;
    for (std::int64_t value : values) p.add(aggregate(map, number(key++), unknown(value)));
    auto loaded = load(p);
    ASSERT_NE(loaded, nullptr);
    loaded->run();
    key = 0;
    for (std::int64_t value : values) {
      std::vector<std::uint8_t> bytes = loaded->value(map, bytes_of(key++)).value();
      for (std::uint32_t index = 1; index < hist_bucket_count(k); ++index) {
        BucketRange range = hist_bucket_range(index, k);
        auto number = static_cast<std::uint64_t>(value);
        bool inside = number >= range.low && number <= range.high;
        ASSERT_EQ(at<std::uint64_t>(bytes, index * 8), inside ? 1U : 0U)
            << "k " << k << " value " << value << " bucket " << index;
      }
    }
  }
}

TEST(CodegenAggregate, NegativesHaveTheFirstBucketUnlessUnsigned) {
  HAWK_NEEDS_BPF();
  EXPECT_EQ(at<std::uint64_t>(aggregate_all(hist_type(0), {-1, -5, 3}, false)), 2U);
  std::vector<std::uint8_t> bytes = aggregate_all(hist_type(0), {-1}, false, false);
  EXPECT_EQ(at<std::uint64_t>(bytes), 0U);
  EXPECT_EQ(at<std::uint64_t>(bytes, (hist_bucket_count(0) - 1) * 8), 1U);
}

TEST(CodegenAggregate, LinearHistogramBuckets) {
  HAWK_NEEDS_BPF();
  std::vector<std::uint8_t> bytes =
      aggregate_all(linear_hist_type(0, 100, 10), {-1, 0, 9, 10, 55, 99, 100, 1000}, false);
  const std::uint64_t expected[12] = {1, 2, 1, 0, 0, 0, 1, 0, 0, 0, 1, 2};
  for (std::size_t i = 0; i < 12; ++i) EXPECT_EQ(at<std::uint64_t>(bytes, i * 8), expected[i]) << i;
  bytes = aggregate_all(linear_hist_type(-10, 10, 10), {-11, -10, -1, 0, 10}, true);
  const std::uint64_t around_zero[4] = {1, 2, 1, 1};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(at<std::uint64_t>(bytes, i * 8), around_zero[i]) << i;
}

namespace {

struct ReadRow {
  TypeKind kind;
  bool is_signed;
  std::int64_t expected;
};

const ReadRow kReadRows[] = {
    {TypeKind::kCount, false, 3}, {TypeKind::kSum, true, -9}, {TypeKind::kMin, true, -20},
    {TypeKind::kMax, true, 10},   {TypeKind::kAvg, true, -3},
};

}  // namespace

TEST(CodegenAggregate, ValuesAreMergedWhenRead) {
  HAWK_NEEDS_BPF();
  for (const ReadRow& row : kReadRows) {
    for (bool keyed : {false, true}) {
      Program p;
      auto map = keyed ? p.add_map(kInt64, aggregation(row.kind, row.is_signed))
                       : p.add_scalar(aggregation(row.kind, row.is_signed));
      auto results = p.add_map(kInt64, kInt64);
      auto key = [&] { return keyed ? unknown(1) : nullptr; };
      auto read = [&] { return expr(kInt64, typed::ReadAggregation{map, key()}); };
      p.add(set_map(results, number(0), read()));
      for (std::int64_t value : {1, -20, 10})
        p.add(aggregate(map, key(), row.kind == TypeKind::kCount ? nullptr : unknown(value)));
      p.add(set_map(results, number(1), read()));
      auto loaded = load(p);
      ASSERT_NE(loaded, nullptr);
      loaded->run();
      EXPECT_EQ(loaded->integer(results, 0), 0);
      EXPECT_EQ(loaded->integer(results, 1), row.expected) << static_cast<int>(row.kind);
    }
  }
}

TEST(CodegenAggregate, AScalarIsDeletedOnEveryCpu) {
  HAWK_NEEDS_BPF();
  Program p;
  auto map = p.add_scalar(hist_type(2));
  auto results = p.add_map(kInt64, kInt64);
  auto remove = [&] { return convert(expr(bool_type(), typed::DeleteKey{map, nullptr}), kInt64); };
  p.add(aggregate(map, nullptr, unknown(5)));
  p.add(set_map(results, number(0), remove()));
  p.add(set_map(results, number(1), remove()));
  auto loaded = load(p);
  ASSERT_NE(loaded, nullptr);
  loaded->run();
  EXPECT_EQ(loaded->integer(results, 0), 1);
  EXPECT_EQ(loaded->integer(results, 1), 0);
  EXPECT_FALSE(loaded->written(map));
  EXPECT_EQ(loaded->value(map).value(), std::vector<std::uint8_t>(hist_type(2).size, 0));
}

// A step that another clause may interrupt is atomic; one that nobody can is not.
TEST(CodegenAggregate, SharedMapsAreStepAtomically) {
  auto atomics = [](ProbeKind kind, int clauses) {
    Program p;
    auto map = p.add_scalar(aggregation(TypeKind::kCount, false));
    p.clause().kind = kind;
    for (int i = 0; i < clauses; ++i) {
      if (i > 0) p.next_clause(kind);
      p.add(aggregate(map, nullptr, nullptr));
    }
    return p.compile().value().assembly.find("lock *(u64 *)") != std::string::npos;
  };
  EXPECT_FALSE(atomics(ProbeKind::kTracepoint, 1));
  EXPECT_TRUE(atomics(ProbeKind::kTracepoint, 2));
  EXPECT_TRUE(atomics(ProbeKind::kUprobe, 1));
}

// A better value that arrives between the comparison and the store must not be lost.
TEST(CodegenAggregate, SharedMinAndMaxCompareAndStoreAtOnce) {
  for (TypeKind kind : {TypeKind::kMin, TypeKind::kMax}) {
    for (ProbeKind probe : {ProbeKind::kTracepoint, ProbeKind::kUprobe}) {
      Program p;
      p.clause().kind = probe;
      auto map = p.add_scalar(aggregation(kind));
      p.add(aggregate(map, nullptr, unknown(1)));
      bool exchanges = p.compile().value().assembly.find("cmpxchg_64") != std::string::npos;
      EXPECT_EQ(exchanges, probe == ProbeKind::kUprobe);
    }
  }
}

// One interval lasts 100 years, so that a test is in one; a bucket of another one is begun anew.
TEST(CodegenAggregate, TimeSeries) {
  HAWK_NEEDS_BPF();
  constexpr std::int64_t kLong = 100LL * 365 * 86400 * 1'000'000'000;
  struct Row {
    SeriesKeeps keeps;
    std::int64_t value;
    std::uint64_t count;
  };
  const Row rows[] = {
      {SeriesKeeps::kSum, -2, 0}, {SeriesKeeps::kMin, -7, 0}, {SeriesKeeps::kMax, 5, 0}, {SeriesKeeps::kAvg, -2, 2}};
  // Programs that may be interrupted take other code.
  for (ProbeKind kind : {ProbeKind::kTest, ProbeKind::kUprobe}) {
    for (const Row& row : rows) {
      Program p;
      p.clause().kind = kind;
      auto map = p.add_map(kInt64, time_series_type(row.keeps, true, kLong, 3));
      for (std::int64_t value : {5, -7}) p.add(aggregate(map, unknown(1), unknown(value)));
      auto loaded = load(p);
      ASSERT_NE(loaded, nullptr);
      std::uint32_t size = series_bucket_size(row.keeps);
      std::vector<std::uint8_t> older(3 * size);
      for (std::size_t i = 0; i < size; ++i) older[i] = i / 8 == 1 ? 0 : 1;  // all but the mark
      loaded->put_on_every_cpu(map, 1, older);
      loaded->run();
      std::vector<std::uint8_t> bytes = loaded->value(map, bytes_of(1)).value();
      EXPECT_EQ(at<std::int64_t>(bytes), row.value) << static_cast<int>(row.keeps);
      EXPECT_EQ(at<std::uint64_t>(bytes, 8), 1U);
      if (row.count != 0) {
        EXPECT_EQ(at<std::uint64_t>(bytes, 16), row.count);
      }
    }
  }
}

// Where a step may be interrupted, what begins an interval is seen by one only.
TEST(CodegenAggregate, SharedTimeSeriesBeginAnIntervalOnce) {
  for (ProbeKind probe : {ProbeKind::kTracepoint, ProbeKind::kUprobe}) {
    Program p;
    p.clause().kind = probe;
    p.add(aggregate(p.add_scalar(time_series_type(SeriesKeeps::kSum, true, 1000, 10)), nullptr, unknown(1)));
    bool exchanges = p.compile().value().assembly.find("cmpxchg_64") != std::string::npos;
    EXPECT_EQ(exchanges, probe == ProbeKind::kUprobe);
  }
}

}  // namespace hawk::test
