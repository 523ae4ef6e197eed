// Operations on maps, and loops over their entries.
#include <bit>

#include "host/operations.h"
#include "image/deviation.h"
#include "image/map_order.h"
#include "image/percentiles.h"

namespace hawk::operation {

namespace {

// What they cost, in turns of a loop. A map of the kernel costs about ten times as much, a breath then comes later.
constexpr std::uint64_t kOneKey = 64;
constexpr std::uint64_t kEachEntry = 64;

HostMap& map_of(HostContext* context, std::uint64_t map) {
  runtime_of(context).spend(kOneKey);
  return runtime_of(context).map(map);
}

// 0 to go on.
std::int64_t visit(HostMap& map, const HostEntry& entry, HostEntryBody body, void* frame) {
  return body(&map, entry.key, entry.value, frame);
}

std::vector<EntryBytes> bytes_of(const MapSchema& schema, const std::vector<HostEntry>& entries) {
  std::vector<EntryBytes> bytes;
  bytes.reserve(entries.size());
  for (const HostEntry& entry : entries) {
    bytes.push_back({Bytes(static_cast<const std::uint8_t*>(entry.key), schema.key.size),
                     Bytes(static_cast<const std::uint8_t*>(entry.value), schema.value.size)});
  }
  return bytes;
}

// The value over all CPUs; empty if absent.
std::vector<std::uint8_t> merged_value(HostMap& map, const void* key) {
  std::vector<std::uint8_t> merged;
  const Type& type = map.schema().value;
  for (std::uint64_t cpu = 0; const void* found = map.find_on_cpu(key, cpu); ++cpu) {
    Bytes bytes(static_cast<const std::uint8_t*>(found), type.size);
    if (cpu == 0) merged.assign(bytes.begin(), bytes.end());
    else merge_per_cpu(type, merged, bytes);
  }
  return merged;
}

}  // namespace

void* map_find(HostContext* context, std::uint64_t map, const void* key) { return map_of(context, map).find(key); }

void* map_find_on_cpu(HostContext* context, std::uint64_t map, const void* key, std::uint64_t cpu) {
  return map_of(context, map).find_on_cpu(key, cpu);
}

void map_changed(HostContext* context, std::uint64_t map, const void* key) { map_of(context, map).changed(key); }

std::int64_t map_set(HostContext* context, std::uint64_t map, const void* key, const void* value) {
  return map_of(context, map).set(key, value);
}

std::int64_t map_insert(HostContext* context, std::uint64_t map, const void* key, const void* value) {
  return map_of(context, map).insert(key, value);
}

std::int64_t map_delete(HostContext* context, std::uint64_t map, const void* key) {
  return map_of(context, map).erase(key);
}

std::int64_t map_percentile(HostContext* context, std::uint64_t map, const void* key, double percent) {
  HostMap& of = map_of(context, map);
  std::vector<std::uint8_t> value = merged_value(of, key);
  runtime_of(context).spend(value.size());
  return value.empty() ? 0 : static_cast<std::int64_t>(percentile(of.schema().value, value, percent));
}

double map_deviation(HostContext* context, std::uint64_t map, const void* key) {
  HostMap& of = map_of(context, map);
  std::vector<std::uint8_t> value = merged_value(of, key);
  return value.empty() ? 0 : load_deviation(of.schema().value, value).deviation;
}

std::uint64_t map_length(HostContext* context, std::uint64_t map) { return map_of(context, map).length(); }

std::uint64_t for_each_entry(HostContext* context, std::uint64_t map, HostEntryBody body, void* frame) {
  HostMap& over = map_of(context, map);
  std::unique_ptr<HostMap::Walk> walk = over.walk();
  std::uint64_t visited = 0;
  for (std::size_t i = 0; i < walk->entries().size(); ++i) {
    if (!walk->is_present(i)) continue;
    ++visited;
    runtime_of(context).spend(kEachEntry);
    if (visit(over, walk->entries()[i], body, frame) != 0) break;
  }
  return visited;
}

// NOLINTNEXTLINE(readability-function-size): the parameters are the contract's
std::uint64_t for_each_sorted(HostContext* context, std::uint64_t map, std::uint64_t order, std::uint64_t limit,
                              HostEntryBody body, void* frame) {
  HostMap& over = map_of(context, map);
  std::unique_ptr<HostMap::Walk> walk = over.walk();
  TextLookup texts = [&](std::uint64_t id) { return runtime_of(context).text(id); };
  std::uint64_t visited = 0;
  runtime_of(context).spend(walk->entries().size() * kEachEntry);
  EntrySelection selection{std::bit_cast<EntryOrder>(order), limit};
  for (std::uint32_t i : ordered_entries(over.schema(), bytes_of(over.schema(), walk->entries()), selection, texts)) {
    if (!walk->is_present(i)) continue;
    ++visited;
    runtime_of(context).spend(kEachEntry);
    if (visit(over, walk->entries()[i], body, frame) != 0) break;
  }
  return visited;
}

}  // namespace hawk::operation
