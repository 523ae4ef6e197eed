#include "runtime/kernel_host_map.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "runtime/map_calls.h"

namespace hawk {

namespace {

// libbpf's wrappers fail with -1 or -errno, by its mode; errno is set either way.
std::int64_t status(int result) { return result == 0 ? 0 : -errno; }

}  // namespace

// A snapshot: the kernel's entries come and go while the loop runs.
class KernelHostMap::KernelWalk : public HostMap::Walk {
 public:
  explicit KernelWalk(KernelHostMap& map) : map_(map), snapshot_(map.snapshot()) {
    entries_.reserve(snapshot_.entries.size());
    for (const MapEntry& entry : snapshot_.entries) {
      const void* key = map.schema_.keyed ? static_cast<const void*>(entry.key.data()) : &kOnlyIndex;
      entries_.push_back({.key = key, .value = entry.value.data()});
    }
  }

  [[nodiscard]] bool is_present(std::size_t index) const override { return map_.find(entries_[index].key) != nullptr; }

 private:
  static constexpr std::uint32_t kOnlyIndex = 0;  // the key of a scalar map

  KernelHostMap& map_;
  MapSnapshot snapshot_;
};

KernelHostMap::KernelHostMap(const MapSchema& schema, const int& fd)
    : schema_(schema),
      fd_(fd),
      key_size_(map_key_size(schema)),
      value_size_(map_value_size(schema)),
      stride_((value_size_ + 7) / 8 * 8),
      cpus_(is_per_cpu(schema.storage) ? possible_cpus() : 1),
      values_(stride_ / 8 * cpus_) {}

bool KernelHostMap::holds(const void* key) const {
  return !held_key_.empty() && std::memcmp(held_key_.data(), key, key_size_) == 0;
}

bool KernelHostMap::load(const void* key) {
  held_key_.clear();
  if (map_lookup(fd_, key, values_.data()) != 0) return false;
  const auto* bytes = static_cast<const std::uint8_t*>(key);
  held_key_.assign(bytes, bytes + key_size_);
  return true;
}

void* KernelHostMap::find(const void* key) { return load(key) ? values_.data() : nullptr; }

void* KernelHostMap::find_on_cpu(const void* key, std::uint64_t cpu) {
  if (cpu >= cpus_) return nullptr;
  bool held = (cpu != 0 && holds(key)) || load(key);
  return held ? values_.data() + stride_ / 8 * cpu : nullptr;
}

// An entry that is gone meanwhile does not come back, as what a program of the kernel writes to it goes with it.
void KernelHostMap::changed(const void* key) {
  if (holds(key)) map_update(fd_, key, values_.data(), BPF_EXIST);
}

std::int64_t KernelHostMap::update(const void* key, const void* value, std::uint64_t flags) {
  return status(map_update(fd_, key, value, flags));
}

// Of a per-CPU map the value becomes CPU 0's, and the other CPUs keep theirs.
std::int64_t KernelHostMap::set(const void* key, const void* value) {
  std::vector<std::uint8_t> own(static_cast<const std::uint8_t*>(value),
                                static_cast<const std::uint8_t*>(value) + value_size_);
  if (cpus_ == 1) {
    held_key_.clear();
    return update(key, own.data(), BPF_ANY);
  }
  if (!load(key)) std::fill(values_.begin(), values_.end(), 0);
  std::memcpy(values_.data(), own.data(), own.size());
  return update(key, values_.data(), BPF_ANY);
}

std::int64_t KernelHostMap::insert(const void* key, const void* value) {
  std::vector<std::uint64_t> values(values_.size());
  std::memcpy(values.data(), value, value_size_);
  held_key_.clear();
  return update(key, values.data(), BPF_NOEXIST);
}

std::int64_t KernelHostMap::erase(const void* key) {
  held_key_.clear();
  return status(map_delete(fd_, key));
}

std::uint64_t KernelHostMap::length() { return snapshot().entries.size(); }

void KernelHostMap::clear() {
  held_key_.clear();
  clear_map({&schema_, fd_});
}

void KernelHostMap::zero() {
  held_key_.clear();
  zero_map({&schema_, fd_});
}

std::unique_ptr<HostMap::Walk> KernelHostMap::walk() { return std::make_unique<KernelWalk>(*this); }

}  // namespace hawk
