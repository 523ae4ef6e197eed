// Memory: the program's context, probe reads, constant data, and the per-CPU scratch map.
#include <linux/bpf.h>

#include <numeric>

#include "codegen/bpf_machine.h"
#include "image/program_image.h"
#include "support/check.h"

namespace hawk {

namespace {

constexpr std::uint32_t kBusyWord = 8;            // at the start of a scratch entry: in use (preemptible clauses)
constexpr std::uint32_t kPreemptibleEntries = 4;  // runs of one clause that may be under way on a CPU
constexpr std::uint32_t kLargestScratch = 32768 - kBusyWord;  // PCPU_MIN_UNIT_SIZE limits a per-CPU value

}  // namespace

llvm::Value* BpfMachine::address(Emitter& e, llvm::Value* pointer) {
  return e.ir.CreatePtrToInt(pointer, e.ir.getInt64Ty());
}

llvm::Value* BpfMachine::load_context(Emitter& e, llvm::Value* context, std::uint32_t offset, std::uint32_t bytes) {
  // Volatile: the verifier takes only accesses of a field's own width at a constant offset, so that
  // nothing may be merged, narrowed or moved onto a computed pointer.
  Place place = e.at({context, 8}, offset);
  return e.ir.CreateAlignedLoad(e.integer(bytes), place.pointer, llvm::Align(std::gcd(place.align, bytes)),
                                /*isVolatile=*/true);
}

// The verifier forgets what a register was when it is negated. Negated twice it is the same number, which LLVM must not
// see.
llvm::Value* BpfMachine::plain_number(Emitter& e, llvm::Value* object) {
  return e.ir.CreateNeg(e.opaque(e.ir.CreateNeg(object)));
}

void BpfMachine::read_memory(Emitter& e, Place destination, llvm::Value* bytes, const Source& source) {
  Helper helper = source.space == AddressSpace::kUser ? Helper::kReadUser : Helper::kReadKernel;
  call(e, helper, {destination.pointer, bytes, source.address});
}

llvm::Value* BpfMachine::read_string(Emitter& e, Place destination, llvm::Value* bytes, const Source& source) {
  Helper helper = source.space == AddressSpace::kUser ? Helper::kReadUserString : Helper::kReadKernelString;
  return call(e, helper, {destination.pointer, bytes, source.address});
}

void BpfMachine::path_name(Emitter& e, llvm::Value* path, Place destination, std::uint32_t bytes) {
  call(e, Helper::kPathName, {path, destination.pointer, e.number(bytes)});
}

void BpfMachine::copy_large(Emitter& e, Place destination, Place source, std::uint32_t bytes) {
  read_memory(e, destination, e.number(bytes), {address(e, source.pointer), AddressSpace::kKernel});
}

void BpfMachine::zero_large(Emitter& e, Place destination, std::uint32_t bytes) {
  copy_large(e, destination, zeros(e, bytes), bytes);
}

Place BpfMachine::zeros(Emitter&, std::uint32_t bytes) {
  zero_bytes_ = std::max(zero_bytes_, bytes);
  return {zeros_, 8};
}

Place BpfMachine::data(Emitter& e, const std::string& bytes) {
  llvm::GlobalVariable*& variable = data_[bytes];
  if (variable == nullptr)
    variable = define_constant("data_" + std::to_string(data_.size()),
                               llvm::ConstantDataArray::getString(e.context(), bytes, false), ".rodata");
  return {variable, 8};
}

llvm::GlobalVariable* BpfMachine::define_constant(const std::string& name, llvm::Constant* value, const char* section) {
  auto* variable =
      new llvm::GlobalVariable(module_, value->getType(), true, llvm::GlobalValue::InternalLinkage, value, name);
  variable->setSection(section);
  variable->setAlignment(llvm::Align(8));
  return variable;
}

// Takes entry `entry` of the scratch map if nobody on this CPU has it, else jumps to `taken`.
llvm::Value* BpfMachine::claim_scratch(Emitter& e, std::uint32_t entry, llvm::BasicBlock* unavailable,
                                       llvm::BasicBlock* taken) {
  llvm::Value* base = find_scratch(e, e.number(entry), unavailable);
  llvm::Value* busy =
      e.ir.CreateConstGEP1_64(e.ir.getInt8Ty(), base, static_cast<std::uint64_t>(-std::int64_t{kBusyWord}));
  // Kernels without exchanges do not preempt programs: what interrupts this one gives back what it takes before it
  // goes.
  Place word{busy, 8};
  llvm::Value* before = program_.kernel.fetching_atomics
                            ? e.ir.CreateAtomicRMW(llvm::AtomicRMWInst::Xchg, busy, e.number(1), llvm::Align(8),
                                                   llvm::AtomicOrdering::AcquireRelease)
                            : e.load(word, 8);
  llvm::BasicBlock* mine = e.block("scratch_mine");
  e.branch(e.ir.CreateICmpEQ(before, e.number(0)), mine, taken);
  e.enter(mine);
  if (!program_.kernel.fetching_atomics) e.store(word, e.number(1));
  return base;
}

Scratch BpfMachine::acquire_scratch(Emitter& e, std::size_t clause, bool preemptible, llvm::BasicBlock* unavailable) {
  if (scratch_ == nullptr) scratch_ = declare_map(kScratchSymbol, 4);
  std::uint32_t first = scratch_entries_;
  scratch_entries_ += preemptible ? kPreemptibleEntries : 1;
  if (!preemptible) return {find_scratch(e, e.number(first), unavailable), e.number(first)};
  llvm::BasicBlock* acquired = e.block("scratch");
  std::vector<std::pair<llvm::Value*, llvm::BasicBlock*>> ways;
  for (std::uint32_t i = 0; i < kPreemptibleEntries; ++i) {
    llvm::BasicBlock* taken = e.block("scratch_taken");
    llvm::Value* base = claim_scratch(e, first + i, unavailable, taken);
    ways.emplace_back(base, e.ir.GetInsertBlock());
    e.ir.CreateBr(acquired);
    e.enter(taken);
  }
  count(e, clause, offsetof(ProgramAccount, events));
  count(e, clause, offsetof(ProgramAccount, lost));
  e.ir.CreateBr(unavailable);
  e.enter(acquired);
  auto* base = e.ir.CreatePHI(e.ir.getPtrTy(), kPreemptibleEntries);
  auto* ticket = e.ir.CreatePHI(e.ir.getInt64Ty(), kPreemptibleEntries);
  for (std::uint32_t i = 0; i < kPreemptibleEntries; ++i) {
    base->addIncoming(ways[i].first, ways[i].second);
    ticket->addIncoming(e.number(first + i), ways[i].second);
  }
  return {base, ticket};
}

llvm::Value* BpfMachine::find_scratch(Emitter& e, llvm::Value* ticket, llvm::BasicBlock* unavailable) {
  llvm::Value* entry = find(e, scratch_, ticket);
  llvm::BasicBlock* found = e.block("scratch_found");
  e.branch(e.is_null(entry), unavailable, found);
  e.enter(found);
  return e.at({entry, 8}, kBusyWord).pointer;
}

void BpfMachine::release_scratch(Emitter& e, const Scratch& scratch) {
  llvm::Value* busy =
      e.ir.CreateConstGEP1_64(e.ir.getInt8Ty(), scratch.base, static_cast<std::uint64_t>(-std::int64_t{kBusyWord}));
  e.ir.CreateAlignedStore(e.number(0), busy, llvm::Align(8), /*isVolatile=*/true);
}

ClauseLimits BpfMachine::limits() const {
  // The kernel sums the frames of a program and its callbacks (512 bytes), and registers are spilled to the same stack.
  return {.stack_left = 288, .largest_on_stack = 64, .most_scratch = kLargestScratch, .verified = true};
}

bool BpfMachine::reserve_scratch(std::uint32_t bytes) {
  scratch_bytes_ = std::max(scratch_bytes_, (bytes + 7) / 8 * 8);
  return bytes <= kLargestScratch;
}

void BpfMachine::finish() {
  auto* value =
      llvm::ConstantAggregateZero::get(llvm::ArrayType::get(llvm::Type::getInt8Ty(module_.getContext()), zero_bytes_));
  if (zero_bytes_ > 0) zeros_->replaceAllUsesWith(define_constant("hawk_zeros", value, ".rodata"));
  zeros_->eraseFromParent();
  if (scratch_ == nullptr) return;
  debug_.describe_map(*scratch_, {{"type", BPF_MAP_TYPE_PERCPU_ARRAY},
                                  {"max_entries", scratch_entries_},
                                  {"key_size", 4},
                                  {"value_size", scratch_bytes_ + kBusyWord}});
}

}  // namespace hawk
