// Time series as text and as JSON. The graphs are what bpftrace 0.27.1 printed for the same values.
#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

#include "image/time_series.h"
#include "output/map_table.h"
#include "output_values.h"

namespace hawk::test {
namespace {

constexpr std::int64_t kMs = 1'000'000;
constexpr std::uint64_t kFirst = 1'000'000;  // the number of the interval that the rows below begin with

// The bytes of a series whose intervals from kFirst on hold these values; the last one is the newest.
Data series(const Type& type, const std::vector<std::optional<std::int64_t>>& values) {
  Data data(type.size);
  std::uint32_t bucket_size = series_bucket_size(static_cast<SeriesKeeps>(type.count));
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!values[i]) continue;
    std::uint64_t interval = kFirst + i;
    Data bucket = i64(*values[i]) + u64(interval + 1) + u64(1);
    std::copy_n(bucket.begin(), bucket_size,
                data.begin() +
                    static_cast<std::ptrdiff_t>(interval % static_cast<std::uint64_t>(type.range_max) * bucket_size));
  }
  return data;
}

Type sums(std::int64_t interval, std::int64_t length, bool is_signed = true) {
  return time_series_type(SeriesKeeps::kSum, is_signed, interval, length);
}

class Series : public testing::Test {
 public:
  void SetUp() override {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
  }

  Series& map(const Type& key, const Type& value) {
    schema_.name = "t";
    schema_.key = key;
    schema_.keyed = key.kind != TypeKind::kNone;
    schema_.value = value;
    snapshot_.schema = &schema_;
    return *this;
  }
  Series& entry(const Data& key, const std::vector<std::optional<std::int64_t>>& values) {
    snapshot_.entries.push_back({key, series(schema_.value, values)});
    return *this;
  }
  [[nodiscard]] std::string print(const MapView& view = {}) {
    std::string out;
    append_map(out, snapshot_, view, world_.context());
    return out;
  }
  [[nodiscard]] std::string json() {
    std::string out;
    append_map_json(out, snapshot_, {}, world_.context());
    return out;
  }

  World world_;
  MapSchema schema_;
  MapSnapshot snapshot_;
};

TEST_F(Series, StarsBetweenTheBoundsAndADotForZero) {
  map(none_type(), sums(20 * kMs, 13)).entry({}, {-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7});
  EXPECT_EQ(print(),
            "@t:\n"
            "             -5                                                  7\n"
            "hh:mm:ss.ms  |___________________________________________________|\n"
            "05:33:20.000 *                     .                             | -5\n"
            "05:33:20.020 |   *                 .                             | -4\n"
            "05:33:20.040 |       *             .                             | -3\n"
            "05:33:20.060 |            *        .                             | -2\n"
            "05:33:20.080 |                *    .                             | -1\n"
            "05:33:20.100 |                    *.                             | 0\n"
            "05:33:20.120 |                     .   *                         | 1\n"
            "05:33:20.140 |                     .       *                     | 2\n"
            "05:33:20.160 |                     .           *                 | 3\n"
            "05:33:20.180 |                     .                *            | 4\n"
            "05:33:20.200 |                     .                    *        | 5\n"
            "05:33:20.220 |                     .                        *    | 6\n"
            "05:33:20.240 |                     .                             * 7\n"
            "             v___________________________________________________v\n"
            "             -5                                                  7\n\n");
}

TEST_F(Series, TheDotMayLieOnABorder) {
  map(none_type(), sums(20 * kMs, 3)).entry({}, {-1000, 1});
  EXPECT_EQ(print(),
            "@t:\n"
            "             -1000                                               1\n"
            "hh:mm:ss.ms  |___________________________________________________|\n"
            "05:33:20.000 *                                                   . -1000\n"
            "05:33:20.020 |                                                   * 1\n"
            "             v___________________________________________________v\n"
            "             -1000                                               1\n\n");
}

