// HostMap: a map of the script as host clauses see it, wherever it lives: in hawk's memory (memory_map.h) or in the
// kernel (runtime/kernel_host_map.h). Keys and values have map_key_size and map_value_size bytes; a scalar map has the
// one key u32 0, and its value is followed by the presence word (ast/schema.h).
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "image/event.h"

namespace hawk {

// What the program of a loop reads, 8-byte aligned: whole key and value (a merged one has schema.value.size bytes).
struct HostEntry {
  const void* key = nullptr;
  const void* value = nullptr;
};

class HostMap {
 public:
  HostMap() = default;
  HostMap(const HostMap&) = delete;
  HostMap& operator=(const HostMap&) = delete;
  virtual ~HostMap() = default;

  [[nodiscard]] virtual const MapSchema& schema() const = 0;

  // The value in place, null if absent. Valid until the next operation on the map; of a map in memory until the entry
  // is gone. Of a per-CPU map this is CPU 0's, to which aggregations add.
  [[nodiscard]] virtual void* find(const void* key) = 0;
  // Null for a CPU that has no value of its own.
  [[nodiscard]] virtual void* find_on_cpu(const void* key, std::uint64_t cpu) = 0;
  // The values that find and find_on_cpu gave have been written to.
  virtual void changed(const void* key) = 0;

  // 0 or -errno as the kernel's helpers return it: -E2BIG where there is no room for another key, -EEXIST when
  // inserting a present one, -ENOENT when erasing an absent one, -EINVAL when erasing from a scalar map.
  virtual std::int64_t set(const void* key, const void* value) = 0;
  virtual std::int64_t insert(const void* key, const void* value) = 0;
  virtual std::int64_t erase(const void* key) = 0;

  [[nodiscard]] virtual std::uint64_t length() = 0;
  [[nodiscard]] virtual MapSnapshot snapshot() = 0;
  virtual void clear() = 0;  // no entry, or the scalar never written
  virtual void zero() = 0;   // every entry stays, with a value of zero bytes

  // A loop over the entries as they are now, in an order of the map's own. What it gives stays readable until the walk
  // is destroyed, also when the entry is deleted meanwhile.
  class Walk {
   public:
    Walk() = default;
    Walk(const Walk&) = delete;
    Walk& operator=(const Walk&) = delete;
    virtual ~Walk() = default;

    [[nodiscard]] const std::vector<HostEntry>& entries() const { return entries_; }
    // False if entry `index` has been deleted since.
    [[nodiscard]] virtual bool is_present(std::size_t index) const = 0;

   protected:
    std::vector<HostEntry> entries_;
  };
  // It must not outlive the map.
  [[nodiscard]] virtual std::unique_ptr<Walk> walk() = 0;
};

}  // namespace hawk
