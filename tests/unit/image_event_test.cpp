// merge_per_cpu: rows of two CPUs' words and what they become.
#include "image/event.h"

#include <gtest/gtest.h>

#include <cstring>

namespace hawk {
namespace {

using Words = std::vector<std::int64_t>;

std::vector<std::uint8_t> bytes(const Words& words) {
  std::vector<std::uint8_t> data(words.size() * 8);
  std::memcpy(data.data(), words.data(), data.size());
  return data;
}

TEST(EventOrigin, StandsInFrontOfTheFields) {
  EventSchema schema;
  add_field(schema, int_type(8, true));
  std::vector<std::uint8_t> record = bytes({5, 77, (std::int64_t{3} << 32) | 2, -1});
  EXPECT_FALSE(event_origin({.schema = &schema, .bytes = record}).has_value());
  add_origin(schema);
  EXPECT_EQ(schema.size, 32U);
  EXPECT_EQ(schema.fields[0].offset, 24U);
  auto origin = event_origin({.schema = &schema, .bytes = record});
  ASSERT_TRUE(origin.has_value());
  EXPECT_EQ(origin->boot_ns, 77U);
  EXPECT_EQ(origin->cpu, 2U);
  EXPECT_EQ(origin->program, 3U);
}

struct MergeRow {
  const char* name;
  TypeKind kind;
  bool is_signed;
  Words into;
  Words from;
  Words merged;
};
void PrintTo(const MergeRow& row, std::ostream* out) { *out << row.name; }

class Merge : public testing::TestWithParam<MergeRow> {};

TEST_P(Merge, TwoCpus) {
  const MergeRow& row = GetParam();
  std::vector<std::uint8_t> into = bytes(row.into);
  merge_per_cpu(aggregation_type(row.kind, row.is_signed), into, bytes(row.from));
  EXPECT_EQ(into, bytes(row.merged));
}

INSTANTIATE_TEST_SUITE_P(Rows, Merge,
                         testing::Values(MergeRow{"count", TypeKind::kCount, false, {2}, {3}, {5}},
                                         MergeRow{"sum", TypeKind::kSum, true, {2}, {-3}, {-1}},
                                         MergeRow{"avg", TypeKind::kAvg, true, {2, 1}, {-3, 2}, {-1, 3}},
                                         MergeRow{"stats", TypeKind::kStats, true, {2, 1}, {0, 0}, {2, 1}},
                                         MergeRow{"min", TypeKind::kMin, true, {2, 1}, {-3, 1}, {-3, 1}},
                                         MergeRow{"min unsigned", TypeKind::kMin, false, {2, 1}, {-3, 1}, {2, 1}},
                                         MergeRow{"min of none", TypeKind::kMin, true, {2, 1}, {0, 0}, {2, 1}},
                                         MergeRow{"min into none", TypeKind::kMin, true, {0, 0}, {2, 1}, {2, 1}},
                                         MergeRow{"max", TypeKind::kMax, true, {2, 1}, {-3, 1}, {2, 1}},
                                         MergeRow{"max negative", TypeKind::kMax, true, {0, 0}, {-4, 1}, {-4, 1}},
                                         MergeRow{"max unsigned", TypeKind::kMax, false, {2, 1}, {-3, 1}, {-3, 1}}));

TEST(Merge, EveryBucketOfAHistogram) {
  Type type = linear_hist_type(0, 2, 1);
  std::vector<std::uint8_t> into = bytes({1, 2, 3, 4});
  merge_per_cpu(type, into, bytes({10, 20, 30, 40}));
  EXPECT_EQ(into, bytes({11, 22, 33, 44}));
}

}  // namespace
}  // namespace hawk