TEST_F(Series, GapsHaveRowsAndOneValueLiesInTheMiddle) {
  map(none_type(), sums(1000 * kMs, 3)).entry({}, {1, std::nullopt, 100});
  EXPECT_EQ(print(),
            "@t:\n"
            "         1                                                 100\n"
            "hh:mm:ss |___________________________________________________|\n"
            "13:46:40 *                                                   | 1\n"
            "13:46:41 |                                                   | -\n"
            "13:46:42 |                                                   * 100\n"
            "         v___________________________________________________v\n"
            "         1                                                 100\n\n");
  snapshot_.entries.clear();
  entry({}, {5});
  EXPECT_EQ(print(),
            "@t:\n"
            "                   4                                                   6\n"
            "hh:mm:ss.ns        |___________________________________________________|\n"
            "13:46:40.000000000 |                         *                         | 5\n"
            "                   v___________________________________________________v\n"
            "                   4                                                   6\n\n");
}

// As bpftrace fills the heading up by bytes, its border stands one column to the left.
TEST_F(Series, Microseconds) {
  map(none_type(), sums(3000, 12)).entry({}, {-40, -32, 1, 35, 59});
  EXPECT_EQ(print(),
            "@t:\n"
            "                -40                                                59\n"
            "hh:mm:ss.μs    |___________________________________________________|\n"
            "00:00:03.000000 *                    .                              | -40\n"
            "00:00:03.000003 |   *                .                              | -32\n"
            "00:00:03.000006 |                    *                              | 1\n"
            "00:00:03.000009 |                    .                 *            | 35\n"
            "00:00:03.000012 |                    .                              * 59\n"
            "                v___________________________________________________v\n"
            "                -40                                                59\n\n");
}

TEST_F(Series, TheBoundsStayInTheType) {
  map(none_type(), sums(1000 * kMs, 3, false)).entry({}, {-1});
  EXPECT_NE(print().find("|                                                   * 18446744073709551615\n"),
            std::string::npos);
  EXPECT_NE(print().find("   18446744073709551614             18446744073709551615\n"), std::string::npos);
  snapshot_.entries.clear();
  entry({}, {0});
  EXPECT_NE(print().find("*                                                   | 0\n"), std::string::npos);
  map(none_type(), sums(1000 * kMs, 3)).entry({}, {INT64_MIN});
  snapshot_.entries.erase(snapshot_.entries.begin());
  EXPECT_NE(print().find("   -9223372036854775808             -9223372036854775807\n"), std::string::npos);
}

// bpftrace puts every star of such a series on the left border.
TEST_F(Series, ARangeOfMoreThan63BitsIsDrawn) {
  map(none_type(), sums(1000 * kMs, 3)).entry({}, {INT64_MIN, 0, INT64_MAX});
  EXPECT_NE(print().find("|                         *                         | 0\n"), std::string::npos) << print();
}

// All keys end with the newest interval of any; one that has nothing left to show has that row alone.
TEST_F(Series, KeysShareTheirNewestInterval) {
  map(int_type(2, true), sums(10 * kMs, 3));
  entry({1, 0}, {7, 8}).entry({0, 1}, {std::nullopt, std::nullopt, std::nullopt, 5}).entry({2, 0}, {3});
  std::string text = print();
  EXPECT_EQ(text,
            "@t[256]:\n"
            "                   4                                                   6\n"
            "hh:mm:ss.ns        |___________________________________________________|\n"
            "02:46:40.030000000 |                         *                         | 5\n"
            "                   v___________________________________________________v\n"
            "                   4                                                   6\n\n"
            "@t[1]:\n"
            "             7                                                   9\n"
            "hh:mm:ss.ms  |___________________________________________________|\n"
            "02:46:40.010 |                         *                         | 8\n"
            "02:46:40.020 |                                                   | -\n"
            "02:46:40.030 |                                                   | -\n"
            "             v___________________________________________________v\n"
            "             7                                                   9\n\n"
            "@t[2]:\n"
            "                   null                                             null\n"
            "hh:mm:ss.ns        |___________________________________________________|\n"
            "02:46:40.030000000 |                                                   | -\n"
            "                   v___________________________________________________v\n"
            "                   null                                             null\n\n");
  EXPECT_EQ(print({.top = 1, .div = 7}), text);
  EXPECT_EQ(
      json(),
      R"({"type": "tseries", "data": {"@t": {"256": [{"interval_start":"1970-01-01 02:46:40.030000000","value":5}], )"
      R"("1": [{"interval_start":"1970-01-01 02:46:40.010000000","value":8}], "2": []}}})"
      "\n");
}

