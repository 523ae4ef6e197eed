// Emitter: one function under construction. It owns the IR builder and the function's stack slots and
// knows how scalars of the language lie in registers (iN, bool as i1) and in memory (type.size bytes).
#pragma once

#include <llvm/IR/IRBuilder.h>

#include <cstdint>
#include <vector>

#include "ast/type.h"

namespace hawk {

// Memory that holds a value: a pointer and the alignment known of it, in bytes.
struct Place {
  llvm::Value* pointer = nullptr;
  std::uint32_t align = 8;
};

// What a machine gives a clause and asks of its code; `stack_left` shrinks as slots are taken, over all functions of
// the clause.
struct ClauseLimits {
  std::uint32_t stack_left = 0;
  std::uint32_t largest_on_stack = 0;  // bytes of one value; larger ones go to scratch
  std::uint32_t most_scratch = 0;      // bytes
  bool verified = false;               // the kernel's verifier has to see every bounds check
};

class Emitter {
 public:
  Emitter(llvm::Function& function, ClauseLimits& limits);

  llvm::IRBuilder<> ir;

  [[nodiscard]] llvm::Function& function() { return function_; }
  [[nodiscard]] llvm::LLVMContext& context() { return ir.getContext(); }

  // --- registers ---
  [[nodiscard]] llvm::IntegerType* integer(std::uint32_t bytes) { return ir.getIntNTy(bytes * 8); }
  [[nodiscard]] llvm::Value* number(std::uint64_t value, std::uint32_t bytes = 8);
  [[nodiscard]] llvm::Value* flag(bool value) { return ir.getInt1(value); }
  [[nodiscard]] llvm::Type* register_type(const Type& type);  // of a scalar
  [[nodiscard]] llvm::Value* is_null(llvm::Value* pointer) { return ir.CreateIsNull(pointer); }
  // The value, in a way that keeps the optimiser from using what it knows about it: what follows is
  // computed after this point and from this register, so that a bounds check stays one for the verifier.
  // As it is where nobody verifies.
  [[nodiscard]] llvm::Value* opaque(llvm::Value* value);

  // --- memory ---
  [[nodiscard]] Place at(Place place, std::uint64_t offset);
  // As at(), for an offset known at run time only. It is opaque: were it known to be smaller than the
  // base's alignment, LLVM would add with `|`, which the verifier refuses for pointers.
  [[nodiscard]] Place at_index(Place place, llvm::Value* offset, std::uint32_t align);
  [[nodiscard]] llvm::Value* load(Place place, std::uint32_t bytes);
  void store(Place place, llvm::Value* value);
  [[nodiscard]] llvm::Value* load_scalar(Place place, const Type& type);
  void store_scalar(Place place, llvm::Value* value);

  // --- blocks ---
  [[nodiscard]] llvm::BasicBlock* block(const char* name);
  void enter(llvm::BasicBlock* target) { ir.SetInsertPoint(target); }
  // Ends the current block with a jump, and goes on in a block nobody reaches.
  void leave_to(llvm::BasicBlock* target);
  // Jumps to `target` and goes on there.
  void flow_into(llvm::BasicBlock* target);
  void branch(llvm::Value* condition, llvm::BasicBlock* then, llvm::BasicBlock* otherwise);

  // --- stack slots: 8-byte aligned, undefined content, free again at the end of the SlotScope ---
  [[nodiscard]] Place slot(std::uint32_t bytes);
  // As slot(), without a pointer when the budget does not allow it.
  [[nodiscard]] Place try_slot(std::uint32_t bytes);
  // A variable in the entry block that becomes a register.
  [[nodiscard]] llvm::AllocaInst* local(llvm::Type* type);

 private:
  friend class SlotScope;
  struct Slot {
    llvm::AllocaInst* memory = nullptr;
    std::uint32_t bytes = 0;
    bool taken = false;
  };

  llvm::Function& function_;
  ClauseLimits& limits_;
  std::vector<Slot> slots_;
  std::vector<std::size_t> taken_;  // indices into slots_, in order of taking
};

// Slots taken inside are free again afterwards.
class SlotScope {
 public:
  explicit SlotScope(Emitter& emitter) : emitter_(emitter), mark_(emitter.taken_.size()) {}
  SlotScope(const SlotScope&) = delete;
  SlotScope& operator=(const SlotScope&) = delete;
  ~SlotScope();

 private:
  Emitter& emitter_;
  std::size_t mark_;
};

}  // namespace hawk
