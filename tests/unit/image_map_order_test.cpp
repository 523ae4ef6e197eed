// The order of entries: by value, key and parts, both ways, the first and the last ones.
#include "image/map_order.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace hawk {
namespace {

using By = EntryOrder::By;
using Direction = EntryOrder::Direction;

constexpr EntryOrder kPrinted = {};
constexpr EntryOrder kAscending{By::kValue, Direction::kAscending, {}};
constexpr EntryOrder kDescending{By::kValue, Direction::kDescending, {}};
constexpr EntryOrder kKeyAscending{By::kKey, Direction::kAscending, {}};
constexpr EntryOrder kKeyDescending{By::kKey, Direction::kDescending, {}};
constexpr EntryOrder kLastValues{By::kValue, Direction::kNone, {}};

template <class Value>
std::vector<std::uint8_t> bytes_of(const Value& value) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(&value);
  return {bytes, bytes + sizeof(value)};
}

// Keys, in order, of entries with the keys 0, 1, ... (u64) and these values.
std::vector<std::uint32_t> order_of(const Type& value, const std::vector<std::vector<std::uint8_t>>& values,
                                    const EntrySelection& selection) {
  MapSchema schema;
  schema.keyed = true;
  schema.key = int_type(8, false);
  schema.value = value;
  std::vector<std::vector<std::uint8_t>> keys;
  for (std::uint64_t i = 0; i < values.size(); ++i) keys.push_back(bytes_of(i));
  std::vector<EntryBytes> entries;
  for (std::size_t i = 0; i < values.size(); ++i) entries.push_back({keys[i], values[i]});
  return ordered_entries(schema, entries, selection, [](std::uint64_t id) {
    const std::string_view texts[] = {"", "b", "a", "ab"};
    return texts[id];
  });
}

TEST(EntryOrder, ByValueAndByKey) {
  using Words = std::array<std::uint64_t, 2>;
  const double nan = std::nan("");
  auto number = [](std::int64_t n) { return bytes_of(n); };
  auto pair = [](std::int64_t a, std::int64_t b) {
    return bytes_of(Words{static_cast<std::uint64_t>(a), static_cast<std::uint64_t>(b)});
  };
  Type stats = aggregation_type(TypeKind::kAvg, true);
  Type floats = float_type();
  std::vector<std::vector<std::uint8_t>> some_floats = {bytes_of(1.5), bytes_of(nan), bytes_of(-2.0), bytes_of(-0.0),
                                                        bytes_of(0.0)};
  struct Row {
    const char* what;
    Type type;
    std::vector<std::vector<std::uint8_t>> values;
    EntrySelection selection;
    std::vector<std::uint32_t> expected;
  };
  const Row rows[] = {
      {"signed", int_type(8, true), {number(3), number(-1), number(2)}, {kAscending}, {1, 2, 0}},
      {"unsigned", int_type(8, false), {number(3), number(-1), number(2)}, {kAscending}, {2, 0, 1}},
      {"descending", int_type(8, true), {number(3), number(-1), number(2)}, {kDescending}, {0, 2, 1}},
      {"ties", int_type(8, true), {number(3), number(1), number(3), number(3)}, {kAscending}, {1, 0, 2, 3}},
      {"ties are not turned", int_type(8, true), {number(3), number(1), number(3)}, {kDescending}, {0, 2, 1}},
      {"by key", int_type(8, true), {number(3), number(1), number(2)}, {kKeyAscending}, {0, 1, 2}},
      {"last keys", int_type(8, true), {number(3), number(1), number(2)}, {kKeyDescending, 2}, {2, 1}},
      {"the first", int_type(8, true), {number(3), number(-1), number(2)}, {kAscending, 2}, {1, 2}},
      {"none of them", int_type(8, true), {number(3), number(-1)}, {kAscending, 0}, {}},
      {"min", aggregation_type(TypeKind::kMin, true), {pair(3, 1), pair(-1, 1)}, {kAscending}, {1, 0}},
      {"avg", stats, {pair(10, 2), pair(-9, 3), pair(12, 4)}, {kAscending}, {1, 2, 0}},
      {"texts", text_type(), {number(1), number(3), number(2), number(0)}, {kAscending}, {3, 2, 1, 0}},
      {"floats", floats, some_floats, {kAscending}, {2, 3, 4, 0, 1}},
      {"NaN is last both ways", floats, some_floats, {kDescending}, {0, 3, 4, 2, 1}},
  };
  for (const Row& row : rows) EXPECT_EQ(order_of(row.type, row.values, row.selection), row.expected) << row.what;
}

