#include "runtime/map_access.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include "runtime/map_calls.h"

namespace hawk {

std::size_t possible_cpus() {
  static const int cpus = std::max(libbpf_num_possible_cpus(), 1);
  return static_cast<std::size_t>(cpus);
}

namespace {

using Bytes = std::vector<std::uint8_t>;

// How one entry's value comes from the kernel: one value, or one for each CPU, each padded to 8 bytes.
struct ValueLayout {
  std::size_t size = 0;    // of one value
  std::size_t stride = 0;  // from one CPU to the next
  std::size_t cpus = 1;

  explicit ValueLayout(const MapSchema& schema) : size(map_value_size(schema)) {
    stride = (size + 7) / 8 * 8;
    if (is_per_cpu(schema.storage)) {
      cpus = possible_cpus();
    } else {
      stride = size;
    }
  }
  [[nodiscard]] std::size_t total() const { return stride * cpus; }
};

Bytes merged_value(const MapSchema& schema, const ValueLayout& layout, const std::uint8_t* raw) {
  std::size_t size = schema.value.size;
  Bytes value(raw, raw + size);
  for (std::size_t cpu = 1; cpu < layout.cpus; ++cpu) {
    merge_per_cpu(schema.value, value, {raw + cpu * layout.stride, size});
  }
  return value;
}

bool is_written(const MapSchema& schema, const ValueLayout& layout, const std::uint8_t* raw) {
  for (std::size_t cpu = 0; cpu < layout.cpus; ++cpu) {
    std::uint64_t presence = 0;
    std::memcpy(&presence, raw + cpu * layout.stride + presence_offset(schema), sizeof(presence));
    if (presence != 0) return true;
  }
  return false;
}

MapSnapshot read_scalar(const KernelMap& map) {
  MapSnapshot snapshot{.schema = map.schema, .entries = {}, .written = false};
  ValueLayout layout(*map.schema);
  Bytes raw(layout.total());
  std::uint32_t index = 0;
  if (map_lookup(map.fd, &index, raw.data()) != 0) raw.assign(raw.size(), 0);
  snapshot.written = is_written(*map.schema, layout, raw.data());
  snapshot.entries.push_back({.key = {}, .value = merged_value(*map.schema, layout, raw.data())});
  return snapshot;
}

void add_entry(MapSnapshot& snapshot, const ValueLayout& layout, const std::uint8_t* key, const std::uint8_t* raw) {
  const MapSchema& schema = *snapshot.schema;
  snapshot.entries.push_back(
      {.key = Bytes(key, key + map_key_size(schema)), .value = merged_value(schema, layout, raw)});
}

// One system call for many entries (Linux 5.6; LRU and per-CPU too). False if this kernel or map cannot;
// then nothing has been added.
bool read_in_batches(MapSnapshot& snapshot, int fd) {
  const MapSchema& schema = *snapshot.schema;
  ValueLayout layout(schema);
  std::size_t key_size = map_key_size(schema);
  constexpr std::size_t kBatchBytes = 4 << 20;
  std::uint32_t batch = static_cast<std::uint32_t>(
      std::clamp<std::size_t>(kBatchBytes / (key_size + layout.total()), 1, std::max(schema.max_entries, 1U)));
  Bytes keys(key_size * batch);
  Bytes values(layout.total() * batch);
  Bytes position(std::max<std::size_t>(key_size, 8));  // the kernel's place in the table
  bool started = false;
  while (true) {
    std::uint32_t count = batch;
    int failed =
        map_lookup_batch(fd, started ? position.data() : nullptr, position.data(), keys.data(), values.data(), &count);
    int error = failed != 0 ? errno : 0;
    if (error == ENOSPC && batch < schema.max_entries) {  // one bucket holds more than fit: take more at once
      batch = std::min(batch * 2, schema.max_entries);
      keys.resize(key_size * batch);
      values.resize(layout.total() * batch);
      continue;
    }
    if (error != 0 && error != ENOENT) return started;
    for (std::uint32_t i = 0; i < count; ++i) {
      add_entry(snapshot, layout, keys.data() + i * key_size, values.data() + i * layout.total());
    }
    if (error == ENOENT) return true;  // the end
    started = true;
  }
}

// The keys, one system call each. A key that vanishes meanwhile sends the kernel back to the start, so
// the walk is bounded.
std::vector<Bytes> read_keys(const KernelMap& map) {
  std::vector<Bytes> keys;
  Bytes next(map_key_size(*map.schema));
  const void* previous = nullptr;
  while (keys.size() <= map.schema->max_entries && bpf_map_get_next_key(map.fd, previous, next.data()) == 0) {
    keys.push_back(next);
    previous = keys.back().data();
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

void read_one_by_one(MapSnapshot& snapshot, const KernelMap& map) {
  ValueLayout layout(*map.schema);
  Bytes raw(layout.total());
  for (const Bytes& key : read_keys(map)) {
    if (map_lookup(map.fd, key.data(), raw.data()) != 0) continue;
    add_entry(snapshot, layout, key.data(), raw.data());
  }
}

// Zeroes a scalar's value; `keep_presence` keeps the words that say it was written.
void reset_scalar(const KernelMap& map, bool keep_presence) {
  ValueLayout layout(*map.schema);
  Bytes raw(layout.total());
  std::uint32_t index = 0;
  if (keep_presence && map_lookup(map.fd, &index, raw.data()) != 0) return;
  for (std::size_t cpu = 0; cpu < layout.cpus; ++cpu) {
    std::uint8_t* value = raw.data() + cpu * layout.stride;
    std::fill(value, value + (keep_presence ? presence_offset(*map.schema) : layout.size), 0);
  }
  map_update(map.fd, &index, raw.data(), BPF_ANY);
}

// What a map's short keys are like, as a map of its own.
MapSchema schema_of_short(const KernelMap& map) {
  MapSchema schema = *map.schema;
  schema.key.size = schema.short_keys->size;
  schema.short_keys.reset();
  return schema;
}

// Calls `act` with the map of the short keys, if there is one.
template <typename Act>
void with_short(const KernelMap& map, Act act) {
  if (map.short_fd < 0) return;
  MapSchema schema = schema_of_short(map);
  act(KernelMap{.schema = &schema, .fd = map.short_fd});
}

void add_short(MapSnapshot& snapshot, const KernelMap& map) {
  with_short(map, [&](const KernelMap& part) {
    for (MapEntry& entry : read_map(part).entries) {
      entry.key.resize(map_key_size(*map.schema));
      snapshot.entries.push_back(std::move(entry));
    }
  });
}

}  // namespace

MapSnapshot read_map(const KernelMap& map) {
  MapSnapshot snapshot{.schema = map.schema, .entries = {}, .written = map.schema->keyed};
  if (map.fd < 0) return snapshot;
  if (!map.schema->keyed) return read_scalar(map);
  if (!read_in_batches(snapshot, map.fd)) read_one_by_one(snapshot, map);
  add_short(snapshot, map);
  return snapshot;
}

void clear_map(const KernelMap& map) {
  with_short(map, clear_map);
  if (map.fd < 0) return;
  if (!map.schema->keyed) return reset_scalar(map, false);
  for (const Bytes& key : read_keys(map)) map_delete(map.fd, key.data());
}

void zero_map(const KernelMap& map) {
  with_short(map, zero_map);
  if (map.fd < 0) return;
  if (!map.schema->keyed) return reset_scalar(map, true);
  Bytes zeroes(ValueLayout(*map.schema).total());
  for (const Bytes& key : read_keys(map)) map_update(map.fd, key.data(), zeroes.data(), BPF_EXIST);
}

void write_map(const KernelMap& map, const MapSnapshot& snapshot) {
  Bytes raw(ValueLayout(*map.schema).total());
  std::uint32_t index = 0;
  for (const MapEntry& entry : snapshot.entries) {
    std::copy(entry.value.begin(), entry.value.end(), raw.begin());
    const void* key = map.schema->keyed ? static_cast<const void*>(entry.key.data()) : &index;
    map_update(map.fd, key, raw.data(), BPF_ANY);
  }
  if (!map.schema->keyed && snapshot.written) mark_written(map);
}

void insert_zero(const KernelMap& map, const std::vector<std::uint8_t>& key) {
  Bytes zeroes(ValueLayout(*map.schema).total());
  map_update(map.fd, key.data(), zeroes.data(), BPF_NOEXIST);
}

void mark_written(const KernelMap& map) {
  ValueLayout layout(*map.schema);
  Bytes raw(layout.total());
  std::uint32_t index = 0;
  if (map_lookup(map.fd, &index, raw.data()) != 0) return;
  std::uint64_t written = 1;
  std::memcpy(raw.data() + presence_offset(*map.schema), &written, sizeof(written));
  map_update(map.fd, &index, raw.data(), BPF_ANY);
}

std::vector<std::uint64_t> sum_counters(int fd, std::uint32_t entry, std::size_t words) {
  std::vector<std::uint64_t> sums(words);
  std::vector<std::uint64_t> per_cpu(possible_cpus() * words);
  if (fd < 0 || map_lookup(fd, &entry, per_cpu.data()) != 0) return sums;
  for (std::size_t i = 0; i < per_cpu.size(); ++i) sums[i % words] += per_cpu[i];
  return sums;
}

}  // namespace hawk
