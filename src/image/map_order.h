// The order of values, and the one in which a map's entries are printed (census of bpftrace 0.27, section 6.4):
// integers, floats, aggregations and histograms ascending by value, everything else by key, time series by the bytes of
// it.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "image/bytes.h"
#include "image/event.h"

namespace hawk {

// The bytes of a text (TypeKind::kText) by its id; only asked where there are texts.
using TextLookup = std::function<std::string_view(std::uint64_t)>;

// Sorted entries; of them the last `top` (0: all). Ties are sorted by key.
[[nodiscard]] std::vector<const MapEntry*> ordered_entries(const MapSnapshot& snapshot, std::uint64_t top,
                                                           const TextLookup& texts);

// <0, 0 or >0: numbers and aggregations by value (NaN behind everything), strings and texts by bytes, tuples and
// records by their first member that differs.
[[nodiscard]] int compare_values(const Type& type, Bytes left, Bytes right, const TextLookup& texts);

}  // namespace hawk
