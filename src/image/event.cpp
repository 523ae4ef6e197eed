// event_origin; merge_per_cpu: how the values that the CPUs hold of one aggregation become one.
#include "image/event.h"

#include <cstring>

#include "image/bytes.h"
#include "image/deviation.h"
#include "image/heat_map.h"
#include "image/percentiles.h"
#include "image/time_series.h"
#include "support/check.h"

namespace hawk {

namespace {

using Into = std::span<std::uint8_t>;
using From = Bytes;

void store_word(Into bytes, std::size_t index, std::uint64_t word) { std::memcpy(bytes.data() + index * 8, &word, 8); }

// min and max: word 0 is the value, word 1 whether there is one.
void keep_extreme(const Type& type, Into into, From from) {
  if (load_word(from, 1) == 0) return;
  std::uint64_t mine = load_word(into, 0);
  std::uint64_t other = load_word(from, 0);
  bool better = type.kind == TypeKind::kMin ? is_less(type, other, mine) : is_less(type, mine, other);
  if (load_word(into, 1) != 0 && !better) return;
  store_word(into, 0, other);
  store_word(into, 1, 1);
}

}  // namespace

std::size_t memory_size(const MapSnapshot& snapshot) {
  std::size_t bytes = sizeof(snapshot);
  for (const MapEntry& entry : snapshot.entries) bytes += sizeof(entry) + entry.key.size() + entry.value.size();
  return bytes;
}

std::optional<EventOrigin> event_origin(const Event& event) {
  if (!event.schema->has_origin) return std::nullopt;
  EventOrigin origin;
  HAWK_CHECK(event.bytes.size() >= kEventHeaderSize + sizeof(origin), "an event is cut short");
  std::memcpy(&origin, event.bytes.data() + kEventHeaderSize, sizeof(origin));
  return origin;
}

void add_words(Into into, From from) {
  for (std::size_t i = 0; i < into.size() / 8; ++i) store_word(into, i, load_word(into, i) + load_word(from, i));
}

void merge_per_cpu(const Type& type, std::span<std::uint8_t> into, std::span<const std::uint8_t> from) {
  HAWK_CHECK(is_aggregation(type), "only aggregations have a value on each CPU");
  HAWK_CHECK(into.size() >= type.size && from.size() >= type.size, "an aggregation value is cut short");
  into = into.first(type.size);
  from = from.first(type.size);
  if (type.kind == TypeKind::kMin || type.kind == TypeKind::kMax) {
    keep_extreme(type, into, from);
  } else if (type.kind == TypeKind::kTimeSeries) {
    merge_series(type, into, from);
  } else if (type.kind == TypeKind::kPercentiles) {
    merge_percentiles(type, into, from);
  } else if (type.kind == TypeKind::kDeviation) {
    merge_deviation(into, from);
  } else if (type.kind == TypeKind::kHeatMap) {
    merge_heat_map(type, into, from);
  } else {  // count, sum, avg, stats and the histograms: every word is a sum
    add_words(into, from);
  }
}

}  // namespace hawk
