// Values as the typed JSON of -f jsonl: one row per kind of type; schema/hawk-jsonl.schema.json has one definition for
// each form.
#pragma once

#include <optional>

#include "image/bytes.h"
#include "output/json_writer.h"
#include "output/printer.h"

namespace hawk {

struct JsonTarget {
  JsonWriter& to;
  const FormatContext& context;
  std::uint64_t div = 1;
};

void write_value(const JsonTarget& to, const Type& type, Bytes bytes);
// `newest`: the newest interval of the whole map, for a time series or a heat map.
void write_series(const JsonTarget& to, const Type& type, Bytes bytes, std::optional<std::uint64_t> newest);
void write_heat_map(const JsonTarget& to, const Type& type, Bytes bytes, std::optional<std::uint64_t> newest);
// RFC 3339 in UTC, with nanoseconds.
void write_time(JsonWriter& to, std::int64_t wall_ns);

}  // namespace hawk
