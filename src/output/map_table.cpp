#include "output/map_table.h"

#include <algorithm>
#include <unordered_set>

#include "image/heat_map.h"
#include "image/map_order.h"
#include "image/time_series.h"
#include "output/folded_keys.h"
#include "output/heat_map.h"
#include "output/json_value.h"
#include "output/text_value.h"
#include "output/time_series.h"

namespace hawk {

namespace {

bool is_series(const Type& type) { return type.kind == TypeKind::kTimeSeries; }
bool is_heat_map(const Type& type) { return type.kind == TypeKind::kHeatMap; }
// Several lines, the first of them below the name.
bool is_block(const Type& type) { return is_histogram(type) || is_series(type) || is_heat_map(type); }

// A scalar histogram or time series that was never written has nothing to show; other scalars show their zero.
bool shows_nothing(const MapSnapshot& snapshot) {
  return snapshot.entries.empty() || (!snapshot.written && is_block(snapshot.schema->value));
}

void append_entry(const TextTarget& to, const MapSchema& schema, const MapEntry& entry,
                  std::optional<std::uint64_t> newest) {
  to.out += '@';
  to.out += schema.name;
  if (schema.keyed) {
    to.out += '[';
    append_key({to.out, to.context}, schema.key, entry.key);
    to.out += ']';
  }
  to.out += is_block(schema.value) ? ":\n" : ": ";
  if (is_series(schema.value)) {
    append_time_series(to.out, schema.value, shown_intervals(schema.value, entry.value, newest), to.context);
  } else if (is_heat_map(schema.value)) {
    append_heat_map(to.out, schema.value, heat_grid(schema.value, entry.value, newest), to.context);
  } else {
    append_value(to, schema.value, entry.value);
  }
  to.out += '\n';
}

bool are_unique(const TextTarget& to, const Type& type, const std::vector<const MapEntry*>& entries, JsonKeys form) {
  std::unordered_set<std::string> names;
  for (const MapEntry* entry : entries) {
    std::string name;
    append_json_key({name, to.context}, type, entry->key, form);
    if (!names.insert(std::move(name)).second) return false;
  }
  return true;
}

// The form in which no two keys of the map are the same.
JsonKeys unique_form(const TextTarget& to, const Type& type, const std::vector<const MapEntry*>& entries) {
  for (JsonKeys form : {JsonKeys::kWithoutBlanks, JsonKeys::kWhole}) {
    if (are_unique(to, type, entries, form)) return form;
  }
  return JsonKeys::kTyped;
}

const char* record_type(const Type& value) {
  if (is_histogram(value)) return "hist";
  if (is_series(value)) return "tseries";
  if (is_heat_map(value)) return "heatmap";
  bool stats = value.kind == TypeKind::kAvg || value.kind == TypeKind::kStats || value.kind == TypeKind::kPercentiles ||
               value.kind == TypeKind::kDeviation;
  return stats ? "stats" : "map";
}

}  // namespace

std::optional<std::uint64_t> newest_interval(const MapSnapshot& snapshot) {
  const Type& type = snapshot.schema->value;
  std::optional<std::uint64_t> newest;
  for (const MapEntry& entry : snapshot.entries) {
    if (is_series(type)) newest = std::max(newest, newest_interval(type, entry.value));
    if (is_heat_map(type)) newest = std::max(newest, newest_heat_interval(type, entry.value));
  }
  return newest;
}

// All of a map of time series, as bpftrace does, where no order is asked for.
std::vector<const MapEntry*> shown_entries(const MapSnapshot& snapshot, MapView view, const FormatContext& context) {
  if (is_series(snapshot.schema->value) && view.order.by == EntryOrder::By::kPrinted) view.top = 0;
  return ordered_entries(snapshot, view, [&context](std::uint64_t id) { return context.resolver->text(id); });
}

void append_map(std::string& out, const MapSnapshot& read, const MapView& view, const FormatContext& context) {
  if (shows_nothing(read)) return;
  const std::optional<MapSnapshot> merged = merge_folded_keys(read, context);
  const MapSnapshot& snapshot = merged ? *merged : read;
  TextTarget to{out, context, {.plus = false, .div = view.div}};
  auto newest = newest_interval(snapshot);
  for (const MapEntry* entry : shown_entries(snapshot, view, context))
    append_entry(to, *snapshot.schema, *entry, newest);
}

void append_map_json(std::string& out, const MapSnapshot& read, const MapView& view, const FormatContext& context) {
  if (shows_nothing(read)) return;
  const std::optional<MapSnapshot> merged = merge_folded_keys(read, context);
  const MapSnapshot& snapshot = merged ? *merged : read;
  const MapSchema& schema = *snapshot.schema;
  TextTarget to{out, context, {.plus = false, .div = view.div}};
  out += R"({"type": ")";
  out += record_type(schema.value);
  out += R"(", "data": {)";
  append_json_string(out, "@" + schema.name);
  out += schema.keyed ? ": {" : ": ";
  const char* separator = "";
  auto newest = newest_interval(snapshot);
  std::vector<const MapEntry*> entries = shown_entries(snapshot, view, context);
  const JsonKeys form = schema.keyed ? unique_form(to, schema.key, entries) : JsonKeys::kWhole;
  for (const MapEntry* entry : entries) {
    out += separator;
    separator = ", ";
    if (schema.keyed) {
      append_json_key(to, schema.key, entry->key, form);
      out += ": ";
    }
    if (is_series(schema.value)) {
      append_json_time_series(out, schema.value, shown_intervals(schema.value, entry->value, newest), context);
    } else if (is_heat_map(schema.value)) {
      append_json_heat_map(out, schema.value, heat_grid(schema.value, entry->value, newest), context);
    } else {
      append_json_value(to, schema.value, entry->value);
    }
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
