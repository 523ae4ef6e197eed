#include "host/text_pool.h"

#include <algorithm>

namespace hawk {

namespace {
constexpr std::size_t kOverhead = 128;  // of a text, about: its slot, its place in the index, the allocation
constexpr std::size_t kFew = std::size_t{1} << 20;
}  // namespace

std::uint64_t TextPool::id_of(std::uint32_t slot, std::uint32_t generation) {
  return std::uint64_t{generation} << 32 | (std::uint64_t{slot} + 1);
}

std::uint32_t TextPool::take_slot() {
  if (free_.empty()) {
    slots_.emplace_back();
    return static_cast<std::uint32_t>(slots_.size() - 1);
  }
  std::uint32_t slot = free_.back();
  free_.pop_back();
  return slot;
}

std::uint64_t TextPool::intern(std::string_view bytes) {
  if (bytes.empty()) return 0;
  Wanted wanted{bytes, std::hash<std::string_view>()(bytes)};
  if (auto found = index_.find(wanted); found != index_.end()) return id_of(*found, slots_[*found].generation);
  std::uint32_t number = take_slot();
  Slot& slot = slots_[number];
  slot.bytes = bytes;
  slot.hash = wanted.hash;
  slot.used = true;
  index_.insert(number);
  bytes_ += bytes.size() + kOverhead;
  return id_of(number, slot.generation);
}

std::string_view TextPool::find(std::uint64_t id) const {
  std::uint64_t number = id & 0xffff'ffff;
  if (number == 0 || number > slots_.size()) return {};
  const Slot& slot = slots_[number - 1];
  return slot.used && slot.generation == id >> 32 ? std::string_view(slot.bytes) : std::string_view();
}

void TextPool::keep(std::uint64_t id) {
  if (!find(id).empty()) slots_[(id & 0xffff'ffff) - 1].kept = true;
}

void TextPool::forget(std::uint32_t number) {
  Slot& slot = slots_[number];
  index_.erase(number);
  bytes_ -= slot.bytes.size() + kOverhead;
  slot = Slot{.bytes = {}, .generation = slot.generation + 1};
  free_.push_back(number);
}

std::size_t TextPool::next_sweep() const { return std::max({bytes_ * 2, slots_.size() * kOverhead, kFew}); }

void TextPool::sweep() {
  for (std::uint32_t number = 0; number < slots_.size(); ++number) {
    Slot& slot = slots_[number];
    if (slot.used && !slot.kept) forget(number);
    slot.kept = false;
  }
}

}  // namespace hawk
