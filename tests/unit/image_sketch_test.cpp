// Percentiles, standard deviations and heat maps out of bytes, and the merging of those of several CPUs.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <random>

#include "image/deviation.h"
#include "image/event.h"
#include "image/heat_map.h"
#include "image/percentiles.h"

namespace hawk::test {

namespace {

using Data = std::vector<std::uint8_t>;

void put(Data& data, std::size_t offset, std::uint64_t word) { std::memcpy(data.data() + offset, &word, 8); }
std::uint64_t get(const Data& data, std::size_t offset) { return load_word(data, offset / 8); }

// The bytes of a map that has seen these values.
Data sketch(const Type& type, const std::vector<std::int64_t>& values) {
  Data data(type.size);
  for (std::int64_t value : values) {
    std::uint64_t magnitude = value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
    std::uint32_t bucket = 1;
    while (hist_bucket_range(bucket, type.count).high < magnitude) ++bucket;
    if (value < 0) bucket += percentile_bucket_count(type.count);
    std::size_t place = kPercentileCounts + (bucket - 1) * std::size_t{8};
    put(data, place, get(data, place) + 1);
  }
  if (values.empty()) return data;
  put(data, 0, static_cast<std::uint64_t>(*std::min_element(values.begin(), values.end())));
  put(data, 8, 1);
  put(data, 16, static_cast<std::uint64_t>(*std::max_element(values.begin(), values.end())));
  put(data, 24, 1);
  return data;
}

std::int64_t exact(const std::vector<std::int64_t>& sorted, double percent) {
  auto rank = static_cast<std::size_t>(std::ceil(percent * static_cast<double>(sorted.size()) / 100));
  return sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1];
}

void add_square(Data& data, std::uint64_t value, bool negative) {
  __extension__ using Wide = unsigned __int128;
  Data one(48);
  Wide sum = negative ? -Wide{value} : Wide{value};
  Wide square = Wide{value} * value;
  put(one, 0, 1);
  put(one, 8, static_cast<std::uint64_t>(sum));
  put(one, 16, static_cast<std::uint64_t>(sum >> 64));
  put(one, 24, static_cast<std::uint64_t>(square));
  put(one, 32, static_cast<std::uint64_t>(square >> 64));
  merge_deviation(data, one);
}

Deviation deviation_of(const std::vector<std::int64_t>& values, bool is_signed = true) {
  Type type = aggregation_type(TypeKind::kDeviation, is_signed);
  Data data(type.size);
  for (std::int64_t value : values) {
    bool negative = is_signed && value < 0;
    add_square(data, negative ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value), negative);
  }
  return load_deviation(type, data);
}

Data heat(const Type& type, std::uint64_t interval, std::uint32_t bucket, std::uint32_t count) {
  Data data(type.size);
  std::size_t column = interval % static_cast<std::uint64_t>(type.range_max) * kHeatIntervalSize;
  put(data, column, interval + 1);
  std::memcpy(data.data() + column + 8 + bucket * std::size_t{4}, &count, 4);
  return data;
}

}  // namespace

TEST(Percentiles, AreWithinTheirPrecision) {
  std::mt19937_64 random(7);
  for (std::uint32_t bits : {0U, 3U, 5U}) {
    Type type = percentiles_type(bits, true);
    std::vector<std::int64_t> values;
    for (int i = 0; i < 3000; ++i) values.push_back(static_cast<std::int64_t>(random()) >> (random() % 64));
    Data data = sketch(type, values);
    std::sort(values.begin(), values.end());
    for (double percent : {0.0, 0.1, 1.0, 10.0, 33.3, 50.0, 66.0, 90.0, 99.0, 99.9, 100.0}) {
      auto want = static_cast<long double>(exact(values, percent));
      auto got = static_cast<long double>(static_cast<std::int64_t>(percentile(type, data, percent)));
      EXPECT_LE(std::abs(got - want), std::abs(want) / (2U << bits)) << percent << " of " << bits << " bits";
    }
    EXPECT_EQ(static_cast<std::int64_t>(percentile(type, data, 0)), values.front());
    EXPECT_EQ(static_cast<std::int64_t>(percentile(type, data, 100)), values.back());
  }
}

TEST(Percentiles, OfNothingAndOfOneValue) {
  Type type = percentiles_type(5, true);
  EXPECT_EQ(percentile(type, sketch(type, {}), 50), 0U);
  for (std::int64_t value : {INT64_MIN, INT64_MIN + 1, std::int64_t{-1000}, std::int64_t{0}, INT64_MAX}) {
    for (double percent : {0.0, 50.0, 100.0})
      EXPECT_EQ(static_cast<std::int64_t>(percentile(type, sketch(type, {value}), percent)), value);
  }
  EXPECT_EQ(percentile(type, sketch(type, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}), std::nan("")), 1U);
}

