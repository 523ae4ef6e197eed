#include "output/histogram.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <iterator>
#include <limits>
#include <string_view>

#include "support/check.h"

namespace hawk {

namespace {

constexpr std::uint32_t kBarWidth = 52;
constexpr std::array<std::string_view, 7> kSuffixes = {"", "K", "M", "G", "T", "P", "E"};

// Where bucket `index` of hist(x, k) begins, in the unit that the width of that bucket suggests:
// 2048 is `2K` in front of a bucket at least 1024 wide. The index behind the last one is 2^64.
std::string hist_bound(std::uint32_t index, std::uint32_t k) {
  if (index == hist_bucket_count(k)) {
    std::uint32_t tens = (64 - k) / 10;
    return fmt::format("{}{}", std::uint64_t{1} << (64 - 10 * tens), kSuffixes[tens]);
  }
  BucketRange range = hist_bucket_range(index, k);
  std::uint64_t width = range.high - range.low + 1;
  auto tens = static_cast<std::uint32_t>(std::bit_width(width) - 1) / 10;
  return fmt::format("{}{}", range.low >> (10 * tens), kSuffixes[tens]);
}

// K and M only where every bound is a multiple of 1024.
std::string linear_bound(std::int64_t value, std::int64_t step) {
  constexpr std::int64_t kKilo = 1024;
  constexpr std::int64_t kMega = 1024 * 1024;
  if (step % kKilo != 0 || value == 0) return std::to_string(value);
  if (value % kMega == 0) return fmt::format("{}M", value / kMega);
  if (value % kKilo == 0) return fmt::format("{}K", value / kKilo);
  return std::to_string(value);
}

Bucket linear_bucket(std::uint32_t index, const Type& type) {
  std::int64_t step = type.range_step;
  if (index == 0) {
    return {.has_low = false,
            .high = static_cast<std::uint64_t>(type.range_min - 1),
            .label = fmt::format("(..., {})", linear_bound(type.range_min, step))};
  }
  std::uint32_t whole = linear_hist_bucket_count(type);
  if (index == whole + 1) {
    std::int64_t overflow = type.range_min + whole * step;
    return {.has_high = false,
            .low = static_cast<std::uint64_t>(overflow),
            .label = fmt::format("[{}, ...)", linear_bound(overflow, step))};
  }
  std::int64_t low = type.range_min + (index - 1) * step;
  std::int64_t end = low + step;
  Bucket bucket{.low = static_cast<std::uint64_t>(low), .high = static_cast<std::uint64_t>(end - 1), .label = {}};
  bucket.label =
      step == 1 ? fmt::format("[{}]", low) : fmt::format("[{}, {})", linear_bound(low, step), linear_bound(end, step));
  return bucket;
}

std::string_view bar(std::uint64_t count, std::uint64_t most) {
  constexpr std::string_view kFull = "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@";
  static_assert(kFull.size() == kBarWidth);
  if (most == 0) return {};
  // In single precision, as bpftrace does.
  auto length = static_cast<std::size_t>(static_cast<float>(count) / static_cast<float>(most) * kBarWidth);
  return kFull.substr(0, length);
}

}  // namespace

Bucket hist_bucket(std::uint32_t index, std::uint32_t k) {
  if (index == 0) return {.has_low = false, .high = ~std::uint64_t{0}, .label = "(..., 0)"};
  BucketRange range = hist_bucket_range(index, k);
  Bucket bucket{.low = range.low, .high = range.high, .label = {}};
  bucket.label = range.low == range.high ? fmt::format("[{}]", range.low)
                                         : fmt::format("[{}, {})", hist_bound(index, k), hist_bound(index + 1, k));
  return bucket;
}

std::vector<Bucket> shown_buckets(const Type& type, Bytes bytes, std::uint64_t div) {
  bool linear = type.kind == TypeKind::kLinearHist;
  HAWK_CHECK(linear || type.kind == TypeKind::kHist, "only histograms have buckets");
  std::uint32_t size = linear ? linear_hist_bucket_count(type) + 2 : hist_bucket_count(type.count);
  std::uint32_t first = 0;
  while (first < size && load_word(bytes, first) == 0) ++first;
  std::uint32_t end = size;
  while (end > first && load_word(bytes, end - 1) == 0) --end;
  std::vector<Bucket> buckets;
  for (std::uint32_t i = first; i < end; ++i) {
    Bucket& bucket = buckets.emplace_back(linear ? linear_bucket(i, type) : hist_bucket(i, type.count));
    bucket.count = load_word(bytes, i) / (linear || div == 0 ? 1 : div);
  }
  return buckets;
}

void append_histogram(std::string& out, const std::vector<Bucket>& buckets) {
  std::uint64_t most = 0;
  for (const Bucket& bucket : buckets) most = std::max(most, bucket.count);
  for (const Bucket& bucket : buckets) {
    fmt::format_to(std::back_inserter(out), "{:<16}{:>8} |{:<52}|\n", bucket.label, bucket.count,
                   bar(bucket.count, most));
  }
}

}  // namespace hawk
