// table(): maps side by side, as aligned columns and as a JSON record.
#pragma once

#include <string>
#include <vector>

#include "output/jsonl_value.h"
#include "output/printer.h"

namespace hawk {

// A line of headings, then one for each key: `-` where a map does not have it. Nothing if no map has an entry.
void append_table(std::string& out, const Table& table, const std::vector<MapSnapshot>& snapshots,
                  const FormatContext& context);
// An object: headings of the keys, columns with their types and units, rows with a value of each, null where a map has
// no such key.
void write_table(const JsonTarget& to, const Table& table, const std::vector<MapSnapshot>& snapshots);
// `{"type": "table", "data": [{"key": 1, "reads": 2}, ...]}`: numbers without units, null where a map has no such key.
void append_table_json(std::string& out, const Table& table, const std::vector<MapSnapshot>& snapshots,
                       const FormatContext& context);

}  // namespace hawk
