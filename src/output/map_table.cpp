#include "output/map_table.h"

#include <algorithm>

#include "image/map_order.h"
#include "output/json_value.h"
#include "output/text_value.h"

namespace hawk {

namespace {

bool is_histogram(const Type& type) { return type.kind == TypeKind::kHist || type.kind == TypeKind::kLinearHist; }

// A scalar histogram that was never written has nothing to show; other scalars show their zero.
bool shows_nothing(const MapSnapshot& snapshot) {
  return snapshot.entries.empty() || (!snapshot.written && is_histogram(snapshot.schema->value));
}

void append_entry(const TextTarget& to, const MapSchema& schema, const MapEntry& entry) {
  to.out += '@';
  to.out += schema.name;
  if (schema.keyed) {
    to.out += '[';
    append_key({to.out, to.context}, schema.key, entry.key);
    to.out += ']';
  }
  to.out += is_histogram(schema.value) ? ":\n" : ": ";
  append_value(to, schema.value, entry.value);
  to.out += '\n';
}

TextLookup lookup(const FormatContext& context) {
  return [&context](std::uint64_t id) { return context.resolver->text(id); };
}

const char* record_type(const Type& value) {
  if (is_histogram(value)) return "hist";
  return value.kind == TypeKind::kAvg || value.kind == TypeKind::kStats ? "stats" : "map";
}

}  // namespace

void append_map(std::string& out, const MapSnapshot& snapshot, const MapRange& range, const FormatContext& context) {
  if (shows_nothing(snapshot)) return;
  TextTarget to{out, context, {.plus = false, .div = range.div}};
  for (const MapEntry* entry : ordered_entries(snapshot, range.top, lookup(context)))
    append_entry(to, *snapshot.schema, *entry);
}

void append_map_json(std::string& out, const MapSnapshot& snapshot, const MapRange& range,
                     const FormatContext& context) {
  if (shows_nothing(snapshot)) return;
  const MapSchema& schema = *snapshot.schema;
  TextTarget to{out, context, {.plus = false, .div = range.div}};
  out += R"({"type": ")";
  out += record_type(schema.value);
  out += R"(", "data": {)";
  append_json_string(out, "@" + schema.name);
  out += schema.keyed ? ": {" : ": ";
  const char* separator = "";
  for (const MapEntry* entry : ordered_entries(snapshot, range.top, lookup(context))) {
    out += separator;
    separator = ", ";
    if (schema.keyed) {
      append_json_key(to, schema.key, entry->key);
      out += ": ";
    }
    append_json_value(to, schema.value, entry->value);
  }
  out += schema.keyed ? "}}}\n" : "}}\n";
}

std::vector<const MapSnapshot*> maps_printed_at_exit(const std::vector<MapSnapshot>& snapshots) {
  std::vector<const MapSnapshot*> maps;
  for (const MapSnapshot& snapshot : snapshots) {
    bool written = snapshot.schema->keyed || snapshot.written;
    if (written && snapshot.schema->printed_at_exit) maps.push_back(&snapshot);
  }
  std::sort(maps.begin(), maps.end(),
            [](const MapSnapshot* left, const MapSnapshot* right) { return left->schema->name < right->schema->name; });
  return maps;
}

}  // namespace hawk
