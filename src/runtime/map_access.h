// Maps of the kernel, read whole and changed whole from user space.
#pragma once

#include "image/event.h"

namespace hawk {

// How many values a per-CPU map has for each key.
[[nodiscard]] std::size_t possible_cpus();

// A loaded map of the script. `fd` -1: no program uses it, so it is empty for ever.
struct KernelMap {
  const MapSchema* schema = nullptr;
  int fd = -1;
  int short_fd = -1;  // of its short keys, if they are apart
};

// All entries; values of per-CPU maps merged over the CPUs. Entries that come or go meanwhile may be
// missed, those that stay are read exactly once.
[[nodiscard]] MapSnapshot read_map(const KernelMap& map);

// clear(@m): no entry, or the scalar never written.
void clear_map(const KernelMap& map);
// zero(@m): every entry stays, with a value of zero bytes.
void zero_map(const KernelMap& map);

// Every entry of the snapshot; of a per-CPU map the values become CPU 0's, and the other CPUs have none.
void write_map(const KernelMap& map, const MapSnapshot& snapshot);
// The key with a value of zero bytes, if it is not there.
void insert_zero(const KernelMap& map, const std::vector<std::uint8_t>& key);
// Of a scalar that no program uses meanwhile: from now on it counts as written.
void mark_written(const KernelMap& map);

// Of an entry of a PERCPU_ARRAY with values of so many u64: their sums over the CPUs. Zeros without the map (-1).
[[nodiscard]] std::vector<std::uint64_t> sum_counters(int fd, std::uint32_t entry, std::size_t words);

}  // namespace hawk
