#include "image/heat_map.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>

namespace hawk {

namespace {

constexpr std::size_t kMarkSize = 8;
constexpr std::size_t kCounts = hist_bucket_count(0);

std::size_t length_of(const Type& type) { return static_cast<std::size_t>(type.range_max); }

Bytes slot(Bytes bytes, std::size_t index) { return bytes.subspan(index * kHeatIntervalSize, kHeatIntervalSize); }

std::uint64_t mark_of(Bytes slot) { return load_word(slot, 0); }

std::vector<std::uint32_t> counts_of(Bytes slot) {
  std::vector<std::uint32_t> counts(kCounts);
  std::memcpy(counts.data(), slot.data() + kMarkSize, kCounts * sizeof counts[0]);
  return counts;
}

std::uint32_t add_capped(std::uint32_t left, std::uint32_t right) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
  return static_cast<std::uint32_t>(std::min(std::uint64_t{left} + right, kMost));
}

}  // namespace

std::vector<HeatInterval> heat_intervals(const Type& type, Bytes bytes, std::uint64_t newest) {
  std::vector<HeatInterval> intervals;
  std::uint64_t length = length_of(type);
  std::uint64_t first = newest < length ? 0 : newest - length + 1;
  for (std::uint64_t interval = first; interval <= newest; ++interval) {
    Bytes there = slot(bytes, interval % length);
    if (mark_of(there) == interval + 1) intervals.push_back({interval, counts_of(there)});
  }
  return intervals;
}

std::optional<std::uint64_t> newest_heat_interval(const Type& type, Bytes bytes) {
  std::uint64_t mark = 0;
  for (std::size_t i = 0; i < length_of(type); ++i) mark = std::max(mark, mark_of(slot(bytes, i)));
  return mark == 0 ? std::nullopt : std::optional(mark - 1);
}

std::uint64_t heat_samples(const Type& type, Bytes bytes) {
  std::uint64_t samples = 0;
  auto newest = newest_heat_interval(type, bytes);
  if (!newest) return 0;
  for (const HeatInterval& each : heat_intervals(type, bytes, *newest))
    samples = std::accumulate(each.counts.begin(), each.counts.end(), samples);
  return samples;
}

void merge_heat_map(const Type& type, std::span<std::uint8_t> into, Bytes from) {
  for (std::size_t i = 0; i < length_of(type); ++i) {
    std::span<std::uint8_t> mine = into.subspan(i * kHeatIntervalSize, kHeatIntervalSize);
    Bytes other = slot(from, i);
    if (mark_of(other) < mark_of(mine) || mark_of(other) == 0) continue;
    if (mark_of(other) > mark_of(mine)) {
      std::copy(other.begin(), other.end(), mine.begin());
      continue;
    }
    std::vector<std::uint32_t> counts = counts_of(mine);
    std::vector<std::uint32_t> others = counts_of(other);
    std::transform(counts.begin(), counts.end(), others.begin(), counts.begin(), add_capped);
    std::memcpy(mine.data() + kMarkSize, counts.data(), kCounts * sizeof counts[0]);
  }
}

}  // namespace hawk
