#include "image/percentiles.h"

#include <algorithm>
#include <cmath>

#include "image/event.h"
#include "image/load_value.h"

namespace hawk {

namespace {

constexpr std::uint32_t kExtremeSize = 16;  // a value and whether it is set

Type extreme_type(TypeKind kind, const Type& type) { return aggregation_type(kind, type.is_signed); }

// Counts of the values of one sign, and the value that stands for all of a bucket: its middle.
struct Side {
  Bytes counts;
  std::uint32_t bits = 0;

  [[nodiscard]] std::uint32_t size() const { return percentile_bucket_count(bits); }
  [[nodiscard]] std::uint64_t count(std::uint32_t bucket) const { return load_word(counts, bucket); }
  [[nodiscard]] std::uint64_t middle(std::uint32_t bucket) const {
    BucketRange range = hist_bucket_range(bucket + 1, bits);
    return range.low + (range.high - range.low) / 2;
  }
};

Side side(const Type& type, Bytes bytes, bool negative) {
  std::size_t size = std::size_t{8} * percentile_bucket_count(type.count);
  return {bytes.subspan(kPercentileCounts + (negative ? size : 0), size), type.count};
}

// The value that is number `rank` (from 1 on) in ascending order, by its bucket.
std::uint64_t ranked_value(const Type& type, Bytes bytes, std::uint64_t rank) {
  if (type.is_signed) {
    Side negative = side(type, bytes, true);
    for (std::uint32_t i = negative.size(); i-- > 0; rank -= negative.count(i)) {
      if (rank <= negative.count(i)) return ~negative.middle(i) + 1;
    }
  }
  Side positive = side(type, bytes, false);
  for (std::uint32_t i = 0; i < positive.size(); rank -= positive.count(i), ++i) {
    if (rank <= positive.count(i)) return positive.middle(i);
  }
  return 0;
}

std::uint64_t clamp(const Type& type, std::uint64_t value, std::uint64_t low, std::uint64_t high) {
  if (!type.is_signed) return std::clamp(value, low, high);
  return static_cast<std::uint64_t>(
      std::clamp(static_cast<std::int64_t>(value), static_cast<std::int64_t>(low), static_cast<std::int64_t>(high)));
}

}  // namespace

std::uint64_t percentile_samples(const Type& type, Bytes bytes) {
  return total_samples(bytes.first(type.size).subspan(kPercentileCounts));
}

std::uint64_t percentile(const Type& type, Bytes bytes, double percent) {
  std::uint64_t samples = percentile_samples(type, bytes);
  if (samples == 0) return 0;
  std::uint64_t low = load_word(bytes, 0);
  std::uint64_t high = load_word(bytes, kExtremeSize / 8);
  double rank = std::ceil(std::clamp(percent, 0.0, 100.0) * static_cast<double>(samples) / 100);
  if (!(rank > 1)) return low;
  if (rank >= static_cast<double>(samples)) return high;
  return clamp(type, ranked_value(type, bytes, static_cast<std::uint64_t>(rank)), low, high);
}

void merge_percentiles(const Type& type, std::span<std::uint8_t> into, Bytes from) {
  merge_per_cpu(extreme_type(TypeKind::kMin, type), into.subspan(0, kExtremeSize), from.subspan(0, kExtremeSize));
  merge_per_cpu(extreme_type(TypeKind::kMax, type), into.subspan(kExtremeSize, kExtremeSize),
                from.subspan(kExtremeSize, kExtremeSize));
  add_words(into.subspan(kPercentileCounts), from.subspan(kPercentileCounts));
}

}  // namespace hawk
