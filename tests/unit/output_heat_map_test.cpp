// Heat maps as text and as JSON; what stddev and percentiles print.
#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

#include "image/heat_map.h"
#include "output/map_table.h"
#include "output_values.h"

namespace hawk::test {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kFirst = 1'000'000;  // the number of the interval that the columns below begin with

struct Cell {
  std::uint64_t column;
  std::uint32_t bucket;  // of hist(x, 0): 1 is 0, 2 is 1, 3 is [2, 4)
  std::uint32_t count;
};

Data heat(const Type& type, const std::vector<Cell>& cells) {
  Data data(type.size);
  for (const Cell& cell : cells) {
    std::uint64_t interval = kFirst + cell.column;
    std::size_t place = interval % static_cast<std::uint64_t>(type.range_max) * kHeatIntervalSize;
    std::uint64_t mark = interval + 1;
    std::memcpy(data.data() + place, &mark, 8);
    std::memcpy(data.data() + place + 8 + cell.bucket * std::size_t{4}, &cell.count, 4);
  }
  return data;
}

class HeatMaps : public testing::Test {
 public:
  void SetUp() override {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
    schema_.name = "h";
    snapshot_.schema = &schema_;
  }

  HeatMaps& scalar(const Type& value, const Data& data) {
    schema_.value = value;
    snapshot_.entries = {{{}, data}};
    return *this;
  }
  [[nodiscard]] std::string print(const Shading& shading = {}, const MapView& range = {}) {
    FormatContext context = world_.context();
    context.shading = shading;
    std::string out;
    append_map(out, snapshot_, range, context);
    return out;
  }
  [[nodiscard]] std::string json(const MapView& range = {}) {
    std::string out;
    append_map_json(out, snapshot_, range, world_.context());
    return out;
  }

  World world_;
  MapSchema schema_;
  MapSnapshot snapshot_;
};

}  // namespace

TEST_F(HeatMaps, TimeGoesToTheRightAndValuesUp) {
  Type type = heat_map_type(kSecond, 30);
  EXPECT_EQ(
      scalar(type, heat(type, {{0, 11, 1}, {0, 10, 256}, {2, 12, 4}, {2, 10, 16}, {3, 9, 1}, {24, 10, 255}})).print(),
      "@h:\n"
      "[1K, 2K)        |  -                      |\n"
      "[512, 1K)       |.                        |\n"
      "[256, 512)      |@ +                     @|\n"
      "[128, 256)      |   .                     |\n"
      "                |_________________________|\n"
      "                 13:46:40         13:47:04\n"
      "                 . 1  : 2  - 4  = 8  + 16  * 32  # 64  @ 128  1s a column\n\n");
}

TEST_F(HeatMaps, NegativesAreTheLowestRow) {
  Type type = heat_map_type(250'000'000, 4);
  EXPECT_EQ(scalar(type, heat(type, {{0, 0, 1}, {1, 1, 1}, {1, 2, 1}})).print(),
            "@h:\n"
            "[1]             | @|\n"
            "[0]             | @|\n"
            "(..., 0)        |@ |\n"
            "                |__|\n"
            "                 21:26:40.000 21:26:40.250\n"
            "                 @ 1  250ms a column\n\n");
}

TEST_F(HeatMaps, ATerminalShowsBlocksAndColours) {
  Type type = heat_map_type(60 * kSecond, 4);
  scalar(type, heat(type, {{0, 3, 1}, {1, 3, 16}, {1, 4, 2}}));
  EXPECT_EQ(print({.blocks = true}),
            "@h:\n"
            "[4, 8)          | ▒|\n"
            "[2, 4)          |░█|\n"
            "                |__|\n"
            "                 10:40:00 10:41:00\n"
            "                 ░ 1  ▒ 2  ▓ 4  █ 8  1m a column\n\n");
  std::string coloured = print({.blocks = true, .colour = true});
  EXPECT_NE(coloured.find("| \x1b[38;5;124m▒\x1b[0m|\n"), std::string::npos) << coloured;
  EXPECT_NE(coloured.find("|\x1b[38;5;52m░\x1b[38;5;229m█\x1b[0m|\n"), std::string::npos) << coloured;
  EXPECT_NE(print({.colour = true}).find("\x1b[38;5;229m@\x1b[0m|"), std::string::npos);
}

