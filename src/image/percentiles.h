// Percentiles out of the bytes of a map's value (TypeKind::kPercentiles in ast/type.h): counts by buckets whose width
// is at most 2^-k of their values, so that the middle of a bucket is at most 2^-(k+1) away from each of them.
#pragma once

#include <cstdint>
#include <span>

#include "image/bytes.h"

namespace hawk {

[[nodiscard]] std::uint64_t percentile_samples(const Type& type, Bytes bytes);
// The smallest value such that `percent` percent (0 to 100) of all are not larger, to within the precision of the type;
// exact for the smallest and the largest one, 0 without any value. A signed number if the type is signed.
[[nodiscard]] std::uint64_t percentile(const Type& type, Bytes bytes, double percent);

void merge_percentiles(const Type& type, std::span<std::uint8_t> into, Bytes from);

}  // namespace hawk
