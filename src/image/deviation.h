// Mean and standard deviation out of the bytes of a map's value (TypeKind::kDeviation in ast/type.h). The sums are
// exact, and what is computed of them is too, up to one rounding at the end: no cancellation, no overflow.
#pragma once

#include <cstdint>
#include <span>

#include "image/bytes.h"

namespace hawk {

struct Deviation {
  std::uint64_t count = 0;
  double average = 0;
  double deviation = 0;  // of the whole population: the sum of squares is divided by `count`
};
[[nodiscard]] Deviation load_deviation(const Type& type, Bytes bytes);

void merge_deviation(std::span<std::uint8_t> into, Bytes from);

}  // namespace hawk
