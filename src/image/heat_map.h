// The intervals of a heat map, out of the bytes of a map's value (TypeKind::kHeatMap in ast/type.h).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "image/bytes.h"

namespace hawk {

// Counts by the buckets of hist(x, 0).
struct HeatInterval {
  std::uint64_t interval = 0;  // number since 1970, TAI
  std::vector<std::uint32_t> counts;
};

// The intervals that the ring holds of the last ones up to `newest`, ascending; those without a value are left out.
[[nodiscard]] std::vector<HeatInterval> heat_intervals(const Type& type, Bytes bytes, std::uint64_t newest);
[[nodiscard]] std::optional<std::uint64_t> newest_heat_interval(const Type& type, Bytes bytes);
[[nodiscard]] std::uint64_t heat_samples(const Type& type, Bytes bytes);

void merge_heat_map(const Type& type, std::span<std::uint8_t> into, Bytes from);

}  // namespace hawk
