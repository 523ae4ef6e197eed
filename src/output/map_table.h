// Whole maps as text and as JSON records.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "output/printer.h"

namespace hawk {

// The entries that are shown, in order.
[[nodiscard]] std::vector<const MapEntry*> shown_entries(const MapSnapshot& snapshot, MapView view,
                                                         const FormatContext& context);
// Of a map of time series or heat maps: up to which interval its keys are shown.
[[nodiscard]] std::optional<std::uint64_t> newest_interval(const MapSnapshot& snapshot);

// `@name[key]: value` lines, or blocks for histograms and time series. Nothing for an empty map or histogram.
void append_map(std::string& out, const MapSnapshot& snapshot, const MapView& view, const FormatContext& context);
// One `{"type": "map", ...}` line, or nothing.
void append_map_json(std::string& out, const MapSnapshot& snapshot, const MapView& view, const FormatContext& context);

// The maps that are printed at exit, in the byte order of their names.
[[nodiscard]] std::vector<const MapSnapshot*> maps_printed_at_exit(const std::vector<MapSnapshot>& snapshots);

}  // namespace hawk
