// BpfMachine: stacks of user programs by tables (image/unwind_table.h). For each frame a turn of bpf_loop: the kernel
// says which file the code is mapped from, a binary search finds the row of that place in it, and by that row the
// caller's registers are found.
#include <linux/bpf.h>

#include <cstddef>
#include <string>

#include "codegen/bpf_machine.h"
#include "image/unwind_table.h"

namespace hawk {

namespace {

constexpr int kMostSteps = 26;  // of a search: 64 million rows
constexpr std::uint64_t kPageBits = 12;

// What the turns share, on the stack of the program.
struct WalkState {
  std::uint64_t ip, sp, fp;
  std::uint64_t frames;    // found so far
  std::uint64_t distance;  // from the address of the code to its position in the file
  UnwindFileKey file;
  std::uint64_t out;  // where the frames go: a pointer, as the verifier knows it
};

constexpr std::size_t kKeyInode = offsetof(WalkState, file) + offsetof(UnwindFileKey, inode);
constexpr std::size_t kKeySize = offsetof(WalkState, file) + offsetof(UnwindFileKey, size);

}  // namespace

// One turn under construction.
struct BpfMachine::Walk {
  Emitter& e;
  Place state;
  llvm::BasicBlock* stop;

  [[nodiscard]] llvm::Value* load(std::size_t offset) { return e.load(e.at(state, offset), 8); }
  void store(std::size_t offset, llvm::Value* value) { e.store(e.at(state, offset), value); }
  void stop_if(llvm::Value* condition) {
    llvm::BasicBlock* on = e.block("on");
    e.branch(condition, stop, on);
    e.enter(on);
  }
};

llvm::Value* BpfMachine::task_registers(Emitter& e) {
  llvm::Value* task = call_for_pointer(e, Helper::kTaskPointer, {});
  return call(e, Helper::kTaskRegisters, {task});
}

void BpfMachine::define_unwind_maps() {
  if (unwind_rows_ != nullptr) return;
  unwind_files_ = declare_map(kUnwindFilesSymbol, 4);
  debug_.describe_map(*unwind_files_, {{"type", BPF_MAP_TYPE_HASH},
                                       {"max_entries", 1},  // the runtime knows how many
                                       {"key_size", sizeof(UnwindFileKey)},
                                       {"value_size", sizeof(UnwindFile)}});
  unwind_rows_ = declare_map(kUnwindRowsSymbol, 4);
  debug_.describe_map(
      *unwind_rows_,
      {{"type", BPF_MAP_TYPE_ARRAY}, {"max_entries", 1}, {"key_size", 4}, {"value_size", sizeof(UnwindRow)}});
}

// Called by bpf_find_vma() with the mapping that an address lies in: (task, vma, state).
llvm::Function& BpfMachine::create_mapping_body(const UnwindRequest& request, const std::string& name) {
  llvm::Function& function = create_loop_body(name, 3);
  debug_.describe(function, program_.clauses[request.clause].span, {"task", "vma", "state"});
  Emitter e(function, request.limits);
  e.ir.SetCurrentDebugLocation(debug_.location(function, program_.clauses[request.clause].span));
  Walk walk{e, {function.getArg(2), 8}, e.block("done")};
  // Loads of the program's own, of whole members: the verifier knows what these pointers point to.
  auto member = [&](llvm::Value* object, std::uint32_t offset) {
    Place place = e.at({object, 8}, offset);
    return e.ir.CreateAlignedLoad(e.integer(8), place.pointer, llvm::Align(8), /*isVolatile=*/true);
  };
  auto as_pointer = [&](llvm::Value* address) { return e.ir.CreateIntToPtr(address, e.ir.getPtrTy()); };
  llvm::Value* vma = function.getArg(1);
  llvm::Value* position = e.ir.CreateShl(member(vma, request.members.page), kPageBits);
  walk.store(offsetof(WalkState, distance), e.ir.CreateSub(position, member(vma, request.members.start)));
  walk.store(kKeySize, e.number(0));  // no file has it
  llvm::Value* file = member(vma, request.members.file);
  walk.stop_if(e.ir.CreateICmpEQ(file, e.number(0)));
  llvm::Value* inode = member(as_pointer(file), request.members.inode);
  walk.stop_if(e.ir.CreateICmpEQ(inode, e.number(0)));
  llvm::Value* number = member(as_pointer(inode), request.members.number);
  walk.store(kKeyInode, e.ir.CreateAnd(number, kInodeBits));
  walk.store(kKeySize, member(as_pointer(inode), request.members.size));
  e.flow_into(walk.stop);
  e.ir.CreateRet(e.number(0));
  return function;
}

// The last row at or before a position in the file; leaves the turn if there is none.
llvm::Value* BpfMachine::find_unwind_row(Walk& walk, llvm::Value* position) {
  Emitter& e = walk.e;
  llvm::Value* file = call_for_pointer(e, Helper::kMapLookup, {unwind_files_, e.at(walk.state, kKeyInode).pointer});
  walk.stop_if(e.is_null(file));
  llvm::Value* first = e.ir.CreateZExt(e.load({file, 4}, 4), e.integer(8));
  llvm::Value* count = e.ir.CreateZExt(e.load(e.at({file, 8}, offsetof(UnwindFile, count)), 4), e.integer(8));
  llvm::AllocaInst* low = e.local(e.integer(8));
  llvm::AllocaInst* high = e.local(e.integer(8));
  e.store({low, 8}, first);
  e.store({high, 8}, e.ir.CreateAdd(first, count));
  llvm::BasicBlock* found = e.block("found");
  // The verifier of Linux 7.2 would walk through each way that a search can take, as each leaves other bounds: a value
  // that has met another without bounds has none itself, and all ways are the same.
  auto without_bounds = [&](llvm::Value* value) {
    return e.ir.CreateXor(e.opaque(e.ir.CreateXor(value, position)), position);
  };
  // Step by step: Linux 6.1 refuses a loop that is entered in its middle, as LLVM may lay it out.
  for (int step = 0; step < kMostSteps; ++step) {
    llvm::Value* from = without_bounds(e.load({low, 8}, 8));
    llvm::Value* to = without_bounds(e.load({high, 8}, 8));
    llvm::BasicBlock* look = e.block("look");
    e.branch(e.ir.CreateICmpULT(e.ir.CreateAdd(from, e.number(1)), to), look, found);
    e.enter(look);
    llvm::Value* middle = e.ir.CreateLShr(e.ir.CreateAdd(from, to), 1);
    llvm::Value* row = find(e, unwind_rows_, middle);
    walk.stop_if(e.is_null(row));
    llvm::Value* is_before = e.ir.CreateICmpULE(e.ir.CreateZExt(e.load({row, 8}, 4), e.integer(8)), position);
    e.store({low, 8}, e.ir.CreateSelect(is_before, middle, from));
    e.store({high, 8}, e.ir.CreateSelect(is_before, to, middle));
  }
  e.flow_into(found);
  llvm::Value* last = find(e, unwind_rows_, e.load({low, 8}, 8));
  walk.stop_if(e.is_null(last));
  walk.stop_if(e.ir.CreateICmpUGT(e.ir.CreateZExt(e.load({last, 8}, 4), e.integer(8)), position));
  return last;
}

// The caller's registers, by a row.
void BpfMachine::leave_frame(Walk& walk, llvm::Value* row) {
  Emitter& e = walk.e;
  auto signed_field = [&](std::size_t offset) {
    return e.ir.CreateSExt(e.load(e.at({row, 8}, offset), 4), e.integer(8));
  };
  auto is_rule = [&](llvm::Value* rule, CfaRule wanted) {
    return e.ir.CreateICmpEQ(rule, e.number(static_cast<std::uint64_t>(wanted), 1));
  };
  llvm::Value* rule = e.load(e.at({row, 4}, offsetof(UnwindRow, rule)), 1);
  llvm::Value* offset = signed_field(offsetof(UnwindRow, cfa_offset));
  llvm::Value* frame_offset = signed_field(offsetof(UnwindRow, frame_offset));
  walk.stop_if(is_rule(rule, CfaRule::kNone));
  llvm::Value* sp = walk.load(offsetof(WalkState, sp));
  llvm::Value* base = e.ir.CreateSelect(is_rule(rule, CfaRule::kFrame), walk.load(offsetof(WalkState, fp)), sp);
  llvm::Value* within = e.ir.CreateAnd(walk.load(offsetof(WalkState, ip)), 15);
  llvm::Value* pushed = e.ir.CreateSelect(e.ir.CreateICmpUGE(within, offset), e.number(16), e.number(8));
  llvm::Value* cfa =
      e.ir.CreateSelect(is_rule(rule, CfaRule::kPlt), e.ir.CreateAdd(sp, pushed), e.ir.CreateAdd(base, offset));
  SlotScope scope(e);
  Place slot = e.slot(8);
  e.store(slot, e.number(0));
  llvm::Value* failed = call(e, Helper::kReadUser, {slot.pointer, e.number(8), e.ir.CreateSub(cfa, e.number(8))});
  walk.stop_if(e.ir.CreateICmpNE(failed, e.number(0)));
  llvm::Value* caller = e.load(slot, 8);
  walk.stop_if(e.ir.CreateICmpEQ(caller, e.number(0)));
  walk.store(offsetof(WalkState, ip), caller);
  walk.store(offsetof(WalkState, sp), cfa);
  llvm::BasicBlock* saved = e.block("saved");
  llvm::BasicBlock* done = e.block("left");
  e.branch(e.ir.CreateICmpNE(frame_offset, e.number(0)), saved, done);
  e.enter(saved);
  call(e, Helper::kReadUser,
       {e.at(walk.state, offsetof(WalkState, fp)).pointer, e.number(8), e.ir.CreateAdd(cfa, frame_offset)});
  e.flow_into(done);
}

// (turn, state): writes down a frame, and finds the next.
llvm::Function& BpfMachine::create_frame_body(const UnwindRequest& request, const std::string& name,
                                              llvm::Function& mapping) {
  llvm::Function& function = create_loop_body(name, 2);
  debug_.describe(function, program_.clauses[request.clause].span, {"turn", "state"});
  Emitter e(function, request.limits);
  e.ir.SetCurrentDebugLocation(debug_.location(function, program_.clauses[request.clause].span));
  Walk walk{e, {function.getArg(1), 8}, e.block("stop")};
  llvm::Value* turn = e.opaque(function.getArg(0));
  walk.stop_if(e.ir.CreateICmpUGE(turn, e.number(request.room.bytes / 8)));
  llvm::Value* out =
      e.ir.CreateAlignedLoad(e.ir.getPtrTy(), e.at(walk.state, offsetof(WalkState, out)).pointer, llvm::Align(8));
  llvm::Value* ip = walk.load(offsetof(WalkState, ip));
  e.store(e.at_index({out, 8}, e.ir.CreateShl(turn, 3), 8), ip);
  walk.store(offsetof(WalkState, frames), e.ir.CreateAdd(turn, e.number(1)));
  // A caller's address is that behind the call, which may belong to something else.
  llvm::Value* back = e.ir.CreateSelect(e.ir.CreateICmpEQ(turn, e.number(0)), e.number(0), e.number(1));
  llvm::Value* code = e.ir.CreateSub(ip, back);
  llvm::Value* task = call_for_pointer(e, Helper::kTaskPointer, {});
  llvm::Value* failed = call(e, Helper::kFindMapping, {task, code, &mapping, walk.state.pointer, e.number(0)});
  walk.stop_if(e.ir.CreateICmpNE(failed, e.number(0)));
  llvm::Value* position = e.ir.CreateAdd(code, walk.load(offsetof(WalkState, distance)));
  leave_frame(walk, find_unwind_row(walk, position));
  e.ir.CreateRet(e.number(0));
  e.enter(walk.stop);
  e.ir.CreateRet(e.number(1));
  return function;
}

llvm::Value* BpfMachine::unwind_stack(Emitter& e, const UnwindRequest& request) {
  define_unwind_maps();
  std::string name = e.function().getName().str() + "_unwind_" + std::to_string(unwinders_++);
  llvm::Function& mapping = create_mapping_body(request, name + "_mapping");
  llvm::Function& frame = create_frame_body(request, name, mapping);
  SlotScope scope(e);
  Place state = e.slot(sizeof(WalkState));
  e.store(e.at(state, offsetof(WalkState, ip)), request.ip);
  e.store(e.at(state, offsetof(WalkState, sp)), request.sp);
  e.store(e.at(state, offsetof(WalkState, fp)), request.fp);
  for (std::size_t offset : {offsetof(WalkState, frames), offsetof(WalkState, distance), kKeyInode, kKeySize})
    e.store(e.at(state, offset), e.number(0));
  e.store(e.at(state, offsetof(WalkState, out)), request.room.destination.pointer);
  call(e, Helper::kLoop, {e.number(request.room.bytes / 8), &frame, state.pointer, e.number(0)});
  return e.ir.CreateShl(e.load(e.at(state, offsetof(WalkState, frames)), 8), 3);
}

}  // namespace hawk
