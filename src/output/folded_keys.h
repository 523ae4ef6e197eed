// Folded stacks as keys: they say less than the addresses that they are made of.
#pragma once

#include <optional>

#include "image/event.h"
#include "output/printer.h"

namespace hawk {

// The map with its aggregations added up where the keys have one text; nullopt if there is nothing to add up: keys
// without folded stacks, or values that are no aggregations.
[[nodiscard]] std::optional<MapSnapshot> merge_folded_keys(const MapSnapshot& snapshot, const FormatContext& context);

}  // namespace hawk
