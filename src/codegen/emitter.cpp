#include "codegen/emitter.h"

#include <llvm/IR/InlineAsm.h>

#include <numeric>

#include "support/check.h"

namespace hawk {

namespace {

std::uint32_t common_alignment(std::uint32_t align, std::uint64_t offset) {
  return offset == 0 ? align : static_cast<std::uint32_t>(std::gcd<std::uint64_t>(align, offset));
}

}  // namespace

Emitter::Emitter(llvm::Function& function, ClauseLimits& limits)
    : ir(function.getContext()), function_(function), limits_(limits) {
  // The entry block holds stack slots only.
  llvm::BasicBlock* entry = llvm::BasicBlock::Create(context(), "entry", &function_);
  llvm::BasicBlock* start = llvm::BasicBlock::Create(context(), "start", &function_);
  llvm::BranchInst::Create(start, entry);
  ir.SetInsertPoint(start);
}

llvm::Value* Emitter::number(std::uint64_t value, std::uint32_t bytes) {
  return llvm::ConstantInt::get(integer(bytes), value);
}

llvm::Type* Emitter::register_type(const Type& type) {
  HAWK_CHECK(is_scalar(type), "a register holds scalars");
  return type.kind == TypeKind::kBool ? ir.getInt1Ty() : integer(type.size);
}

llvm::Value* Emitter::opaque(llvm::Value* value) {
  if (!limits_.verified) return value;
  auto* type = llvm::FunctionType::get(value->getType(), {value->getType()}, false);
  return ir.CreateCall(llvm::InlineAsm::get(type, "", "=r,0", /*hasSideEffects=*/true), {value});
}

Place Emitter::at(Place place, std::uint64_t offset) {
  if (offset == 0) return place;
  return {ir.CreateConstInBoundsGEP1_64(ir.getInt8Ty(), place.pointer, offset), common_alignment(place.align, offset)};
}

Place Emitter::at_index(Place place, llvm::Value* offset, std::uint32_t align) {
  return {ir.CreateGEP(ir.getInt8Ty(), place.pointer, opaque(offset)), std::min(align, place.align)};
}

llvm::Value* Emitter::load(Place place, std::uint32_t bytes) {
  return ir.CreateAlignedLoad(integer(bytes), place.pointer, llvm::Align(place.align));
}

void Emitter::store(Place place, llvm::Value* value) {
  ir.CreateAlignedStore(value, place.pointer, llvm::Align(place.align));
}

llvm::Value* Emitter::load_scalar(Place place, const Type& type) {
  llvm::Value* value = load(place, type.size);
  return type.kind == TypeKind::kBool ? ir.CreateICmpNE(value, number(0, type.size)) : value;
}

void Emitter::store_scalar(Place place, llvm::Value* value) {
  if (value->getType()->isIntegerTy(1)) value = ir.CreateZExt(value, ir.getInt8Ty());
  store(place, value);
}

llvm::BasicBlock* Emitter::block(const char* name) { return llvm::BasicBlock::Create(context(), name, &function_); }

void Emitter::leave_to(llvm::BasicBlock* target) {
  ir.CreateBr(target);
  enter(block("unreachable"));
}

void Emitter::flow_into(llvm::BasicBlock* target) {
  ir.CreateBr(target);
  enter(target);
}

void Emitter::branch(llvm::Value* condition, llvm::BasicBlock* then, llvm::BasicBlock* otherwise) {
  ir.CreateCondBr(condition, then, otherwise);
}

Place Emitter::try_slot(std::uint32_t bytes) {
  bytes = (std::max(bytes, 1U) + 7) / 8 * 8;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i].taken || slots_[i].bytes != bytes) continue;
    slots_[i].taken = true;
    taken_.push_back(i);
    return {slots_[i].memory, 8};
  }
  if (bytes > limits_.stack_left) return {};
  limits_.stack_left -= bytes;
  slots_.push_back({local(llvm::ArrayType::get(ir.getInt64Ty(), bytes / 8)), bytes, true});
  taken_.push_back(slots_.size() - 1);
  return {slots_.back().memory, 8};
}

Place Emitter::slot(std::uint32_t bytes) {
  Place place = try_slot(bytes);
  if (place.pointer != nullptr) return place;
  // Small things that must lie on the stack go beyond the budget; LLVM says when it is too much.
  limits_.stack_left += (bytes + 7) / 8 * 8;
  return try_slot(bytes);
}

llvm::AllocaInst* Emitter::local(llvm::Type* type) {
  llvm::BasicBlock& entry = function_.getEntryBlock();
  llvm::IRBuilder<> at_entry(&entry, entry.getTerminator()->getIterator());
  llvm::AllocaInst* memory = at_entry.CreateAlloca(type);
  memory->setAlignment(llvm::Align(8));
  return memory;
}

SlotScope::~SlotScope() {
  while (emitter_.taken_.size() > mark_) {
    emitter_.slots_[emitter_.taken_.back()].taken = false;
    emitter_.taken_.pop_back();
  }
}

}  // namespace hawk
