// Whole maps: layout, order, histograms, top and div, as text and as JSON.
#include <gtest/gtest.h>

#include <cmath>

#include "output/histogram.h"
#include "output/map_table.h"
#include "output_values.h"

namespace hawk::test {
namespace {

class MadeMap {
 public:
  MadeMap(const std::string& name, const Type& key, const Type& value) {
    schema_.name = name;
    schema_.keyed = key.kind != TypeKind::kNone;
    schema_.key = key;
    schema_.value = value;
  }
  MadeMap& entry(const Data& key, const Data& value) {
    snapshot_.entries.push_back({key, value});
    return *this;
  }
  MadeMap& unwritten() {
    snapshot_.written = false;
    return *this;
  }
  MadeMap& hidden() {
    schema_.printed_at_exit = false;
    return *this;
  }
  [[nodiscard]] MapSnapshot snapshot() const {
    MapSnapshot snapshot = snapshot_;
    snapshot.schema = &schema_;
    return snapshot;
  }
  [[nodiscard]] std::string print(const MapView& view = {}) const {
    World world;
    std::string out;
    append_map(out, snapshot(), view, world.context());
    return out;
  }
  [[nodiscard]] std::string json(const MapView& view = {}) const {
    World world;
    std::string out;
    append_map_json(out, snapshot(), view, world.context());
    return out;
  }

