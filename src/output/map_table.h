// Whole maps as text and as JSON records.
#pragma once

#include <string>

#include "output/printer.h"

namespace hawk {

// `@name[key]: value` lines, or blocks for histograms and time series. Nothing for an empty map or histogram.
void append_map(std::string& out, const MapSnapshot& snapshot, const MapView& view, const FormatContext& context);
// One `{"type": "map", ...}` line, or nothing.
void append_map_json(std::string& out, const MapSnapshot& snapshot, const MapView& view, const FormatContext& context);

// The maps that are printed at exit, in the byte order of their names.
[[nodiscard]] std::vector<const MapSnapshot*> maps_printed_at_exit(const std::vector<MapSnapshot>& snapshots);

}  // namespace hawk
