#include "image/time_series.h"

#include <algorithm>
#include <cstring>

#include "image/load_value.h"
#include "support/check.h"

namespace hawk {

namespace {

// One bucket as it lies in memory.
struct RawBucket {
  std::uint64_t value = 0;
  std::uint64_t mark = 0;
  std::uint64_t count = 0;
};

SeriesKeeps keeps_of(const Type& type) { return static_cast<SeriesKeeps>(type.count); }

std::size_t offset_of(const Type& type, std::uint64_t index) { return index * series_bucket_size(keeps_of(type)); }

RawBucket load_raw(const Type& type, Bytes bytes, std::uint64_t index) {
  RawBucket raw;
  std::memcpy(&raw, bytes.data() + offset_of(type, index), series_bucket_size(keeps_of(type)));
  return raw;
}

std::uint64_t interval_of(const Type& type, const RawBucket& raw) {
  if (keeps_of(type) != SeriesKeeps::kLast) return raw.mark - 1;
  return raw.mark / static_cast<std::uint64_t>(type.range_min);
}

// Both are of one interval.
RawBucket combine(const Type& type, const RawBucket& left, const RawBucket& right) {
  switch (keeps_of(type)) {
    case SeriesKeeps::kLast: return left.mark < right.mark ? right : left;
    case SeriesKeeps::kMin: return is_less(type, right.value, left.value) ? right : left;
    case SeriesKeeps::kMax: return is_less(type, left.value, right.value) ? right : left;
    case SeriesKeeps::kAvg:
    case SeriesKeeps::kSum: return {left.value + right.value, left.mark, left.count + right.count};
  }
  HAWK_UNREACHABLE("what a time series keeps");
}

}  // namespace

std::optional<SeriesBucket> load_series_bucket(const Type& type, Bytes bytes, std::uint64_t index) {
  RawBucket raw = load_raw(type, bytes, index);
  if (raw.mark == 0) return std::nullopt;
  std::uint64_t value = raw.value;
  if (keeps_of(type) == SeriesKeeps::kAvg) value = quotient(raw.value, raw.count, type.is_signed);
  return SeriesBucket{interval_of(type, raw), value};
}

std::optional<std::uint64_t> series_value(const Type& type, Bytes bytes, std::uint64_t interval) {
  auto bucket = load_series_bucket(type, bytes, interval % static_cast<std::uint64_t>(type.range_max));
  if (!bucket || bucket->interval != interval) return std::nullopt;
  return bucket->value;
}

std::optional<std::uint64_t> newest_interval(const Type& type, Bytes bytes) {
  std::optional<std::uint64_t> newest;
  for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(type.range_max); ++i) {
    auto bucket = load_series_bucket(type, bytes, i);
    if (bucket && (!newest || *newest < bucket->interval)) newest = bucket->interval;
  }
  return newest;
}

void merge_series(const Type& type, std::span<std::uint8_t> into, Bytes from) {
  for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(type.range_max); ++i) {
    RawBucket mine = load_raw(type, into, i);
    RawBucket other = load_raw(type, from, i);
    if (other.mark == 0) continue;
    if (mine.mark != 0) {
      std::uint64_t interval = interval_of(type, mine);
      std::uint64_t others = interval_of(type, other);
      if (others < interval) continue;
      if (others == interval) other = combine(type, mine, other);
    }
    std::memcpy(into.data() + offset_of(type, i), &other, series_bucket_size(keeps_of(type)));
  }
}

}  // namespace hawk
