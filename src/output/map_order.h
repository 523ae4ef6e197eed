// The order in which a map's entries are printed (census of bpftrace 0.27, section 6.4): integers,
// aggregations and histograms ascending by value, everything else by key.
#pragma once

#include <vector>

#include "image/event.h"
#include "output/bytes.h"

namespace hawk {

// Sorted entries; of them the last `top` (0: all). Ties are sorted by key.
[[nodiscard]] std::vector<const MapEntry*> ordered_entries(const MapSnapshot& snapshot, std::uint64_t top);

// <0, 0 or >0: integers by value, strings by bytes, tuples and records by their first member that differs.
[[nodiscard]] int compare_values(const Type& type, Bytes left, Bytes right);

}  // namespace hawk
