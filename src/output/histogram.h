// hist and lhist: which buckets are shown, and the block of labels, counts and bars.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "image/bytes.h"

namespace hawk {

struct Bucket {
  bool has_low = true;     // false: everything below (negatives, underflow)
  bool has_high = true;    // false: everything above (overflow)
  std::uint64_t low = 0;   // inclusive
  std::uint64_t high = 0;  // inclusive; without `low` a signed number
  std::uint64_t count = 0;
  std::string label;
};

// One of hist(x, k).
[[nodiscard]] Bucket hist_bucket(std::uint32_t index, std::uint32_t k);

// From the first to the last bucket that is not empty, those in between included; then, for a hist,
// counts are divided by `div`. Empty if nothing was counted.
[[nodiscard]] std::vector<Bucket> shown_buckets(const Type& type, Bytes bytes, std::uint64_t div);

// One line a bucket: label in 16 columns, count in 8, a bar of 52.
void append_histogram(std::string& out, const std::vector<Bucket>& buckets);

}  // namespace hawk
