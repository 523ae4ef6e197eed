// Heat maps: time from left to right, values (the buckets of hist) from bottom to top, counts as shades.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "image/bytes.h"
#include "output/printer.h"

namespace hawk {

// The part of a heat map that is shown: from the first interval with a value up to `newest`, and from the smallest to
// the largest bucket with one.
struct HeatGrid {
  std::uint64_t first = 0;                          // interval, numbered since 1970, TAI
  std::vector<std::vector<std::uint32_t>> columns;  // counts by interval and bucket
  std::uint32_t low = 0;                            // buckets of hist(x, 0), both inclusive
  std::uint32_t high = 0;
};
// `newest` is the newest interval of the whole map. No columns where the ring holds no value.
[[nodiscard]] HeatGrid heat_grid(const Type& type, Bytes bytes, std::optional<std::uint64_t> newest);

// Rows, the axis of time (local time) and the legend; or `<no data>` without a newline.
void append_heat_map(std::string& out, const Type& type, const HeatGrid& grid, const FormatContext& context);
// {"interval_ns": N, "buckets": [{"min": A, "max": B},...], "intervals": [{"interval_start": "UTC", "counts":
// [...]},...]}
void append_json_heat_map(std::string& out, const Type& type, const HeatGrid& grid, const FormatContext& context);

}  // namespace hawk