 private:
  MapSchema schema_;
  MapSnapshot snapshot_;
};

const Type kKey = int_type(8, true);
const Type kCount = aggregation_type(TypeKind::kCount, false);
const Type kStats = aggregation_type(TypeKind::kStats, true);
const Type kAvg = aggregation_type(TypeKind::kAvg, true);

// A histogram's bytes with `count` in each of the given buckets.
Data buckets(const Type& type, std::vector<std::pair<std::uint32_t, std::uint64_t>> counts) {
  Data data(type.size);
  for (auto [index, count] : counts) std::memcpy(data.data() + 8 * index, &count, 8);
  return data;
}

std::string row(const std::string& label, const std::string& count, std::size_t bar) {
  return label + std::string(16 - label.size(), ' ') + std::string(8 - count.size(), ' ') + count + " |" +
         std::string(bar, '@') + std::string(52 - bar, ' ') + "|\n";
}

TEST(MapText, Layout) {
  EXPECT_EQ(MadeMap("x", none_type(), kCount).entry({}, u64(3)).print(), "@x: 3\n");
  EXPECT_EQ(MadeMap("", kKey, kKey).entry(i64(-1), i64(2)).print(), "@[-1]: 2\n");
  Type pair = tuple_type({string_type(8), int_type(8, true)});
  EXPECT_EQ(MadeMap("m", pair, kCount).entry(text("abc", 8) + i64(1), u64(2)).print(), "@m[abc, 1]: 2\n");
  Type record = record_type({{"a", kKey}});
  EXPECT_EQ(MadeMap("m", record, kCount).entry(i64(1), u64(2)).print(), "@m[{ .a = 1 }]: 2\n");
  Type stack = stack_type(true, StackMode::kBpftrace, 1);
  Data frames = word(1U) + word(0U) + u64(0x1001);
  EXPECT_EQ(MadeMap("", stack, kCount).entry(frames, u64(1)).print(), "@[\n        work+1\n]: 1\n");
  Type folded = stack_type(true, StackMode::kFolded, 1);
  EXPECT_EQ(MadeMap("", folded, kCount).entry(frames, u64(1)).print(), "@[work]: 1\n");
  EXPECT_EQ(MadeMap("z", none_type(), stack).entry({}, frames).print(), "@z: \n        work+1\n\n");
}

TEST(MapText, FloatsAscendTextsDoNot) {
  MadeMap floats("f", kKey, float_type());
  floats.entry(i64(1), f64(NAN)).entry(i64(2), f64(1.5)).entry(i64(3), f64(-2)).entry(i64(4), f64(INFINITY));
  floats.entry(i64(5), f64(-INFINITY)).entry(i64(6), f64(0)).entry(i64(7), f64(-0.0));
  EXPECT_EQ(floats.print(), "@f[5]: -inf\n@f[3]: -2.0\n@f[6]: 0.0\n@f[7]: -0.0\n@f[2]: 1.5\n@f[4]: inf\n@f[1]: nan\n");
  EXPECT_EQ(MadeMap("f", kKey, float_type()).entry(i64(1), f64(1.5)).print({.div = 4}), "@f[1]: 0.375\n");
  EXPECT_EQ(MadeMap("t", text_type(), kKey).entry(u64(1), i64(1)).entry(u64(2), i64(1)).print(),
            "@t[a c]: 1\n@t[b]: 1\n");
  EXPECT_EQ(MadeMap("t", kKey, text_type()).entry(i64(2), u64(2)).entry(i64(1), u64(1)).print(),
            "@t[1]: b\n@t[2]: a c\n");
  EXPECT_EQ(MadeMap("t", float_type(), kKey).entry(f64(2), i64(1)).entry(f64(-1), i64(1)).print(),
            "@t[-1.0]: 1\n@t[2.0]: 1\n");
}

TEST(MapText, UnwrittenScalars) {
  EXPECT_EQ(MadeMap("a", none_type(), kKey).entry({}, i64(0)).unwritten().print(), "@a: 0\n");
  EXPECT_EQ(MadeMap("s", none_type(), string_type(4)).entry({}, text("", 4)).unwritten().print(), "@s: \n");
  EXPECT_EQ(MadeMap("st", none_type(), kStats).entry({}, Data(16)).unwritten().print(),
            "@st: { .count = 0, .average = 0, .total = 0 }\n");
  EXPECT_EQ(MadeMap("h", none_type(), hist_type(0)).entry({}, Data(hist_type(0).size)).unwritten().print(), "");
  EXPECT_EQ(MadeMap("k", kKey, kCount).print(), "");
  EXPECT_EQ(MadeMap("h", none_type(), hist_type(0)).entry({}, Data(hist_type(0).size)).print(), "@h:\n\n");
}

TEST(MapOrder, IntegersByValueThenKey) {
  Type narrow = int_type(1, true);
  EXPECT_EQ(MadeMap("x", kKey, narrow).entry(i64(9), i8(1)).entry(i64(2), i8(-3)).entry(i64(3), i8(1)).print(),
            "@x[2]: -3\n@x[3]: 1\n@x[9]: 1\n");
  Type wide = int_type(8, false);
  EXPECT_EQ(MadeMap("x", kKey, wide).entry(i64(1), u64(~0ULL)).entry(i64(2), u64(5)).print(),
            "@x[2]: 5\n@x[1]: 18446744073709551615\n");
}

TEST(MapOrder, Aggregations) {
  Type min = aggregation_type(TypeKind::kMin, true);
  EXPECT_EQ(MadeMap("m", kKey, min).entry(i64(1), i64(-5) + u64(1)).entry(i64(2), i64(3) + u64(1)).print(),
            "@m[2]: 3\n@m[1]: -5\n");
  EXPECT_EQ(MadeMap("a", kKey, kAvg).entry(i64(1), i64(10) + u64(2)).entry(i64(2), i64(-4) + u64(1)).print(),
            "@a[2]: -4\n@a[1]: 5\n");
}

TEST(MapOrder, OthersByKey) {
  Type string = string_type(4);
  EXPECT_EQ(MadeMap("s", kKey, string).entry(i64(3), text("a", 4)).entry(i64(-1), text("z", 4)).print(),
            "@s[-1]: z\n@s[3]: a\n");
  EXPECT_EQ(MadeMap("s", string, bool_type()).entry(text("b", 4), {0}).entry(text("ab", 4), {1}).print(),
            "@s[ab]: true\n@s[b]: false\n");
  Type pair = tuple_type({kKey, string_type(8)});
  EXPECT_EQ(MadeMap("t", pair, string)
                .entry(i64(2) + text("b", 8), text("x", 4))
                .entry(i64(2) + text("a", 8), text("x", 4))
                .entry(i64(1) + text("z", 8), text("x", 4))
                .print(),
            "@t[1, z]: x\n@t[2, a]: x\n@t[2, b]: x\n");
  Type pointer = pointer_type(none_type(), AddressSpace::kNone);
  EXPECT_EQ(MadeMap("p", pointer, string).entry(u64(~0ULL), text("x", 4)).entry(u64(3), text("x", 4)).print(),
            "@p[0x3]: x\n@p[0xffffffffffffffff]: x\n");
  Type buffer_key = buffer_type(4);
  EXPECT_EQ(
      MadeMap("b", buffer_key, string).entry(buffer("b", 4), text("x", 4)).entry(buffer("a", 4), text("x", 4)).print(),
      "@b[a]: x\n@b[b]: x\n");
}

TEST(MapView, TopKeepsTheLast) {
  MadeMap map("k", kKey, kCount);
  map.entry(i64(1), u64(20)).entry(i64(2), u64(1)).entry(i64(3), u64(9));
  EXPECT_EQ(map.print({.top = 2}), "@k[3]: 9\n@k[1]: 20\n");
  EXPECT_EQ(map.print({.top = 9}), map.print());
  EXPECT_EQ(map.json({.top = 1, .div = 3}), "{\"type\": \"map\", \"data\": {\"@k\": {\"1\": 6}}}\n");
}

TEST(MapView, DivReachesIntegersOnly) {
  Type pair = tuple_type({kKey, kKey});
  EXPECT_EQ(MadeMap("t", kKey, pair).entry(i64(100), i64(100) + i64(-101)).print({.div = 2}), "@t[100]: (50, -50)\n");
  EXPECT_EQ(MadeMap("s", none_type(), kStats).entry({}, i64(100) + u64(1)).print({.div = 3}),
            "@s: { .count = 1, .average = 33, .total = 33 }\n");
  EXPECT_EQ(
      MadeMap("p", none_type(), pointer_type(none_type(), AddressSpace::kNone)).entry({}, u64(100)).print({.div = 2}),
      "@p: 0x64\n");
  EXPECT_EQ(MadeMap("x", none_type(), kKey).entry({}, i64(100)).print({.div = 0}), "@x: 100\n");
}

TEST(HistogramText, LabelsAndBars) {
  Type hist = hist_type(0);
  MadeMap map("g", none_type(), hist);
  map.entry({}, buckets(hist, {{0, 3}, {1, 2}, {2, 1}, {4, 3}}));
  EXPECT_EQ(map.print(), "@g:\n" + row("(..., 0)", "3", 52) + row("[0]", "2", 34) + row("[1]", "1", 17) +
                             row("[2, 4)", "0", 0) + row("[4, 8)", "3", 52) + "\n");
  EXPECT_EQ(map.print({.div = 2}), "@g:\n" + row("(..., 0)", "1", 52) + row("[0]", "1", 52) + row("[1]", "0", 0) +
                                       row("[2, 4)", "0", 0) + row("[4, 8)", "1", 52) + "\n");
}

std::string hist_label(std::uint32_t k, std::uint64_t value) {
  Type type = hist_type(k);
  for (std::uint32_t i = 1; i < hist_bucket_count(k); ++i) {
    BucketRange range = hist_bucket_range(i, k);
    if (value >= range.low && value <= range.high) return shown_buckets(type, buckets(type, {{i, 1}}), 1).at(0).label;
  }
  return "";
}

TEST(HistogramText, Suffixes) {
  struct Row {
    std::uint32_t k;
    std::uint64_t value;
    const char* label;
  };
  for (const Row& r :
       {Row{0, 512, "[512, 1K)"}, Row{0, 1024, "[1K, 2K)"}, Row{0, 1 << 20, "[1M, 2M)"}, Row{0, 1ULL << 62, "[4E, 8E)"},
        Row{0, ~0ULL, "[8E, 16E)"}, Row{1, 1024, "[1024, 1536)"}, Row{1, 1536, "[1536, 2K)"},
        Row{1, 768 << 10, "[768K, 1024K)"}, Row{2, 3584, "[3584, 4K)"}, Row{2, 17, "[16, 20)"}, Row{5, 63, "[63]"},
        Row{5, 1 << 14, "[16384, 16896)"}, Row{5, INT64_MAX, "[8064P, 8192P)"}, Row{5, ~0ULL, "[16128P, 16384P)"}}) {
    EXPECT_EQ(hist_label(r.k, r.value), r.label) << r.k << " " << r.value;
  }
}

std::vector<std::string> linear_labels(const Type& type) {
  std::vector<std::string> labels;
  std::uint32_t last = linear_hist_bucket_count(type) + 1;
  for (const Bucket& bucket : shown_buckets(type, buckets(type, {{0, 1}, {last, 1}}), 1))
    labels.push_back(bucket.label);
  return labels;
}

TEST(LinearHistogram, Labels) {
  using Labels = std::vector<std::string>;
  EXPECT_EQ(linear_labels(linear_hist_type(10, 30, 10)), (Labels{"(..., 10)", "[10, 20)", "[20, 30)", "[30, ...)"}));
  EXPECT_EQ(linear_labels(linear_hist_type(0, 2, 1)), (Labels{"(..., 0)", "[0]", "[1]", "[2, ...)"}));
  EXPECT_EQ(linear_labels(linear_hist_type(0, 4096, 2048)), (Labels{"(..., 0)", "[0, 2K)", "[2K, 4K)", "[4K, ...)"}));
  EXPECT_EQ(linear_labels(linear_hist_type(3 << 20, (3 << 20) + 1024, 1024)),
            (Labels{"(..., 3M)", "[3M, 3073K)", "[3073K, ...)"}));
  EXPECT_EQ(linear_labels(linear_hist_type(1000, 3048, 1024)),
            (Labels{"(..., 1000)", "[1000, 2024)", "[2024, 3048)", "[3048, ...)"}));
  EXPECT_EQ(linear_labels(linear_hist_type(0, 7, 3)), (Labels{"(..., 0)", "[0, 3)", "[3, 6)", "[6, ...)"}));
}

TEST(LinearHistogram, DivIsIgnored) {
  Type type = linear_hist_type(0, 10, 2);
  EXPECT_EQ(MadeMap("l", none_type(), type).entry({}, buckets(type, {{2, 5}})).print({.div = 5}),
            "@l:\n" + row("[2, 4)", "5", 52) + "\n");
}

TEST(HistogramMap, KeysAscendByTotal) {
  Type hist = hist_type(0);
  EXPECT_EQ(MadeMap("h", string_type(2), hist)
                .entry(text("a", 2), buckets(hist, {{3, 2}}))
                .entry(text("b", 2), buckets(hist, {{3, 1}}))
                .print(),
            "@h[b]:\n" + row("[2, 4)", "1", 52) + "\n@h[a]:\n" + row("[2, 4)", "2", 52) + "\n");
}

TEST(MapJson, Records) {
  EXPECT_EQ(MadeMap("a", none_type(), kCount).entry({}, u64(1)).json(), "{\"type\": \"map\", \"data\": {\"@a\": 1}}\n");
  EXPECT_EQ(MadeMap("k", kKey, kKey).entry(i64(1), i64(2)).entry(i64(5), i64(3)).json(),
            "{\"type\": \"map\", \"data\": {\"@k\": {\"1\": 2, \"5\": 3}}}\n");
  EXPECT_EQ(MadeMap("e", none_type(), kAvg).entry({}, i64(10) + u64(1)).json(),
            "{\"type\": \"stats\", \"data\": {\"@e\": 10}}\n");
  EXPECT_EQ(MadeMap("f", none_type(), kStats).entry({}, i64(10) + u64(1)).json(),
            "{\"type\": \"stats\", \"data\": {\"@f\": {\"count\": 1, \"average\": 10, \"total\": 10}}}\n");
  EXPECT_EQ(MadeMap("b", kKey, kKey).json(), "");
}

TEST(MapJson, KeysHaveNoBlanksWhereTheyStayApart) {
  Type pair = tuple_type({tuple_type({int_type(1, true), int_type(1, true)}), string_type(6)});
  MadeMap map("m", pair, kKey);
  map.entry(Data{1, 2} + text("a \"b", 6), i64(3));
  EXPECT_EQ(map.json(), "{\"type\": \"map\", \"data\": {\"@m\": {\"(1,2),a\\\"b\": 3}}}\n");
  map.entry(Data{1, 2} + text("a\"b", 6), i64(4));
  EXPECT_EQ(map.json(), "{\"type\": \"map\", \"data\": {\"@m\": {\"(1,2),a \\\"b\": 3, \"(1,2),a\\\"b\": 4}}}\n");
  EXPECT_EQ(MadeMap("", enum_type({{"B", 2}}), kKey).entry(i32(2), i64(1)).json(),
            "{\"type\": \"map\", \"data\": {\"@\": {\"B\": 1}}}\n");
}

TEST(MapJson, Histograms) {
  Type hist = hist_type(0);
  EXPECT_EQ(
      MadeMap("g", none_type(), hist).entry({}, buckets(hist, {{0, 1}, {1, 1}, {3, 1}})).json(),
      "{\"type\": \"hist\", \"data\": {\"@g\": [{\"max\": -1, \"count\": 1},{\"min\": 0, \"max\": 0, \"count\": 1},"
      "{\"min\": 1, \"max\": 1, \"count\": 0},{\"min\": 2, \"max\": 3, \"count\": 1}]}}\n");
  EXPECT_EQ(MadeMap("g", none_type(), hist).entry({}, buckets(hist, {{64, 1}})).json(),
            "{\"type\": \"hist\", \"data\": {\"@g\": [{\"min\": 4611686018427387904, \"max\": \"9223372036854775807\", "
            "\"count\": 1}]}}\n");
  Type linear = linear_hist_type(5, 10, 5);
  EXPECT_EQ(MadeMap("o", kKey, linear).entry(i64(1), buckets(linear, {{0, 1}, {2, 1}})).json(),
            "{\"type\": \"hist\", \"data\": {\"@o\": {\"1\": [{\"max\": 4, \"count\": 1},{\"min\": 5, \"max\": 9, "
            "\"count\": 0},{\"min\": 10, \"count\": 1}]}}}\n");
}

TEST(MapsAtExit, ByNameWithoutUnwrittenAndHidden) {
  MadeMap z("z", none_type(), kKey);
  MadeMap a("a", none_type(), kKey);
  MadeMap capital("A", none_type(), kKey);
  MadeMap unwritten("u", none_type(), kKey);
  MadeMap hidden("h", none_type(), kKey);
  std::vector<MapSnapshot> snapshots = {z.entry({}, i64(1)).snapshot(), a.entry({}, i64(1)).snapshot(),
                                        capital.entry({}, i64(1)).snapshot(),
                                        unwritten.entry({}, i64(0)).unwritten().snapshot(), hidden.hidden().snapshot()};
  std::vector<std::string> names;
  for (const MapSnapshot* map : maps_printed_at_exit(snapshots)) names.push_back(map->schema->name);
  EXPECT_EQ(names, (std::vector<std::string>{"A", "a", "z"}));
}

}  // namespace
}  // namespace hawk::test
