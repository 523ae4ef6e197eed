#include "image/summary.h"

#include <algorithm>
#include <array>
#include <bit>

#include "ast/part.h"
#include "image/deviation.h"
#include "image/load_value.h"
#include "image/percentiles.h"
#include "support/check.h"

namespace hawk {

namespace {

// In the order of summary_names(), behind the count.
constexpr std::array kShownPercents = {0.0, 50.0, 90.0, 99.0, 99.9, 100.0};

// An int of 8 bytes, or a float as its bits.
struct Number {
  Type type;
  std::uint64_t raw = 0;
};

Number count_of(std::uint64_t count) { return {int_type(8, false), count}; }

Number float_of(double value, std::uint64_t div) {
  value /= static_cast<double>(std::max<std::uint64_t>(div, 1));
  return {float_type(), std::bit_cast<std::uint64_t>(value)};
}

std::vector<Number> percentile_numbers(const Type& type, Bytes bytes, std::uint64_t div) {
  std::vector<Number> numbers{count_of(percentile_samples(type, bytes))};
  for (double percent : kShownPercents)
    numbers.push_back({int_type(8, type.is_signed), divide(type, percentile(type, bytes, percent), div)});
  return numbers;
}

std::vector<Number> numbers_of(const Type& type, Bytes bytes, std::uint64_t div) {
  if (type.kind == TypeKind::kPercentiles) return percentile_numbers(type, bytes, div);
  if (type.kind == TypeKind::kDeviation) {
    Deviation numbers = load_deviation(type, bytes);
    return {count_of(numbers.count), float_of(numbers.average, div), float_of(numbers.deviation, div)};
  }
  HAWK_CHECK(type.kind == TypeKind::kStats, "an aggregation of several numbers");
  StatsNumbers numbers = load_stats(type, bytes, div);
  Type number = int_type(8, type.is_signed);
  return {count_of(numbers.count), {number, numbers.average}, {number, numbers.total}};
}

}  // namespace

std::vector<SummaryNumber> summary_of(const Type& type, Bytes bytes, std::uint64_t div) {
  std::vector<SummaryNumber> summary;
  auto names = summary_names(type);
  std::vector<Number> numbers = numbers_of(type, bytes, div);
  HAWK_CHECK(names.size() == numbers.size(), "each number of a summary has a name");
  for (std::size_t i = 0; i < names.size(); ++i) summary.push_back({names[i], numbers[i].type, numbers[i].raw});
  return summary;
}

}  // namespace hawk