TEST(EntryOrder, TheFirstOfMany) {
  std::vector<std::vector<std::uint8_t>> values;
  for (std::uint64_t i = 0; i < 10'000; ++i) values.push_back(bytes_of(i * 7919 % 10'007));
  auto all = order_of(int_type(8, false), values, {kAscending});
  auto few = order_of(int_type(8, false), values, {kAscending, 10});
  all.resize(10);
  EXPECT_EQ(few, all);
}

TEST(EntryOrder, WithoutADirectionTheLastOnesCount) {
  std::vector<std::vector<std::uint8_t>> values = {bytes_of(std::int64_t{3}), bytes_of(std::int64_t{-1}),
                                                   bytes_of(std::int64_t{2})};
  using Keys = std::vector<std::uint32_t>;
  EXPECT_EQ(order_of(int_type(8, true), values, {kPrinted, 2}), (Keys{2, 0}));
  EXPECT_EQ(order_of(int_type(8, true), values, {kLastValues, 1}), (Keys{0}));
  EXPECT_EQ(order_of(int_type(8, true), values, {kLastValues}), (Keys{1, 2, 0}));
}

TEST(EntryOrder, EveryWidthAndSign) {
  using Keys = std::vector<std::uint32_t>;
  for (std::uint32_t bytes : {1U, 2U, 4U, 8U}) {
    std::vector<std::vector<std::uint8_t>> values;
    for (std::int64_t value : {3, -1, 2}) {
      values.push_back(bytes_of(value));
      values.back().resize(bytes);
    }
    EXPECT_EQ(order_of(int_type(bytes, true), values, {kPrinted}), (Keys{1, 2, 0})) << bytes;
    EXPECT_EQ(order_of(int_type(bytes, false), values, {kPrinted}), (Keys{2, 0, 1})) << bytes;
    EXPECT_EQ(order_of(int_type(bytes, true), values, {kDescending, 1}), (Keys{0})) << bytes;
    EXPECT_EQ(order_of(int_type(bytes, false), values, {kDescending, 1}), (Keys{1})) << bytes;
  }
}

// bpftrace's order of signed extremes, where all are printed and no order is asked for.
TEST(EntryOrder, ExtremesAreUnsignedOnlyWhereAllArePrinted) {
  using Words = std::array<std::int64_t, 2>;
  std::vector<std::vector<std::uint8_t>> values = {bytes_of(Words{3, 1}), bytes_of(Words{-1, 1})};
  Type min = aggregation_type(TypeKind::kMin, true);
  using Keys = std::vector<std::uint32_t>;
  EXPECT_EQ(order_of(min, values, {kPrinted}), (Keys{0, 1}));
  EXPECT_EQ(order_of(min, values, {kPrinted, 1}), (Keys{0}));
  EXPECT_EQ(order_of(min, values, {kAscending}), (Keys{1, 0}));
}

TEST(EntryOrder, ByPart) {
  using Pair = std::array<std::int64_t, 2>;
  std::vector<std::vector<std::uint8_t>> values = {bytes_of(Pair{1, 7}), bytes_of(Pair{2, -7}), bytes_of(Pair{3, 0})};
  using Keys = std::vector<std::uint32_t>;
  Type pair = tuple_type({int_type(8, true), int_type(8, true)});
  EXPECT_EQ(order_of(pair, values, {{By::kValue, Direction::kAscending, {2}}}), (Keys{1, 2, 0}));
  Type stats = aggregation_type(TypeKind::kStats, true);  // total, count
  std::vector<std::vector<std::uint8_t>> numbers = {bytes_of(Pair{10, 5}), bytes_of(Pair{9, 1}), bytes_of(Pair{12, 4})};
  auto count = std::uint16_t{1};
  auto total = std::uint16_t{3};
  EXPECT_EQ(order_of(stats, numbers, {{By::kValue, Direction::kDescending, {count}}}), (Keys{0, 2, 1}));
  EXPECT_EQ(order_of(stats, numbers, {{By::kValue, Direction::kDescending, {total}}}), (Keys{2, 0, 1}));
  EXPECT_EQ(order_of(stats, numbers, {kDescending}), (Keys{1, 2, 0}));
}

TEST(EntryOrder, RowsWithoutAValue) {
  using Keys = std::vector<std::uint32_t>;
  std::vector<std::vector<std::uint8_t>> values = {bytes_of(std::int64_t{3}), {}, bytes_of(std::int64_t{-5})};
  EXPECT_EQ(order_of(int_type(8, true), values, {kAscending}), (Keys{2, 0, 1}));
  EXPECT_EQ(order_of(int_type(8, true), values, {kDescending}), (Keys{0, 2, 1}));
  EXPECT_EQ(order_of(int_type(8, true), values, {kLastValues, 2}), (Keys{2, 0}));
}

}  // namespace
}  // namespace hawk