TEST_F(HeatMaps, OnlyTheNewestColumnsFitANarrowTerminal) {
  Type type = heat_map_type(kSecond, 30);
  scalar(type, heat(type, {{0, 11, 1}, {3, 9, 1}, {5, 10, 1}}));
  EXPECT_EQ(print({.width = 18 + 3}),
            "@h:\n"
            "[512, 1K)       |   |\n"
            "[256, 512)      |  @|\n"
            "[128, 256)      |@  |\n"
            "                |___|\n"
            "                 13:46:43 13:46:45\n"
            "                 @ 1  1s a column\n\n");
}

TEST_F(HeatMaps, AllKeysEndWithTheNewestInterval) {
  Type type = heat_map_type(kSecond, 4);
  schema_.keyed = true;
  schema_.key = int_type(8, true);
  schema_.value = type;
  snapshot_.entries = {{i64(1), heat(type, {{0, 3, 5}})}, {i64(2), heat(type, {{2, 3, 1}})}, {i64(3), Data(type.size)}};
  std::string text = print();
  EXPECT_NE(text.find("@h[3]:\n<no data>\n@h[2]:\n[2, 4)          |@|\n"), std::string::npos) << text;
  EXPECT_NE(text.find("@h[1]:\n[2, 4)          |@  |\n"), std::string::npos) << text;
  EXPECT_EQ(print({}, {.top = 1}).find("@h[1]:"), 0U);  // the one with the most values
}

TEST_F(HeatMaps, JsonIsTheMatrix) {
  Type type = heat_map_type(kSecond, 4);
  EXPECT_EQ(scalar(type, heat(type, {{0, 0, 1}, {2, 1, 7}, {2, 2, 2}})).json(),
            R"({"type": "heatmap", "data": {"@h": {"interval_ns": 1000000000, "buckets": )"
            R"([{"max": -1},{"min": 0, "max": 0},{"min": 1, "max": 1}], "intervals": )"
            R"([{"interval_start": "1970-01-12 13:46:40.000000000", "counts": [1,0,0]},)"
            R"({"interval_start": "1970-01-12 13:46:41.000000000", "counts": [0,0,0]},)"
            R"({"interval_start": "1970-01-12 13:46:42.000000000", "counts": [0,7,2]}]}}})"
            "\n");
  EXPECT_EQ(scalar(type, Data(type.size)).json(),
            R"({"type": "heatmap", "data": {"@h": {"interval_ns": 1000000000, "buckets": [], "intervals": []}}})"
            "\n");
}

TEST_F(HeatMaps, PercentilesAndDeviationsAreNamedNumbers) {
  Type type = percentiles_type(5, true);
  Data data = i64(-3) + u64(1) + i64(9) + u64(1);
  data.resize(type.size);
  auto add = [&](std::size_t bucket, std::uint64_t count) {
    std::memcpy(data.data() + kPercentileCounts + bucket * 8, &count, 8);
  };
  add(9, 1);                               // 9
  add(4, 98);                              // 4
  add(percentile_bucket_count(5) + 3, 1);  // -3
  EXPECT_EQ(scalar(type, data).print(),
            "@h: { .count = 100, .min = -3, .p50 = 4, .p90 = 4, .p99 = 4, .p99.9 = 9, .max = 9 }\n");
  EXPECT_EQ(print({}, {.div = 3}),
            "@h: { .count = 100, .min = -1, .p50 = 1, .p90 = 1, .p99 = 1, .p99.9 = 3, .max = 3 }\n");
  EXPECT_EQ(json(),
            R"({"type": "stats", "data": {"@h": {"count": 100, "min": -3, "p50": 4, "p90": 4, "p99": 4, "p99.9": 9, )"
            R"("max": 9}}})"
            "\n");
  Data deviation = u64(4) + i64(10) + u64(0) + u64(30) + u64(0) + u64(0);  // 1, 2, 3, 4
  EXPECT_EQ(scalar(aggregation_type(TypeKind::kDeviation, true), deviation).print(),
            "@h: { .count = 4, .average = 2.5, .stddev = 1.118033988749895 }\n");
  EXPECT_EQ(json({.div = 10}),
            R"({"type": "stats", "data": {"@h": {"count": 4, "average": 0.25, "stddev": 0.1118033988749895}}})"
            "\n");
}

}  // namespace hawk::test
