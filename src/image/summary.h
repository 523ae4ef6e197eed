// Aggregations that print as several named numbers: stats, percentiles, stddev.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "image/bytes.h"

namespace hawk {

struct SummaryNumber {
  std::string_view name;
  Type type;  // an int or a float of 8 bytes
  std::uint64_t raw = 0;

  [[nodiscard]] Bytes bytes() const { return {reinterpret_cast<const std::uint8_t*>(&raw), sizeof raw}; }
};

// In the order of summary_names() (ast/part.h). All but counts are divided by `div`.
[[nodiscard]] std::vector<SummaryNumber> summary_of(const Type& type, Bytes bytes, std::uint64_t div);

}  // namespace hawk
