#include "output/summary.h"

#include <algorithm>
#include <array>
#include <bit>

#include "image/deviation.h"
#include "image/load_value.h"
#include "image/percentiles.h"
#include "support/check.h"

namespace hawk {

namespace {

struct ShownPercentile {
  std::string_view name;
  double percent;
};
constexpr std::array kShown = {ShownPercentile{"min", 0},  ShownPercentile{"p50", 50},     ShownPercentile{"p90", 90},
                               ShownPercentile{"p99", 99}, ShownPercentile{"p99.9", 99.9}, ShownPercentile{"max", 100}};

SummaryNumber count_of(std::uint64_t count) { return {"count", int_type(8, false), count}; }

SummaryNumber float_of(std::string_view name, double value, std::uint64_t div) {
  value /= static_cast<double>(std::max<std::uint64_t>(div, 1));
  return {name, float_type(), std::bit_cast<std::uint64_t>(value)};
}

std::vector<SummaryNumber> percentile_summary(const Type& type, Bytes bytes, std::uint64_t div) {
  std::vector<SummaryNumber> numbers{count_of(percentile_samples(type, bytes))};
  for (const ShownPercentile& shown : kShown) {
    std::uint64_t value = divide(type, percentile(type, bytes, shown.percent), div);
    numbers.push_back({shown.name, int_type(8, type.is_signed), value});
  }
  return numbers;
}

}  // namespace

std::vector<SummaryNumber> summary_of(const Type& type, Bytes bytes, std::uint64_t div) {
  if (type.kind == TypeKind::kPercentiles) return percentile_summary(type, bytes, div);
  if (type.kind == TypeKind::kDeviation) {
    Deviation numbers = load_deviation(type, bytes);
    return {count_of(numbers.count), float_of("average", numbers.average, div),
            float_of("stddev", numbers.deviation, div)};
  }
  HAWK_CHECK(type.kind == TypeKind::kStats, "an aggregation of several numbers");
  StatsNumbers numbers = load_stats(type, bytes, div);
  Type number = int_type(8, type.is_signed);
  return {count_of(numbers.count), {"average", number, numbers.average}, {"total", number, numbers.total}};
}

}  // namespace hawk