TEST(Percentiles, AreMergedOverCpus) {
  Type type = percentiles_type(4, true);
  std::vector<std::int64_t> first = {-5, 3, 1000, 1'000'000};
  std::vector<std::int64_t> second = {-500, 7, 7, 7, 12'345'678};
  Data merged = sketch(type, first);
  merge_per_cpu(type, merged, sketch(type, {}));
  merge_per_cpu(type, merged, sketch(type, second));
  first.insert(first.end(), second.begin(), second.end());
  EXPECT_EQ(merged, sketch(type, first));
}

TEST(StandardDeviation, OfAPopulation) {
  Deviation few = deviation_of({2, 4, 4, 4, 5, 5, 7, 9});
  EXPECT_EQ(few.count, 8U);
  EXPECT_EQ(few.average, 5);
  EXPECT_EQ(few.deviation, 2);
  EXPECT_EQ(deviation_of({}).deviation, 0);
  EXPECT_EQ(deviation_of({-7}).average, -7);
  EXPECT_EQ(deviation_of({-7}).deviation, 0);
}

// Where the values are large and differ little, the square of the mean is as large as the mean of the squares.
TEST(StandardDeviation, DoesNotCancel) {
  constexpr std::int64_t kNow = 1'800'000'000'000'000'000;
  Deviation times = deviation_of({kNow - 3, kNow + 3, kNow - 3, kNow + 3});
  EXPECT_EQ(times.deviation, 3);
  EXPECT_EQ(times.average, static_cast<double>(kNow));
}

TEST(StandardDeviation, HoldsTheLargestValues) {
  std::vector<std::int64_t> values(1000, -1);  // 2^64 - 1
  values.resize(2000, 0);
  Deviation half = deviation_of(values, false);
  EXPECT_DOUBLE_EQ(half.average, std::ldexp(1, 63));
  EXPECT_DOUBLE_EQ(half.deviation, std::ldexp(1, 63));
  EXPECT_DOUBLE_EQ(deviation_of({INT64_MIN, INT64_MAX}).deviation, std::ldexp(1, 63));
}

TEST(StandardDeviation, IsThatOfTwoPasses) {
  std::mt19937_64 random(1);
  std::vector<std::int64_t> values;
  for (int i = 0; i < 2000; ++i) values.push_back(static_cast<std::int64_t>(random()) >> 20);
  long double sum = 0;
  for (std::int64_t value : values) sum += static_cast<long double>(value);
  long double mean = sum / static_cast<long double>(values.size());
  long double squares = 0;
  for (std::int64_t value : values) squares += std::pow(static_cast<long double>(value) - mean, 2.0L);
  auto expected = static_cast<double>(std::sqrt(squares / static_cast<long double>(values.size())));
  EXPECT_NEAR(deviation_of(values).deviation, expected, expected * 1e-12);
}

TEST(HeatMap, KeepsTheNewestIntervalOfAColumn) {
  Type type = heat_map_type(1000, 4);
  Data merged = heat(type, 101, 5, 2);
  merge_per_cpu(type, merged, heat(type, 101, 5, 3));
  merge_per_cpu(type, merged, heat(type, 97, 6, 9));  // the same column, older
  merge_per_cpu(type, merged, heat(type, 103, 7, 1));
  merge_per_cpu(type, merged, heat(type, 106, 8, 4));  // in the column of 102
  EXPECT_EQ(newest_heat_interval(type, merged), 106U);
  std::vector<HeatInterval> intervals = heat_intervals(type, merged, 106);
  ASSERT_EQ(intervals.size(), 2U);  // 101 and 102 are out of the ring
  EXPECT_EQ(intervals[0].interval, 103U);
  EXPECT_EQ(intervals[0].counts[7], 1U);
  EXPECT_EQ(intervals[1].counts[8], 4U);
  EXPECT_EQ(heat_samples(type, merged), 5U);
  EXPECT_EQ(heat_intervals(type, merged, 104).size(), 2U);  // 101, 103
}

TEST(HeatMap, CountsStopAtTheirMost) {
  Type type = heat_map_type(1000, 2);
  Data merged = heat(type, 10, 3, UINT32_MAX - 1);
  merge_per_cpu(type, merged, heat(type, 10, 3, 5));
  EXPECT_EQ(heat_intervals(type, merged, 10).at(0).counts[3], UINT32_MAX);
}

}  // namespace hawk::test
