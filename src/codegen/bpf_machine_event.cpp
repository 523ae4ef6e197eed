// Events: records reserved in the ring buffer and written in place; what finds no room is counted.
#include <linux/bpf.h>

#include <cstddef>

#include "codegen/bpf_machine.h"
#include "image/program_image.h"

namespace hawk {

namespace {
constexpr std::uint32_t kRingBytes = 64 * 4096;  // the runtime sets the size it wants

// Clauses that run after an exit() has been heard.
bool outlives_exit(ProbeKind kind) {
  return kind == ProbeKind::kEnd || kind == ProbeKind::kTest || kind == ProbeKind::kBench;
}

}  // namespace

llvm::GlobalVariable* BpfMachine::event_ring() {
  if (ring_ == nullptr) {
    ring_ = declare_map(kEventRingSymbol, 2);
    debug_.describe_map(*ring_, {{"type", BPF_MAP_TYPE_RINGBUF}, {"max_entries", kRingBytes}});
  }
  return ring_;
}

llvm::GlobalVariable* BpfMachine::define_counters(const char* name, std::size_t entries, std::size_t bytes) {
  llvm::GlobalVariable* counters = declare_map(name, 4);
  debug_.describe_map(*counters, {{"type", BPF_MAP_TYPE_PERCPU_ARRAY},
                                  {"max_entries", static_cast<std::uint32_t>(entries)},
                                  {"key_size", 4},
                                  {"value_size", static_cast<std::uint32_t>(bytes)}});
  return counters;
}

llvm::GlobalVariable* BpfMachine::accounts() {
  if (accounts_ == nullptr)
    accounts_ = define_counters(kAccountSymbol, program_.clauses.size(), sizeof(ProgramAccount));
  return accounts_;
}

llvm::GlobalVariable* BpfMachine::refused_counters() {
  if (refused_ == nullptr) refused_ = define_counters(kRefusedSymbol, program_.maps.size(), sizeof(std::uint64_t));
  return refused_;
}

llvm::GlobalVariable* BpfMachine::packet_array() {
  if (packets_ == nullptr) {
    packets_ = declare_map(kPacketsSymbol, 3);
    debug_.describe_map(*packets_, {{"type", BPF_MAP_TYPE_PERF_EVENT_ARRAY}, {"key_size", 4}, {"value_size", 4}});
  }
  return packets_;
}

void BpfMachine::note_exit(Emitter& e) {
  llvm::Value* flag = find(e, exiting_, e.number(0));
  llvm::BasicBlock* found = e.block("exiting");
  llvm::BasicBlock* done = e.block("exit_noted");
  e.branch(e.is_null(flag), done, found);
  e.enter(found);
  e.store({flag, 8}, e.number(1));
  e.flow_into(done);
}

void BpfMachine::skip_after_exit(Emitter& e, std::size_t clause, llvm::BasicBlock* unavailable) {
  if (exiting_ == nullptr || outlives_exit(program_.clauses[clause].kind)) return;
  llvm::Value* flag = find(e, exiting_, e.number(0));
  llvm::BasicBlock* known = e.block("exit_known");
  llvm::BasicBlock* running = e.block("running");
  e.branch(e.is_null(flag), unavailable, known);
  e.enter(known);
  e.branch(e.ir.CreateICmpEQ(e.load({flag, 8}, 8), e.number(0)), running, unavailable);
  e.enter(running);
}

// One CPU may run a program inside another, or, where programs are preempted, go on with the same one.
void BpfMachine::count(Emitter& e, std::size_t clause, std::size_t offset) {
  llvm::Value* account = find(e, accounts(), e.number(clause));
  llvm::BasicBlock* found = e.block("account");
  llvm::BasicBlock* done = e.block("counted");
  e.branch(e.is_null(account), done, found);
  e.enter(found);
  llvm::Value* counter = e.at({account, 8}, static_cast<std::uint32_t>(offset)).pointer;
  e.ir.CreateAtomicRMW(llvm::AtomicRMWInst::Add, counter, e.number(1), llvm::Align(8), llvm::AtomicOrdering::Monotonic);
  e.flow_into(done);
}

// Once on each CPU there is nobody who knows; hawk says it once.
void BpfMachine::count_refused(Emitter& e, typed::MapId map, llvm::BasicBlock* known) {
  llvm::Value* counter = find(e, refused_counters(), e.number(map));
  llvm::BasicBlock* found = e.block("refused");
  llvm::BasicBlock* first = e.block("first_refused");
  e.branch(e.is_null(counter), known, found);
  e.enter(found);
  llvm::Value* before = e.load({counter, 8}, 8);
  e.ir.CreateAtomicRMW(llvm::AtomicRMWInst::Add, counter, e.number(1), llvm::Align(8), llvm::AtomicOrdering::Monotonic);
  e.branch(e.ir.CreateICmpEQ(before, e.number(0)), first, known);
  e.enter(first);
}

// Data leaves the last part of the ring to what must not be lost.
void BpfMachine::limit_data(Emitter& e, llvm::BasicBlock* full) {
  constexpr std::uint64_t kUnread = 0;  // BPF_RB_AVAIL_DATA
  llvm::Value* unread = call(e, Helper::kRingQuery, {event_ring(), e.number(kUnread)});
  llvm::Value* limit = runtime_constant(e, offsetof(RuntimeConstants, event_limit));
  llvm::BasicBlock* room = e.block("event_room");
  e.branch(e.ir.CreateICmpULT(unread, limit), room, full);
  e.enter(room);
}

llvm::Value* BpfMachine::reserve_event(Emitter& e, std::size_t clause, const EventSchema& event,
                                       llvm::BasicBlock* unavailable) {
  skip_after_exit(e, clause, unavailable);
  count(e, clause, offsetof(ProgramAccount, events));
  llvm::BasicBlock* full = e.block("event_lost");
  if (has_control_events_ && !is_control_event(event)) limit_data(e, full);
  llvm::Value* record = call_for_pointer(e, Helper::kRingReserve, {event_ring(), e.number(event.size), e.number(0)});
  llvm::BasicBlock* reserved = e.block("event");
  e.branch(e.is_null(record), full, reserved);
  e.enter(full);
  count(e, clause, offsetof(ProgramAccount, lost));
  e.ir.CreateBr(unavailable);
  e.enter(reserved);
  return record;
}

llvm::Value* BpfMachine::output_packet(Emitter& e, llvm::Value* packet, llvm::Value* length, const Bytes& record) {
  constexpr std::uint64_t kThisCpu = 0xffffffff;   // BPF_F_CURRENT_CPU
  constexpr std::uint64_t kLongestMask = 0xfffff;  // BPF_F_CTXLEN_MASK
  llvm::Value* flags = e.ir.CreateOr(e.ir.CreateShl(e.ir.CreateAnd(length, kLongestMask), 32), kThisCpu);
  return call(e, Helper::kSkbOutput, {packet, packet_array(), flags, record.place.pointer, e.number(record.count)});
}

void BpfMachine::submit_event(Emitter& e, llvm::Value* record) {
  call(e, Helper::kRingSubmit, {record, e.number(0)});  // flags 0: wakes the reader only when it has caught up
}

// --- iterators ----------------------------------------------------------------------------------

// ctx->meta->seq, by loads that the verifier follows.
llvm::Value* BpfMachine::sequence(Emitter& e, llvm::Value* context) {
  llvm::Value* meta = e.ir.CreateIntToPtr(load_context(e, context, 0, 8), e.ir.getPtrTy());
  llvm::Value* file = e.ir.CreateAlignedLoad(e.ir.getInt64Ty(), meta, llvm::Align(8), /*isVolatile=*/true);
  return e.ir.CreateIntToPtr(file, e.ir.getPtrTy());
}

void BpfMachine::mark_element(Emitter& e, llvm::Value* context) {
  SlotScope scope(e);
  Place byte = e.slot(1);
  e.store(byte, e.number(0, 1));
  call(e, Helper::kSequenceWrite, {sequence(e, context), byte.pointer, e.number(1)});
}

void BpfMachine::print_element(Emitter& e, llvm::Value* context, const std::string& format,
                               const std::vector<llvm::Value*>& values) {
  SlotScope scope(e);
  llvm::Value* data = e.number(0);
  auto bytes = static_cast<std::uint32_t>(values.size() * 8);
  if (!values.empty()) {
    Place words = e.slot(bytes);
    for (std::size_t i = 0; i < values.size(); ++i) e.store(e.at(words, i * 8), values[i]);
    data = words.pointer;
  } else {
    data = e.ir.CreateIntToPtr(data, e.ir.getPtrTy());
  }
  llvm::Value* text = this->data(e, format + '\0').pointer;
  call(e, Helper::kSequencePrintf,
       {sequence(e, context), text, e.number(format.size() + 1, 4), data, e.number(bytes, 4)});
}

}  // namespace hawk
