#include "host/memory_map.h"

#include <cerrno>
#include <cstring>
#include <new>
#include <string_view>
#include <utility>

#include "support/check.h"

namespace hawk {

namespace {

constexpr std::size_t kFirstSlots = 16;

std::size_t whole_words(std::size_t bytes) { return (bytes + 7) / 8 * 8; }

// The key of a scalar map.
constexpr std::uint32_t kOnlyIndex = 0;

}  // namespace

class MemoryMap::MemoryWalk : public HostMap::Walk {
 public:
  explicit MemoryWalk(MemoryMap& map) : map_(map) {
    ++map_.walks_;
    entries_.reserve(map_.count_);
    for (Node* node = map_.oldest_; node != nullptr; node = node->newer)
      entries_.push_back({.key = key_of(node), .value = map_.value_of(node)});
  }
  ~MemoryWalk() override {
    if (--map_.walks_ > 0) return;
    for (Node* node : std::exchange(map_.deleted_, {})) map_.discard(node);
  }

  [[nodiscard]] bool is_present(std::size_t index) const override {
    return !(static_cast<const Node*>(entries_[index].key) - 1)->deleted;
  }

 private:
  MemoryMap& map_;
};

MemoryMap::MemoryMap(const MapSchema& schema)
    : schema_(schema),
      key_size_(map_key_size(schema)),
      value_size_(map_value_size(schema)),
      value_offset_(whole_words(key_size_)),
      least_recent_goes_(schema.storage == MapStorage::kLruHash || schema.storage == MapStorage::kPerCpuLruHash),
      slots_(kFirstSlots) {
  if (!schema.keyed) add(&kOnlyIndex, std::vector<std::uint8_t>(value_size_).data());
}

MemoryMap::~MemoryMap() {
  HAWK_CHECK(walks_ == 0, "a map goes while a loop walks over it");
  for (Node* node = oldest_; node != nullptr;) discard(std::exchange(node, node->newer));
}

// --- the table ------------------------------------------------------------------------------------

std::uint64_t MemoryMap::hash_of(const void* key) const {
  return std::hash<std::string_view>()({static_cast<const char*>(key), key_size_});
}

std::size_t MemoryMap::slot_of(const void* key, std::uint64_t hash) const {
  std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash & mask;
  while (slots_[slot].node != nullptr) {
    if (slots_[slot].hash == hash && std::memcmp(key_of(slots_[slot].node), key, key_size_) == 0) break;
    slot = (slot + 1) & mask;
  }
  return slot;
}

void MemoryMap::grow() {
  std::vector<Slot> former(slots_.size() * 2);
  former.swap(slots_);
  std::size_t mask = slots_.size() - 1;
  for (const Slot& moved : former) {
    if (moved.node == nullptr) continue;
    std::size_t slot = moved.hash & mask;
    while (slots_[slot].node != nullptr) slot = (slot + 1) & mask;
    slots_[slot] = moved;
  }
}

void MemoryMap::link(Node* node) {
  node->older = newest_;
  node->newer = nullptr;
  (newest_ != nullptr ? newest_->newer : oldest_) = node;
  newest_ = node;
}

void MemoryMap::unlink(Node* node) {
  (node->older != nullptr ? node->older->newer : oldest_) = node->newer;
  (node->newer != nullptr ? node->newer->older : newest_) = node->older;
}

// Frees the slot; the entries behind it that are not where their hash would have them move up.
void MemoryMap::remove(std::size_t slot) {
  Node* node = slots_[slot].node;
  std::size_t mask = slots_.size() - 1;
  for (std::size_t next = (slot + 1) & mask; slots_[next].node != nullptr; next = (next + 1) & mask) {
    std::size_t from_home = (next - slots_[next].hash) & mask;
    if (from_home < ((next - slot) & mask)) continue;
    slots_[slot] = slots_[next];
    slot = next;
  }
  slots_[slot] = {};
  --count_;
  unlink(node);
  discard(node);
}

// Frees an entry that is no longer in the table, or keeps it for the walks under way.
void MemoryMap::discard(Node* node) {
  if (walks_ == 0) return ::operator delete(node);
  node->deleted = true;
  deleted_.push_back(node);
}

MemoryMap::Node* MemoryMap::find_node(const void* key) {
  Node* node = schema_.keyed ? slots_[slot_of(key, hash_of(key))].node : oldest_;
  if (node != nullptr && least_recent_goes_ && node != newest_) {
    unlink(node);
    link(node);
  }
  return node;
}

// `key` is absent. It and `value` may belong to the entry that has to go.
std::int64_t MemoryMap::add(const void* key, const void* value) {
  bool full = count_ >= (schema_.keyed ? schema_.max_entries : 1);
  if (full && (!least_recent_goes_ || oldest_ == nullptr)) return -E2BIG;
  Node* node = new (::operator new(sizeof(Node) + value_offset_ + whole_words(value_size_))) Node;
  std::memcpy(key_of(node), key, key_size_);
  std::memcpy(value_of(node), value, value_size_);
  if (full) remove(slot_of(key_of(oldest_), hash_of(key_of(oldest_))));
  if (count_ * 2 >= slots_.size()) grow();
  std::uint64_t hash = hash_of(key_of(node));
  slots_[slot_of(key_of(node), hash)] = {hash, node};
  ++count_;
  link(node);
  return 0;
}

// --- operations -----------------------------------------------------------------------------------

void* MemoryMap::find(const void* key) {
  Node* node = find_node(key);
  return node != nullptr ? value_of(node) : nullptr;
}

void* MemoryMap::find_on_cpu(const void* key, std::uint64_t cpu) { return cpu == 0 ? find(key) : nullptr; }

std::int64_t MemoryMap::set(const void* key, const void* value) {
  Node* node = find_node(key);
  if (node == nullptr) return add(key, value);
  std::memmove(value_of(node), value, value_size_);
  return 0;
}

std::int64_t MemoryMap::insert(const void* key, const void* value) {
  return find_node(key) != nullptr ? -EEXIST : add(key, value);
}

std::int64_t MemoryMap::erase(const void* key) {
  if (!schema_.keyed) return -EINVAL;
  std::size_t slot = slot_of(key, hash_of(key));
  if (slots_[slot].node == nullptr) return -ENOENT;
  remove(slot);
  return 0;
}

// --- the map as a whole ---------------------------------------------------------------------------

std::uint64_t MemoryMap::length() { return count_; }

MapSnapshot MemoryMap::snapshot() {
  MapSnapshot snapshot{.schema = &schema_, .entries = {}, .written = true};
  std::size_t key_size = schema_.keyed ? key_size_ : 0;
  snapshot.entries.reserve(count_);
  for (Node* node = oldest_; node != nullptr; node = node->newer) {
    const std::uint8_t* key = key_of(node);
    const std::uint8_t* value = value_of(node);
    snapshot.entries.push_back({.key = {key, key + key_size}, .value = {value, value + schema_.value.size}});
  }
  if (!schema_.keyed) {
    std::uint64_t presence = 0;
    std::memcpy(&presence, value_of(oldest_) + presence_offset(schema_), sizeof(presence));
    snapshot.written = presence != 0;
  }
  return snapshot;
}

void MemoryMap::clear() {
  if (!schema_.keyed) {
    std::memset(value_of(oldest_), 0, value_size_);
    return;
  }
  for (Node* node = std::exchange(oldest_, nullptr); node != nullptr;) discard(std::exchange(node, node->newer));
  newest_ = nullptr;
  count_ = 0;
  slots_.assign(kFirstSlots, {});
}

void MemoryMap::zero() {
  std::size_t size = schema_.keyed ? value_size_ : presence_offset(schema_);
  for (Node* node = oldest_; node != nullptr; node = node->newer) std::memset(value_of(node), 0, size);
}

std::unique_ptr<HostMap::Walk> MemoryMap::walk() { return std::make_unique<MemoryWalk>(*this); }

void MemoryMap::for_each_stored(const std::function<void(const void*, const void*)>& visit) const {
  for (Node* node = oldest_; node != nullptr; node = node->newer) visit(key_of(node), value_of(node));
  for (Node* node : deleted_) visit(key_of(node), value_of(node));
}

}  // namespace hawk