TEST_F(Series, WithoutValues) {
  map(none_type(), sums(10 * kMs, 3)).entry({}, {});
  EXPECT_EQ(print(), "@t:\n<no data>\n");
  EXPECT_EQ(json(), "{\"type\": \"tseries\", \"data\": {\"@t\": []}}\n");
  snapshot_.written = false;
  EXPECT_EQ(print() + json(), "");
}

TEST_F(Series, TextIsInLocalTimeAndJsonInUtc) {
  map(none_type(), sums(1000 * kMs, 3)).entry({}, {1, 18014398509481985});
  ::setenv("TZ", "EAST-5", 1);
  ::tzset();
  EXPECT_NE(print().find("\n18:46:40 *"), std::string::npos) << print();
  EXPECT_EQ(json(),
            R"({"type": "tseries", "data": {"@t": [{"interval_start":"1970-01-12 13:46:40.000000000","value":1},)"
            R"({"interval_start":"1970-01-12 13:46:41.000000000","value":18014398509481985}]}})"
            "\n");
}

// --- what the buckets hold ------------------------------------------------------------------------

Data bucket(std::int64_t value, std::uint64_t mark) { return i64(value) + u64(mark); }
Data bucket(std::int64_t value, std::uint64_t mark, std::uint64_t count) { return bucket(value, mark) + u64(count); }

Data merged(const Type& type, Data into, const Data& from) {
  merge_series(type, into, from);
  return into;
}

TEST(SeriesMerge, TheNewerIntervalStays) {
  Type type = time_series_type(SeriesKeeps::kMax, true, 10, 2);
  Data mine = bucket(9, 5) + bucket(0, 0);
  EXPECT_EQ(merged(type, mine, bucket(1, 7) + bucket(4, 4)), bucket(1, 7) + bucket(4, 4));
  EXPECT_EQ(merged(type, mine, bucket(99, 3) + bucket(0, 0)), mine);
}

TEST(SeriesMerge, OneIntervalOfTwoCpus) {
  auto one = [](SeriesKeeps keeps, bool is_signed = true) { return time_series_type(keeps, is_signed, 10, 1); };
  EXPECT_EQ(merged(one(SeriesKeeps::kSum), bucket(2, 5), bucket(-3, 5)), bucket(-1, 5));
  EXPECT_EQ(merged(one(SeriesKeeps::kMin), bucket(2, 5), bucket(-3, 5)), bucket(-3, 5));
  EXPECT_EQ(merged(one(SeriesKeeps::kMin, false), bucket(2, 5), bucket(-3, 5)), bucket(2, 5));
  EXPECT_EQ(merged(one(SeriesKeeps::kMax), bucket(2, 5), bucket(-3, 5)), bucket(2, 5));
  EXPECT_EQ(merged(one(SeriesKeeps::kMax, false), bucket(2, 5), bucket(-3, 5)), bucket(-3, 5));
  EXPECT_EQ(merged(one(SeriesKeeps::kAvg), bucket(2, 5, 1), bucket(-3, 5, 2)), bucket(-1, 5, 3));
  // The marks of last values are times.
  EXPECT_EQ(merged(one(SeriesKeeps::kLast), bucket(2, 57), bucket(-3, 53)), bucket(2, 57));
  EXPECT_EQ(merged(one(SeriesKeeps::kLast), bucket(2, 53), bucket(-3, 57)), bucket(-3, 57));
}

TEST(SeriesValue, Averages) {
  Type type = time_series_type(SeriesKeeps::kAvg, true, 10, 1);
  EXPECT_EQ(series_value(type, bucket(-7, 6, 2), 5), static_cast<std::uint64_t>(-3));
  EXPECT_EQ(series_value(type, bucket(-7, 6, 2), 4), std::nullopt);
  EXPECT_EQ(series_value(time_series_type(SeriesKeeps::kLast, true, 10, 1), bucket(8, 57), 5), 8U);
}

}  // namespace
}  // namespace hawk::test
