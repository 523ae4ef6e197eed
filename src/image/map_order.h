// The order of values, and the one in which entries of maps are printed, looped over and put into tables. As bpftrace
// 0.27 prints them (census, section 6.4): integers, floats, aggregations and histograms ascending by value, everything
// else by key, time series by the bytes of it.
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

// An entry where it lies. Without a value (a table has such rows) it comes behind the others, or, where the last ones
// count, before them.
struct EntryBytes {
  Bytes key;
  Bytes value;
};

struct EntrySelection {
  static constexpr std::uint64_t kAll = UINT64_MAX;
  EntryOrder order = {};
  std::uint64_t limit = kAll;  // at most so many: the first ones; without a direction the last ones
};

// Numbers of the entries in order: numbers, aggregations and histograms as the numbers that they print as or by their
// samples, NaN behind all others either way; ties by key, ascending.
[[nodiscard]] std::vector<std::uint32_t> ordered_entries(const MapSchema& schema,
                                                         const std::vector<EntryBytes>& entries,
                                                         const EntrySelection& selection, const TextLookup& texts);
// The same for what print() shows.
[[nodiscard]] std::vector<const MapEntry*> ordered_entries(const MapSnapshot& snapshot, const MapView& view,
                                                           const TextLookup& texts);

// <0, 0 or >0: numbers and aggregations by value (NaN behind everything), strings and texts by bytes, tuples and
// records by their first member that differs.
[[nodiscard]] int compare_values(const Type& type, Bytes left, Bytes right, const TextLookup& texts);

}  // namespace hawk
