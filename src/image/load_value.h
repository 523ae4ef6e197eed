// Values of more than a number, out of their bytes: strings, buffers, averages, histograms, floats.
#pragma once

#include <bit>
#include <cstdint>
#include <string_view>

#include "ast/type.h"
#include "image/bytes.h"

namespace hawk {

[[nodiscard]] inline double load_float(Bytes bytes) { return std::bit_cast<double>(load_unsigned(bytes)); }

// The characters of a kString value. `cut` when there is no NUL in its capacity: a trailer follows.
struct StringText {
  std::string_view text;
  bool cut = false;
};
[[nodiscard]] StringText load_string(const Type& type, Bytes bytes);
// The data of a kBuffer value.
[[nodiscard]] Bytes load_buffer(Bytes bytes);

// `raw` of an integer type divided by `div`, toward zero.
[[nodiscard]] std::uint64_t divide(const Type& type, std::uint64_t raw, std::uint64_t div);

// left / right, toward zero; 0 where right is 0.
[[nodiscard]] std::uint64_t quotient(std::uint64_t left, std::uint64_t right, bool is_signed);

// avg: the quotient; stats: all three numbers.
struct StatsNumbers {
  std::uint64_t count = 0;
  std::uint64_t average = 0;  // toward zero; this and the total divided by div
  std::uint64_t total = 0;
};
[[nodiscard]] StatsNumbers load_stats(const Type& type, Bytes bytes, std::uint64_t div);

// Of a histogram: the sum over its buckets.
[[nodiscard]] std::uint64_t total_samples(Bytes bytes);

}  // namespace hawk
