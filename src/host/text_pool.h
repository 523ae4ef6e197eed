// TextPool: the bytes of texts (TypeKind::kText) by their ids. Equal bytes have equal ids; id 0 is the empty text.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace hawk {

class TextPool {
 public:
  TextPool() = default;
  TextPool(const TextPool&) = delete;
  TextPool& operator=(const TextPool&) = delete;

  // `bytes` may be part of a text of the pool.
  [[nodiscard]] std::uint64_t intern(std::string_view bytes);
  // Empty for an id that is unknown or forgotten. Valid until the text is forgotten.
  [[nodiscard]] std::string_view find(std::uint64_t id) const;

  // Forgets the texts that have not been kept since the last sweep. Their ids are not given to others before their
  // place in the pool has been used 2^32 times.
  void keep(std::uint64_t id);  // what is no text's id is passed over
  void sweep();

  [[nodiscard]] std::size_t bytes() const { return bytes_; }  // that the texts take, about
  // Bytes that are worth a sweep: twice of what there is now, and not less than the effort of looking at every place.
  [[nodiscard]] std::size_t next_sweep() const;
  [[nodiscard]] std::size_t size() const { return index_.size(); }

 private:
  // An id is the slot's number from 1 on in the low half, and how often it had been used before in the high half.
  struct Slot {
    std::string bytes;
    std::uint64_t hash = 0;
    std::uint32_t generation = 0;
    bool used = false;
    bool kept = false;
  };
  struct Wanted {
    std::string_view bytes;
    std::uint64_t hash = 0;
  };
  struct Hash {
    using is_transparent = void;
    const std::deque<Slot>& slots;
    std::size_t operator()(const Wanted& wanted) const { return wanted.hash; }
    std::size_t operator()(std::uint32_t slot) const { return slots[slot].hash; }
  };
  struct Equal {
    using is_transparent = void;
    const std::deque<Slot>& slots;
    bool operator()(std::uint32_t left, std::uint32_t right) const { return left == right; }
    bool operator()(std::uint32_t slot, const Wanted& wanted) const { return slots[slot].bytes == wanted.bytes; }
    bool operator()(const Wanted& wanted, std::uint32_t slot) const { return slots[slot].bytes == wanted.bytes; }
  };

  [[nodiscard]] static std::uint64_t id_of(std::uint32_t slot, std::uint32_t generation);
  [[nodiscard]] std::uint32_t take_slot();
  void forget(std::uint32_t slot);

  std::deque<Slot> slots_;  // addresses stay
  std::vector<std::uint32_t> free_;
  std::unordered_set<std::uint32_t, Hash, Equal> index_{64, Hash{slots_}, Equal{slots_}};
  std::size_t bytes_ = 0;
};

}  // namespace hawk
