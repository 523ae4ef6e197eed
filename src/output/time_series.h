// Time series: which intervals are shown, as a graph that runs down the page and as JSON.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "image/bytes.h"
#include "output/printer.h"

namespace hawk {

struct SeriesRow {
  std::uint64_t interval = 0;          // number since 1970, TAI
  std::optional<std::uint64_t> value;  // nullopt: nothing came in it
};

// The intervals of one key up to `newest`, the newest one of the whole map, from the first one with a value that the
// ring still holds; where it holds none, `newest` alone. Empty where no key has a value.
[[nodiscard]] std::vector<SeriesRow> shown_intervals(const Type& type, Bytes bytes,
                                                     std::optional<std::uint64_t> newest);

// append_time's format, with fractions, for the starts of intervals of so many ns: as far as they differ.
[[nodiscard]] std::string_view interval_time_format(std::int64_t interval_ns);

// When an interval began: nanoseconds since 1970 (UTC).
[[nodiscard]] std::int64_t start_of(const Type& type, const SeriesRow& row, const FormatContext& context);

// `<no data>` (without a newline), or the graph, 53 columns wide, times in front of it in local time.
void append_time_series(std::string& out, const Type& type, const std::vector<SeriesRow>& rows,
                        const FormatContext& context);
// `[{"interval_start":"...","value":N},...]`: times in UTC, intervals without a value left out.
void append_json_time_series(std::string& out, const Type& type, const std::vector<SeriesRow>& rows,
                             const FormatContext& context);

}  // namespace hawk
