// The order of sorted loops over a map.
#pragma once

#include <cstdint>
#include <vector>

#include "host/host_map.h"
#include "image/map_order.h"

namespace hawk {

struct EntrySelection {
  std::uint64_t order = 0;           // kSort... bits
  std::uint64_t limit = UINT64_MAX;  // at most so many, the first ones
};

// Indexes of the entries in order: numbers and aggregations as the numbers they print as, NaN behind all others either
// way; ties by key, ascending.
[[nodiscard]] std::vector<std::uint32_t> sorted_entries(const MapSchema& schema, const std::vector<HostEntry>& entries,
                                                        const EntrySelection& selection, const TextLookup& texts);

}  // namespace hawk
