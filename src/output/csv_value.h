// Values as cells of -f csv: a value of several parts (a struct, the buckets of a histogram) takes a row for each.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "image/bytes.h"
#include "output/printer.h"

namespace hawk {

struct CsvPart {
  std::string field = {};  // which part of the value: "count", "1", "sin.port"; "" for all of it
  std::string low = {};    // of a bucket or an interval of time: where it begins,
  std::string high = {};   // and its last value, or where it ends
  std::string value = {};
};

struct CsvOptions {
  std::uint64_t div = 1;
  std::optional<std::uint64_t> newest = {};  // the newest interval of the whole map, for a time series
};

[[nodiscard]] std::vector<CsvPart> csv_parts(const Type& type, Bytes bytes, const FormatContext& context,
                                             const CsvOptions& options);
// A key's columns: one for each member of a tuple or record, else one.
[[nodiscard]] std::size_t key_columns(const Type& key);
[[nodiscard]] std::vector<std::string> key_cells(const Type& key, Bytes bytes, const FormatContext& context);

}  // namespace hawk
