// Memory and loops of host code.
#include "codegen/host_machine.h"
#include "support/check.h"

namespace hawk {

// --- working memory -----------------------------------------------------------------------------

llvm::GlobalVariable* HostMachine::declare_memory(const char* name) {
  return new llvm::GlobalVariable(module_, llvm::Type::getInt8Ty(module_.getContext()), false,
                                  llvm::GlobalValue::ExternalLinkage, nullptr, name);
}

void HostMachine::define_memory(llvm::GlobalVariable* stand_in, const char* name, std::uint32_t bytes, bool constant) {
  auto* type = llvm::ArrayType::get(llvm::Type::getInt8Ty(module_.getContext()), bytes);
  auto* memory = new llvm::GlobalVariable(module_, type, constant, llvm::GlobalValue::InternalLinkage,
                                          llvm::ConstantAggregateZero::get(type), name);
  memory->setAlignment(llvm::Align(8));
  stand_in->replaceAllUsesWith(memory);
  stand_in->eraseFromParent();
}

void HostMachine::finish() {
  define_memory(zeros_, "hawk_zeros", zero_bytes_, true);
  define_memory(scratch_, "hawk_scratch", scratch_bytes_, false);
}

// One clause runs at a time, and to its end: they share one piece of memory.
Scratch HostMachine::acquire_scratch(Emitter& e, std::size_t, bool, llvm::BasicBlock*) {
  return {scratch_, e.number(0)};
}

llvm::Value* HostMachine::find_scratch(Emitter&, llvm::Value*, llvm::BasicBlock*) { return scratch_; }

bool HostMachine::reserve_scratch(std::uint32_t bytes) {
  scratch_bytes_ = std::max(scratch_bytes_, bytes);
  return bytes <= limits().most_scratch;
}

// --- memory -------------------------------------------------------------------------------------

llvm::Value* HostMachine::load_context(Emitter& e, llvm::Value*, std::uint32_t offset, std::uint32_t bytes) {
  llvm::Value* event = e.ir.CreateIntToPtr(context_word(e, offsetof(HostContext, event)), e.ir.getPtrTy());
  return e.load({e.at({event, 1}, offset).pointer, 1}, bytes);
}

// Addresses are of the clause's own memory: reading any other needs the kernel, and semantics places it there.
void HostMachine::read_memory(Emitter& e, Place destination, llvm::Value* bytes, const Source& source) {
  llvm::Value* from = e.ir.CreateIntToPtr(source.address, e.ir.getPtrTy());
  e.ir.CreateMemCpy(destination.pointer, llvm::Align(destination.align), from, llvm::Align(1), bytes);
}

llvm::Value* HostMachine::read_string(Emitter& e, Place destination, llvm::Value* bytes, const Source& source) {
  llvm::Value* from = e.ir.CreateIntToPtr(source.address, e.ir.getPtrTy());
  return call_host(e, HOST_CALL(copy_string), {destination.pointer, bytes, from});
}

void HostMachine::copy_large(Emitter& e, Place destination, Place source, std::uint32_t bytes) {
  e.ir.CreateMemCpy(destination.pointer, llvm::Align(destination.align), source.pointer, llvm::Align(source.align),
                    bytes);
}

void HostMachine::zero_large(Emitter& e, Place destination, std::uint32_t bytes) {
  e.ir.CreateMemSet(destination.pointer, e.ir.getInt8(0), bytes, llvm::Align(destination.align));
}

Place HostMachine::zeros(Emitter&, std::uint32_t bytes) {
  zero_bytes_ = std::max(zero_bytes_, bytes);
  return {zeros_, 8};
}

Place HostMachine::data(Emitter& e, const std::string& bytes) {
  llvm::GlobalVariable*& variable = data_[bytes];
  if (variable == nullptr) {
    llvm::Constant* value = llvm::ConstantDataArray::getString(e.context(), bytes, false);
    variable = new llvm::GlobalVariable(module_, value->getType(), true, llvm::GlobalValue::InternalLinkage, value,
                                        "data_" + std::to_string(data_.size()));
    variable->setAlignment(llvm::Align(8));
  }
  return {variable, 8};
}

// --- loops --------------------------------------------------------------------------------------

void HostMachine::for_each_turn(Emitter& e, llvm::Value* turns, llvm::Function& body, llvm::Value* frame) {
  llvm::BasicBlock* before = e.ir.GetInsertBlock();
  llvm::BasicBlock* head = e.block("turns");
  llvm::BasicBlock* turn = e.block("turn");
  llvm::BasicBlock* next = e.block("turned");
  llvm::BasicBlock* done = e.block("turns_done");
  e.flow_into(head);
  llvm::PHINode* number = e.ir.CreatePHI(e.integer(8), 2);
  number->addIncoming(e.number(0), before);
  e.branch(e.ir.CreateICmpULT(number, turns), turn, done);
  e.enter(turn);
  llvm::Value* stopped = e.ir.CreateCall(body.getFunctionType(), &body, {number, frame});
  e.branch(e.ir.CreateICmpNE(stopped, e.number(0)), done, next);
  e.enter(next);
  number->addIncoming(e.ir.CreateAdd(number, e.number(1)), next);
  e.ir.CreateBr(head);
  e.enter(done);
}

void HostMachine::between_turns(Emitter& e, llvm::BasicBlock* leave, bool quiet) {
  Place left = e.at({context(e), 8}, offsetof(HostContext, turns_left));
  llvm::BasicBlock* count = e.block("count_turn");
  llvm::BasicBlock* breathe = e.block("take_breath");
  llvm::BasicBlock* go_on = e.block("go_on");
  llvm::Value* turns = e.load(left, 8);
  e.branch(e.ir.CreateICmpEQ(turns, e.number(0)), breathe, count);
  e.enter(breathe);
  llvm::Value* ends = call_host(e, HOST_CALL(take_breath), {e.number(quiet ? 1 : 0)});
  e.branch(e.ir.CreateICmpNE(ends, e.number(0)), leave, go_on);
  e.enter(count);
  e.store(left, e.ir.CreateSub(turns, e.number(1)));
  e.flow_into(go_on);
}

}  // namespace hawk
