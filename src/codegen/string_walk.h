// What the builtins on strings are made of: operands in memory, walks over their bytes, and numbers that a walk keeps
// from byte to byte.
//
// The verifier follows a plain jump backwards turn by turn, and a function called for each turn (bpf_loop, Linux 5.17)
// only until nothing new comes; walks are plain up to a length that every kernel takes. In both cases what changes from
// byte to byte must not be known to the verifier, or it would look at every combination: such numbers lie in memory
// that it does not follow (Tally), and bounds are checked where they are used (bounded).
#pragma once

#include <functional>
#include <vector>

#include "codegen/lowering.h"

namespace hawk {

// A string in memory, of one byte at least: at most size - 1 characters count, NUL or not.
struct Characters {
  Place place;
  std::uint32_t size = 0;
};

// The operand where it lies, or a copy if evaluating `later` ones may change what lies there.
[[nodiscard]] Characters borrow_string(Lowering& l, const typed::Expr& operand,
                                       std::initializer_list<const typed::Expr*> later = {});
// The string in memory that may be addressed at a place known at run time only, on every kernel: not on the stack.
[[nodiscard]] Characters addressable(Lowering& l, const Characters& string);
// Own memory, for the operations that read at an address; `offset` (null: none) is bounded.
[[nodiscard]] Source own_memory(Emitter& e, Place place, llvm::Value* offset = nullptr);

// `value` (unsigned, 8 bytes) cut to `most`, so that the verifier knows.
[[nodiscard]] llvm::Value* bounded(Emitter& e, llvm::Value* value, std::uint64_t most);
// Number of characters.
[[nodiscard]] llvm::Value* string_length(Lowering& l, const Characters& string);
// The byte at a position known at run time only, 0 behind the end; the string is addressable.
[[nodiscard]] llvm::Value* byte_at(Lowering& l, const Characters& string, llvm::Value* position);

// `length` characters of an addressable string from `begin` on, both within it; zeros behind.
struct Slice {
  llvm::Value* begin = nullptr;
  llvm::Value* length = nullptr;
};
// Up to the NUL that ends it, or as much as there is room for; zeros behind.
void copy_terminated(Lowering& l, Place from, const Characters& to);
void copy_slice(Lowering& l, const Characters& from, const Slice& slice, const Characters& to);

// Numbers of 8 bytes in memory that the verifier does not follow.
class Tally {
 public:
  Tally(Lowering& l, std::uint32_t count);
  // The same numbers where a walk's body reaches them.
  Tally(Lowering& l, Place place) : l_(&l), place_(place) {}

  [[nodiscard]] Place place() const { return place_; }
  [[nodiscard]] llvm::Value* get(std::uint32_t index) const;
  void set(std::uint32_t index, llvm::Value* value) const;
  void set(std::uint32_t index, std::uint64_t value) const { set(index, l_->e().number(value)); }

 private:
  Lowering* l_;
  Place place_;
};

// Positions 0, 1, ... `turns` - 1, until the body jumps to `stop`.
struct Walk {
  std::uint32_t turns = 0;
  std::uint32_t work = 1;     // comparable turns that each turn makes itself
  std::vector<Place> places;  // the memory that the body works on
};
// Emits one turn. Ends every path with a jump to `next` or `stop`; `places` are the walk's, as they are reached there.
using WalkBody = std::function<void(llvm::Value* position, const std::vector<Place>& places, const LoopTargets&)>;
void walk(Lowering& l, const Walk& walk, const WalkBody& body);

// --- what several families share ---
struct CallSite;
// Texts: an operation of the runtime that takes what the builtin takes.
[[nodiscard]] llvm::Value* call_with_arguments(const CallSite& site, HostCall operation);

}  // namespace hawk
