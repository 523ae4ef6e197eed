// MemoryMap: a map in hawk's own memory, with the semantics of the kernel's. Entries are kept in the order of
// insertion.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "host/host_map.h"

namespace hawk {

class MemoryMap : public HostMap {
 public:
  // The schema must outlive the map. Per-CPU storage has one value, CPU 0's; LRU storage evicts what was least recently
  // found or set where the others say -E2BIG.
  explicit MemoryMap(const MapSchema& schema);
  ~MemoryMap() override;

  [[nodiscard]] const MapSchema& schema() const override { return schema_; }
  [[nodiscard]] void* find(const void* key) override;
  [[nodiscard]] void* find_on_cpu(const void* key, std::uint64_t cpu) override;
  void changed(const void* /*key*/) override {}
  std::int64_t set(const void* key, const void* value) override;
  std::int64_t insert(const void* key, const void* value) override;
  std::int64_t erase(const void* key) override;
  [[nodiscard]] std::uint64_t length() override;
  [[nodiscard]] MapSnapshot snapshot() override;
  void clear() override;
  void zero() override;
  [[nodiscard]] std::unique_ptr<Walk> walk() override;

  // Calls visit(key, value) for every entry, and for those deleted that a walk still shows.
  void for_each_stored(const std::function<void(const void*, const void*)>& visit) const;

 private:
  class MemoryWalk;
  // An entry: this, then the key, then the value, each 8-byte aligned. It stays where it is.
  struct Node {
    Node* newer = nullptr;  // neighbours in the order of insertion; of an LRU map, of use
    Node* older = nullptr;
    bool deleted = false;
  };
  struct Slot {
    std::uint64_t hash = 0;
    Node* node = nullptr;  // null: free
  };

  [[nodiscard]] static std::uint8_t* key_of(Node* node) { return reinterpret_cast<std::uint8_t*>(node + 1); }
  [[nodiscard]] std::uint8_t* value_of(Node* node) const { return key_of(node) + value_offset_; }
  [[nodiscard]] std::uint64_t hash_of(const void* key) const;
  // Where the key is, or where it would be put.
  [[nodiscard]] std::size_t slot_of(const void* key, std::uint64_t hash) const;
  [[nodiscard]] Node* find_node(const void* key);
  std::int64_t add(const void* key, const void* value);
  void grow();
  void link(Node* node);
  void unlink(Node* node);
  void remove(std::size_t slot);
  void discard(Node* node);

  const MapSchema& schema_;
  std::size_t key_size_;
  std::size_t value_size_;
  std::size_t value_offset_;  // from the key
  bool least_recent_goes_;
  std::vector<Slot> slots_;  // open addressing, a power of two, at most half full
  std::size_t count_ = 0;
  Node* newest_ = nullptr;
  Node* oldest_ = nullptr;
  std::size_t walks_ = 0;       // under way
  std::vector<Node*> deleted_;  // kept for the walks under way
};

}  // namespace hawk
