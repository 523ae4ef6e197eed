// percentiles(), stddev() and heatmap(): what their steps leave in a map, against references that compute otherwise.
#include <cmath>
#include <random>

#include "codegen_fixture.h"
#include "image/deviation.h"
#include "image/heat_map.h"
#include "image/percentiles.h"

namespace hawk::test {

namespace {

StmtPtr aggregate(typed::MapId map, ExprPtr argument) {
  return stmt(typed::Aggregate{map, nullptr, std::move(argument), std::nullopt});
}

// A program of one step on a scalar; the value is the second word of its context.
class Step {
 public:
  explicit Step(const Type& type, ProbeKind kind = ProbeKind::kTest) {
    program_.clause().kind = kind;
    map_ = program_.add_scalar(type);
    program_.add(aggregate(map_, expr(int_type(8, type.is_signed), typed::ContextLoad{8})));
    loaded_ = load(program_);
  }
  [[nodiscard]] bool ok() const { return loaded_ != nullptr; }
  void run(std::uint64_t value) {
    loaded_->context[1] = value;
    loaded_->run();
  }
  [[nodiscard]] std::vector<std::uint8_t> bytes() { return loaded_->value(map_).value(); }

 private:
  Program program_;
  typed::MapId map_ = 0;
  std::unique_ptr<Loaded> loaded_;
};

// Values of every width alike, and the edges of each.
std::vector<std::uint64_t> values_of_all_widths(std::size_t random_ones) {
  std::mt19937_64 random(42);
  std::vector<std::uint64_t> values = {0, ~std::uint64_t{0}};
  for (int width = 0; width < 64; ++width) {
    std::uint64_t edge = std::uint64_t{1} << width;
    values.insert(values.end(), {edge, edge - 1, edge + 1, ~edge, 0 - edge});
  }
  for (std::size_t i = 0; i < random_ones; ++i) values.push_back(random() >> (random() % 64) ^ (0 - (random() & 1)));
  return values;
}

// Which count of k bits a magnitude belongs to, by floating point: long double holds 64 bits exactly.
std::uint32_t bucket_by_logarithm(std::uint64_t magnitude, std::uint32_t k) {
  if (magnitude < 2ULL << k) return static_cast<std::uint32_t>(magnitude);
  auto number = static_cast<long double>(magnitude);
  auto power = static_cast<std::uint32_t>(std::ilogb(number));
  long double mantissa = std::ldexp(number, -static_cast<int>(power)) - 1;  // 0 to 1
  auto sub = static_cast<std::uint32_t>(std::floor(std::ldexp(mantissa, static_cast<int>(k))));
  return (2U << k) + (power - k - 1) * (1U << k) + sub;
}

struct Shape {
  std::uint32_t bits;
  bool is_signed;
};

}  // namespace

TEST(CodegenSketch, EveryValueIsCountedInTheBucketThatHoldsIt) {
  HAWK_NEEDS_BPF();
  for (Shape shape : {Shape{0, true}, Shape{3, false}, Shape{4, true}, Shape{5, false}, Shape{5, true}}) {
    Type type = percentiles_type(shape.bits, shape.is_signed);
    Step step(type);
    ASSERT_TRUE(step.ok());
    std::vector<std::uint64_t> expected((type.size - kPercentileCounts) / 8);
    std::size_t done = 0;
    std::vector<std::uint64_t> values = values_of_all_widths(1000);
    for (std::uint64_t value : values) {
      step.run(value);
      bool negative = shape.is_signed && static_cast<std::int64_t>(value) < 0;
      std::uint64_t magnitude = negative ? 0 - value : value;
      std::uint32_t bucket = bucket_by_logarithm(magnitude, shape.bits);
      BucketRange range = hist_bucket_range(bucket + 1, shape.bits);
      ASSERT_TRUE(magnitude >= range.low && magnitude <= range.high) << magnitude;
      ASSERT_LE(range.high - range.low, range.low >> shape.bits);  // so the middle is within 2^-(k+1)
      ++expected[bucket + (negative ? percentile_bucket_count(shape.bits) : 0)];
      if (++done % 100 != 0 && done != values.size()) continue;
      std::vector<std::uint8_t> bytes = step.bytes();
      for (std::size_t i = 0; i < expected.size(); ++i)
        ASSERT_EQ(at<std::uint64_t>(bytes, kPercentileCounts + i * 8), expected[i])
            << "count " << i << ", bits " << shape.bits;
    }
    std::vector<std::uint8_t> bytes = step.bytes();
    EXPECT_EQ(percentile_samples(type, bytes), values.size());
    EXPECT_EQ(percentile(type, bytes, 0), shape.is_signed ? std::uint64_t{1} << 63 : 0);
    EXPECT_EQ(percentile(type, bytes, 100), shape.is_signed ? INT64_MAX : UINT64_MAX);
  }
}

TEST(CodegenSketch, SumsOfSquaresAreExact) {
  HAWK_NEEDS_BPF();
  __extension__ using Wide = unsigned __int128;
  // Programs that may be interrupted take other code.
  for (ProbeKind kind : {ProbeKind::kTest, ProbeKind::kUprobe}) {
    for (bool is_signed : {false, true}) {
      Step step(aggregation_type(TypeKind::kDeviation, is_signed), kind);
      ASSERT_TRUE(step.ok());
      std::vector<std::uint64_t> values = values_of_all_widths(500);
      Wide sum = 0;
      Wide squares = 0;
      std::uint64_t overflows = 0;
      for (std::uint64_t value : values) {
        step.run(value);
        bool negative = is_signed && static_cast<std::int64_t>(value) < 0;
        std::uint64_t magnitude = negative ? 0 - value : value;
        sum += negative ? -Wide{magnitude} : Wide{magnitude};
        squares += Wide{magnitude} * magnitude;
        if (squares < Wide{magnitude} * magnitude) ++overflows;
      }
      std::vector<std::uint8_t> bytes = step.bytes();
      EXPECT_EQ(at<std::uint64_t>(bytes), values.size());
      EXPECT_EQ(at<std::uint64_t>(bytes, 8), static_cast<std::uint64_t>(sum));
      EXPECT_EQ(at<std::uint64_t>(bytes, 16), static_cast<std::uint64_t>(sum >> 64));
      EXPECT_EQ(at<std::uint64_t>(bytes, 24), static_cast<std::uint64_t>(squares));
      EXPECT_EQ(at<std::uint64_t>(bytes, 32), static_cast<std::uint64_t>(squares >> 64));
      EXPECT_EQ(at<std::uint64_t>(bytes, 40), overflows);
      EXPECT_GT(overflows, 0U);
    }
  }
}

// All bits of both words of a constant -1 are ones.
TEST(CodegenSketch, ANegativeConstantIsAddedToBothWords) {
  HAWK_NEEDS_BPF();
  Program p;
  auto map = p.add_scalar(aggregation_type(TypeKind::kDeviation, true));
  p.add(aggregate(map, number(-1)));
  auto loaded = load(p);
  ASSERT_NE(loaded, nullptr);
  loaded->run();
  std::vector<std::uint8_t> bytes = loaded->value(map).value();
  EXPECT_EQ(at<std::int64_t>(bytes, 8), -1);
  EXPECT_EQ(at<std::int64_t>(bytes, 16), -1);
  EXPECT_EQ(at<std::uint64_t>(bytes, 24), 1U);
}

// One interval lasts 10 years, so that a test is in one; a column of an older one is begun anew. All CPUs have the
// older one, and where they are merged the newer one stays.
TEST(CodegenSketch, HeatMapColumns) {
  HAWK_NEEDS_BPF();
  constexpr std::int64_t kLong = 10LL * 365 * 86400 * 1'000'000'000;
  constexpr std::uint32_t kMost = UINT32_MAX;
  constexpr std::uint64_t kColumns = 3;
  RuntimeConstants constants = test_constants();
  constants.tai_offset_ns = static_cast<std::uint64_t>(clock_ns(CLOCK_TAI) - clock_ns(CLOCK_BOOTTIME));
  const std::uint64_t interval = static_cast<std::uint64_t>(clock_ns(CLOCK_TAI) / kLong);
  const std::uint64_t mark = interval + 1;
  const std::uint64_t older_mark = mark - kColumns;
  const std::size_t column = interval % kColumns * kHeatIntervalSize;
  Type type = heat_map_type(kLong, kColumns);
  for (ProbeKind kind : {ProbeKind::kTest, ProbeKind::kUprobe}) {
    Program p;
    p.clause().kind = kind;
    auto map = p.add_map(kInt64, type);
    for (std::int64_t value : {-3, 0, 5, 6, 7, 8})
      p.add(stmt(typed::Aggregate{map, unknown(1), unknown(value), std::nullopt}));
    auto loaded = load(p, constants);
    ASSERT_NE(loaded, nullptr);
    std::vector<std::uint8_t> older(type.size);
    std::fill_n(older.begin() + static_cast<std::ptrdiff_t>(column), kHeatIntervalSize, 0xff);  // counts at their most
    std::memcpy(older.data() + column, &older_mark, 8);
    loaded->put_on_every_cpu(map, 1, older);
    loaded->run();
    std::vector<std::uint8_t> bytes = loaded->value(map, bytes_of(1)).value();
    EXPECT_EQ(at<std::uint64_t>(bytes, column), mark);
    const std::uint32_t expected[7] = {1, 1, 0, 0, 3, 1, 0};
    for (std::size_t i = 0; i < 7; ++i) EXPECT_EQ(at<std::uint32_t>(bytes, column + 8 + i * 4), expected[i]) << i;

    // A count that is at its most stays there and leaves its neighbours alone.
    std::vector<std::uint8_t> full(type.size);
    std::memcpy(full.data() + column, &mark, 8);
    std::memcpy(full.data() + column + 8 + 4 * 4, &kMost, 4);
    loaded->put_on_every_cpu(map, 1, full);
    loaded->run();
    bytes = loaded->value(map, bytes_of(1)).value();
    EXPECT_EQ(at<std::uint32_t>(bytes, column + 8 + 4 * 4), kMost);
    EXPECT_EQ(at<std::uint32_t>(bytes, column + 8 + 4 * 3), 0U);
    EXPECT_EQ(at<std::uint32_t>(bytes, column + 8 + 4 * 5), 1U);
  }
}

// Steps that others may interrupt are atomic: those of a uprobe, and not those of a tracepoint that is alone.
TEST(CodegenSketch, SharedStepsAreAtomic) {
  for (const Type& type :
       {percentiles_type(5, true), aggregation_type(TypeKind::kDeviation, true), heat_map_type(1'000'000'000, 60)}) {
    for (ProbeKind kind : {ProbeKind::kTracepoint, ProbeKind::kUprobe}) {
      Program p;
      p.clause().kind = kind;
      p.add(aggregate(p.add_scalar(type), unknown(1)));
      std::string assembly = p.compile().value().assembly;
      bool atomic =
          assembly.find("lock *(u") != std::string::npos || assembly.find("atomic_fetch") != std::string::npos;
      EXPECT_EQ(atomic, kind == ProbeKind::kUprobe) << static_cast<int>(type.kind);
    }
  }
}

}  // namespace hawk::test
