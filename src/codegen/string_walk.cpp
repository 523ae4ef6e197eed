#include "codegen/string_walk.h"

#include <algorithm>

#include "codegen/lower_call.h"
#include "codegen/walk.h"
#include "support/check.h"

namespace hawk {

// --- operands -----------------------------------------------------------------------------------

Characters borrow_string(Lowering& l, const typed::Expr& operand, std::initializer_list<const typed::Expr*> later) {
  std::uint32_t size = operand.type.size;
  Place place = l.borrow(operand);
  if (size == 0) return {l.machine.zeros(l.e(), 8), 1};
  bool stays = std::all_of(later.begin(), later.end(), [](const typed::Expr* expr) { return is_plain(*expr); });
  if (stays) return {place, size};
  Place kept = l.temporary(size);
  l.copy(kept, place, size);
  return {kept, size};
}

Characters addressable(Lowering& l, const Characters& string) {
  if (string.size > l.limits().largest_on_stack) return string;
  Place copy = l.untracked(string.size);
  l.copy(copy, string.place, string.size);
  return {copy, string.size};
}

Source own_memory(Emitter& e, Place place, llvm::Value* offset) {
  Place from = offset == nullptr ? place : e.at_index(place, offset, 1);
  return {e.ir.CreatePtrToInt(from.pointer, e.integer(8)), AddressSpace::kKernel};
}

llvm::Value* bounded(Emitter& e, llvm::Value* value, std::uint64_t most) {
  llvm::Value* seen = e.opaque(value);
  return e.ir.CreateSelect(e.ir.CreateICmpULT(seen, e.number(most)), seen, e.number(most));
}

llvm::Value* string_length(Lowering& l, const Characters& string) {
  Emitter& e = l.e();
  TemporaryScope scope(l);
  Place copy = l.temporary(string.size);
  llvm::Value* read = l.machine.read_string(e, copy, e.number(string.size), own_memory(e, string.place));
  return e.ir.CreateSub(read, e.number(1));
}

llvm::Value* byte_at(Lowering& l, const Characters& string, llvm::Value* position) {
  Emitter& e = l.e();
  llvm::Value* at = bounded(e, position, string.size - 1);
  llvm::Value* byte = e.ir.CreateZExt(e.load(e.at_index(string.place, at, 1), 1), e.integer(8));
  return e.ir.CreateSelect(e.ir.CreateICmpULT(position, e.number(string.size)), byte, e.number(0));
}

void copy_slice(Lowering& l, const Characters& from, const Slice& slice, const Characters& to) {
  Emitter& e = l.e();
  l.zero(to.place, to.size);
  llvm::Value* begin = bounded(e, slice.begin, from.size - 1);
  llvm::Value* bytes = bounded(e, e.ir.CreateAdd(slice.length, e.number(1)), std::min(from.size, to.size));
  static_cast<void>(l.machine.read_string(e, to.place, bytes, own_memory(e, from.place, begin)));
}

void copy_terminated(Lowering& l, Place from, const Characters& to) {
  Emitter& e = l.e();
  l.zero(to.place, to.size);
  static_cast<void>(l.machine.read_string(e, to.place, e.number(to.size), own_memory(e, from)));
}

// --- numbers ------------------------------------------------------------------------------------

Tally::Tally(Lowering& l, std::uint32_t count) : l_(&l), place_(l.untracked(8 * count)) {
  for (std::uint32_t i = 0; i < count; ++i) set(i, std::uint64_t{0});
}

// Volatile for the verifier's sake: LLVM would keep them in registers, which it follows.
llvm::Value* Tally::get(std::uint32_t index) const {
  Emitter& e = l_->e();
  return e.ir.CreateAlignedLoad(e.integer(8), e.at(place_, 8ULL * index).pointer, llvm::Align(8),
                                l_->limits().verified);
}

void Tally::set(std::uint32_t index, llvm::Value* value) const {
  Emitter& e = l_->e();
  e.ir.CreateAlignedStore(value, e.at(place_, 8ULL * index).pointer, llvm::Align(8), l_->limits().verified);
}

// --- walks --------------------------------------------------------------------------------------

namespace {

constexpr std::uint32_t kMostPlainTurns = 128;
constexpr std::uint32_t kMostPlainWork = 2048;  // turns with the turns inside them

void plain_walk(Lowering& l, const Walk& walk, const WalkBody& body) {
  Emitter& e = l.e();
  llvm::BasicBlock* before = e.ir.GetInsertBlock();
  llvm::BasicBlock* head = e.block("walk");
  llvm::BasicBlock* next = e.block("walk_next");
  llvm::BasicBlock* done = e.block("walked");
  e.flow_into(head);
  llvm::PHINode* position = e.ir.CreatePHI(e.integer(8), 2);
  position->addIncoming(e.number(0), before);
  body(position, walk.places, {done, next});
  e.enter(next);
  llvm::Value* following = e.ir.CreateAdd(position, e.number(1));
  position->addIncoming(following, next);
  e.branch(e.ir.CreateICmpULT(following, e.number(walk.turns)), head, done);
  e.enter(done);
}

// The walk's places go through the frame, as pointers, which the verifier knows again.
void called_walk(Lowering& l, const Walk& walk, const WalkBody& body) {
  Emitter& e = l.e();
  SlotScope slots(e);
  Place frame = e.slot(static_cast<std::uint32_t>(8 * walk.places.size()));
  for (std::size_t i = 0; i < walk.places.size(); ++i)
    e.ir.CreateAlignedStore(walk.places[i].pointer, e.at(frame, 8 * i).pointer, llvm::Align(8));
  FunctionScope scope(l.machine.create_turn_body(l.loop_name()), l.limits());
  l.open_loop_body(scope, {"position", "frame"});
  {
    FunctionSwitch inside(l, scope);
    Emitter& in = l.e();
    LoopTargets targets = scope.loops.front();
    std::vector<Place> places;
    for (std::size_t i = 0; i < walk.places.size(); ++i) {
      Place pointer = in.at({in.function().getArg(1), 8}, 8 * i);
      llvm::Value* place = in.ir.CreateAlignedLoad(in.ir.getPtrTy(), pointer.pointer, llvm::Align(8));
      places.push_back({place, walk.places[i].align});
    }
    llvm::Value* position = in.opaque(in.function().getArg(0));
    llvm::BasicBlock* turn = in.block("turn");
    in.branch(in.ir.CreateICmpULT(position, in.number(walk.turns)), turn, targets.stop);
    in.enter(turn);
    body(position, places, targets);
  }
  l.machine.for_each_turn(e, e.number(walk.turns), scope.emitter.function(), frame.pointer);
}

}  // namespace

void walk(Lowering& l, const Walk& walk, const WalkBody& body) {
  if (walk.turns == 0) return;
  bool plain = walk.turns <= kMostPlainTurns && walk.turns * walk.work <= kMostPlainWork;
  return plain ? plain_walk(l, walk, body) : called_walk(l, walk, body);
}

// --- texts --------------------------------------------------------------------------------------

llvm::Value* call_with_arguments(const CallSite& site, HostCall operation) {
  Emitter& e = site.l.e();
  const auto& arguments = site.call.arguments;
  llvm::Value* first = site.l.scalar(*arguments[0]);
  if (arguments.size() == 1) return site.l.machine.call_host(e, operation, {first});
  llvm::Value* second = site.l.scalar(*arguments[1]);
  if (arguments.size() == 2) return site.l.machine.call_host(e, operation, {first, second});
  HAWK_CHECK(arguments.size() == 3, "operations on texts take up to three arguments");
  return site.l.machine.call_host(e, operation, {first, second, site.l.scalar(*arguments[2])});
}

}  // namespace hawk
