// KernelHostMap: a map of the kernel as clauses that run inside hawk see it, by system calls.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "host/host_map.h"
#include "runtime/map_access.h"

namespace hawk {

// find copies the value; what is written there reaches the kernel with changed(). Between the two, a program in the
// kernel may write as well, and that is lost: a clause that must not lose any runs in the kernel.
class KernelHostMap : public HostMap {
 public:
  // Schema and descriptor must outlive the map. `fd` is the caller's, who may change it; -1: no program of the kernel
  // uses the map, it stays empty.
  KernelHostMap(const MapSchema& schema, const int& fd);
  KernelHostMap(const MapSchema& schema, int&& fd) = delete;

  [[nodiscard]] const MapSchema& schema() const override { return schema_; }
  [[nodiscard]] void* find(const void* key) override;
  // The values of all CPUs are read with CPU 0's, or when another key is asked for.
  [[nodiscard]] void* find_on_cpu(const void* key, std::uint64_t cpu) override;
  void changed(const void* key) override;
  std::int64_t set(const void* key, const void* value) override;
  std::int64_t insert(const void* key, const void* value) override;
  std::int64_t erase(const void* key) override;
  [[nodiscard]] std::uint64_t length() override;
  [[nodiscard]] MapSnapshot snapshot() override { return read_map({&schema_, fd_}); }
  void clear() override;
  void zero() override;
  [[nodiscard]] std::unique_ptr<Walk> walk() override;

 private:
  class KernelWalk;

  [[nodiscard]] bool holds(const void* key) const;
  [[nodiscard]] bool load(const void* key);
  std::int64_t update(const void* key, const void* value, std::uint64_t flags);

  const MapSchema& schema_;
  const int& fd_;
  std::size_t key_size_;
  std::size_t value_size_;
  std::size_t stride_;  // from one CPU's value to the next
  std::size_t cpus_;    // that have a value of their own

  std::vector<std::uint8_t> held_key_;  // whose values are held; empty: none's
  std::vector<std::uint64_t> values_;   // of all CPUs
};

}  // namespace hawk
