// Maps of the kernel, read whole and changed whole from user space.
#pragma once

#include "image/event.h"

namespace hawk {

// A loaded map of the script. `fd` -1: no program uses it, so it is empty for ever.
struct KernelMap {
  const MapSchema* schema = nullptr;
  int fd = -1;
};

// All entries; values of per-CPU maps merged over the CPUs. Entries that come or go meanwhile may be
// missed, those that stay are read exactly once.
[[nodiscard]] MapSnapshot read_map(const KernelMap& map);

// clear(@m): no entry, or the scalar never written.
void clear_map(const KernelMap& map);
// zero(@m): every entry stays, with a value of zero bytes.
void zero_map(const KernelMap& map);

// Sums of a PERCPU_ARRAY of u64 over its entries and the CPUs.
[[nodiscard]] std::uint64_t sum_counters(int fd, std::uint32_t entries);

}  // namespace hawk
