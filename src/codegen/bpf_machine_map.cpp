// Maps: BTF-defined in section `.maps`, one struct of pointers each, as libbpf reads them; lookups and
// updates; loops over entries and numbers.
#include <linux/bpf.h>

#include <cerrno>

#include "codegen/bpf_machine.h"
#include "codegen/walk.h"
#include "image/program_image.h"
#include "support/check.h"

namespace hawk {

namespace {

std::uint32_t kernel_map_type(MapStorage storage) {
  switch (storage) {
    case MapStorage::kHash: return BPF_MAP_TYPE_HASH;
    case MapStorage::kLruHash: return BPF_MAP_TYPE_LRU_HASH;
    case MapStorage::kPerCpuHash: return BPF_MAP_TYPE_PERCPU_HASH;
    case MapStorage::kPerCpuLruHash: return BPF_MAP_TYPE_LRU_PERCPU_HASH;
    case MapStorage::kArray: return BPF_MAP_TYPE_ARRAY;
    case MapStorage::kPerCpuArray: return BPF_MAP_TYPE_PERCPU_ARRAY;
    case MapStorage::kTask: return BPF_MAP_TYPE_TASK_STORAGE;
  }
  HAWK_UNREACHABLE("map storage");
}

// Kernels before 6.1 refuse perf_event programs whose maps allocate as they go (check_map_prog_compatibility).
bool has_to_be_preallocated(const typed::CheckedProgram& program, typed::MapId map) {
  for (const typed::Clause& clause : program.clauses) {
    if (clause.placement == Placement::kHost) continue;
    if (probe_row(clause.kind).program == ProgramType::kPerfEvent && uses_map(clause.body, map)) return true;
  }
  return false;
}

// Hashes are allocated in advance, which is fast and safe in every context, unless that would take much. The
// machine the script will run on is not known here; per-CPU values count as on one of 64 CPUs.
std::uint32_t map_flags(const typed::CheckedProgram& program, typed::MapId id) {
  constexpr std::uint64_t kMuch = 64 << 20;
  constexpr std::uint64_t kCpus = 64;
  const MapSchema& map = program.maps[id];
  if (map.storage == MapStorage::kTask) return BPF_F_NO_PREALLOC;
  if (map.storage != MapStorage::kHash && map.storage != MapStorage::kPerCpuHash) return 0;
  std::uint64_t copies = is_per_cpu(map.storage) ? kCpus : 1;
  std::uint64_t entry = map_key_size(map) + map_value_size(map) * copies;
  bool much = entry * map.max_entries > kMuch;
  return much && !has_to_be_preallocated(program, id) ? std::uint32_t{BPF_F_NO_PREALLOC} : 0;
}

}  // namespace

llvm::GlobalVariable* BpfMachine::declare_map(const std::string& name, std::size_t members) {
  auto* type = llvm::ArrayType::get(llvm::PointerType::get(module_.getContext(), 0), members);
  auto* map = new llvm::GlobalVariable(module_, type, false, llvm::GlobalValue::ExternalLinkage,
                                       llvm::ConstantAggregateZero::get(type), name);
  map->setSection(".maps");
  map->setAlignment(llvm::Align(8));
  return map;
}

void BpfMachine::define_script_maps() {
  for (std::size_t i = 0; i < program_.maps.size(); ++i) {
    const MapSchema& map = program_.maps[i];
    live_maps_.push_back(nullptr);
    short_maps_.push_back(nullptr);
    if (map.placement == Placement::kHost) {
      maps_.push_back(nullptr);
      continue;
    }
    if (map.storage == MapStorage::kTask) {
      maps_.push_back(declare_map(map_symbol(i), 4));
      // The kernel wants to know the types of keys and values; there is no greatest number of them.
      debug_.describe_map(
          *maps_.back(),
          {{"type", kernel_map_type(map.storage)}, {"map_flags", map_flags(program_, static_cast<typed::MapId>(i))}},
          map_value_size(map));
      continue;
    }
    maps_.push_back(declare_map(map_symbol(i), 5));
    define_map(*maps_.back(), static_cast<typed::MapId>(i), map_key_size(map));
    if (map.short_keys) {
      short_maps_.back() = declare_map(short_map_symbol(i), 5);
      define_map(*short_maps_.back(), static_cast<typed::MapId>(i), map.short_keys->size);
    }
    if (map.has_generations) define_live_map(i);
  }
}

void BpfMachine::define_map(llvm::GlobalVariable& map, typed::MapId id, std::uint32_t key_size) {
  const MapSchema& schema = program_.maps[id];
  debug_.describe_map(map, {{"type", kernel_map_type(schema.storage)},
                            {"max_entries", schema.keyed ? schema.max_entries : 1},
                            {"key_size", key_size},
                            {"value_size", map_value_size(schema)},
                            {"map_flags", map_flags(program_, id)}});
}

void BpfMachine::define_live_map(std::size_t index) {
  live_maps_[index] = declare_map(live_map_symbol(index), 4);
  debug_.describe_map(*live_maps_[index],
                      {{"type", BPF_MAP_TYPE_ARRAY_OF_MAPS}, {"max_entries", 1}, {"key_size", 4}, {"value_size", 4}});
}

void BpfMachine::hold_generation(Emitter& e, typed::MapId map) {
  HAWK_CHECK(!held_, "one map is held at a time");
  if (live_maps_[map] != nullptr) held_ = Held{map, find(e, live_maps_[map], e.number(0))};
}

llvm::Value* BpfMachine::with_map(Emitter& e, typed::MapId map, std::optional<Place> key, llvm::Value* absent,
                                  const std::function<llvm::Value*(llvm::Value*)>& operate) {
  HAWK_CHECK(key || short_maps_[map] == nullptr, "maps that are looked at as a whole are not split");
  if (live_maps_[map] == nullptr) return operate(key ? map_of_key(e, map, *key) : maps_[map]);
  bool held = held_ && held_->map == map;
  llvm::Value* live = held ? held_->live : find(e, live_maps_[map], e.number(0));
  llvm::BasicBlock* before = e.ir.GetInsertBlock();
  llvm::BasicBlock* there = e.block("generation");
  llvm::BasicBlock* done = e.block("generation_done");
  e.branch(e.is_null(live), done, there);
  e.enter(there);
  llvm::Value* result = operate(live);
  llvm::BasicBlock* operated = e.ir.GetInsertBlock();
  e.flow_into(done);
  llvm::PHINode* phi = e.ir.CreatePHI(result->getType(), 2);
  phi->addIncoming(absent, before);
  phi->addIncoming(result, operated);
  return phi;
}

// A short key is how a key begins, so that both maps take the same memory for one.
llvm::Value* BpfMachine::map_of_key(Emitter& e, typed::MapId map, Place key) {
  if (short_maps_[map] == nullptr) return maps_[map];
  const SplitKeys& keys = *program_.maps[map].short_keys;
  llvm::Value* number = e.load(e.at(key, keys.offset), keys.bytes);
  llvm::Value* is_short = e.ir.CreateICmpULE(number, e.number(keys.most, keys.bytes));
  return e.ir.CreateSelect(is_short, short_maps_[map], maps_[map]);
}

llvm::Value* BpfMachine::map_address(Emitter& e, typed::MapId map) { return address(e, maps_[map]); }

namespace {
llvm::Value* null_pointer(Emitter& e) { return llvm::ConstantPointerNull::get(e.ir.getPtrTy()); }
}  // namespace

llvm::Value* BpfMachine::task_value(Emitter& e, typed::MapId map, std::uint64_t flags) {
  llvm::Value* task = call_for_pointer(e, Helper::kTaskPointer, {});
  return call_for_pointer(e, Helper::kTaskStorageGet, {maps_[map], task, e.number(0), e.number(flags)});
}

llvm::Value* BpfMachine::map_find(Emitter& e, typed::MapId map, Place key) {
  if (is_task_storage(map)) return task_value(e, map, 0);
  return with_map(e, map, key, null_pointer(e),
                  [&](llvm::Value* live) { return call_for_pointer(e, Helper::kMapLookup, {live, key.pointer}); });
}

llvm::Value* BpfMachine::map_find_on_cpu(Emitter& e, typed::MapId map, Place key, llvm::Value* cpu) {
  return with_map(e, map, key, null_pointer(e), [&](llvm::Value* live) {
    return call_for_pointer(e, Helper::kMapLookupPerCpu, {live, key.pointer, cpu});
  });
}

namespace {

// Before Linux 6.4 these operations return an int, of which only the low half of the register is defined.
llvm::Value* status(Emitter& e, llvm::Value* result) {
  return e.ir.CreateSExt(e.ir.CreateTrunc(result, e.integer(4)), e.integer(8));
}

llvm::Value* error(Emitter& e, int code) { return e.number(static_cast<std::uint64_t>(std::int64_t{-code})); }

}  // namespace

llvm::Value* BpfMachine::map_set(Emitter& e, typed::MapId map, Place key, Place value) {
  return with_map(e, map, key, error(e, ENOENT), [&](llvm::Value* live) {
    return status(e, call(e, Helper::kMapUpdate, {live, key.pointer, value.pointer, e.number(BPF_ANY)}));
  });
}

llvm::Value* BpfMachine::map_insert(Emitter& e, typed::MapId map, Place key, Place value) {
  if (is_task_storage(map)) {  // made of zeros, which is all that scalars are made with
    llvm::Value* made = task_value(e, map, BPF_LOCAL_STORAGE_GET_F_CREATE);
    return e.ir.CreateSelect(e.is_null(made), error(e, ENOMEM), e.number(0));
  }
  return with_map(e, map, key, error(e, ENOENT), [&](llvm::Value* live) {
    return status(e, call(e, Helper::kMapUpdate, {live, key.pointer, value.pointer, e.number(BPF_NOEXIST)}));
  });
}

llvm::Value* BpfMachine::map_delete(Emitter& e, typed::MapId map, Place key) {
  if (is_task_storage(map)) {
    llvm::Value* task = call_for_pointer(e, Helper::kTaskPointer, {});
    return status(e, call(e, Helper::kTaskStorageDelete, {maps_[map], task}));
  }
  return with_map(e, map, key, error(e, ENOENT),
                  [&](llvm::Value* live) { return status(e, call(e, Helper::kMapDelete, {live, key.pointer})); });
}

llvm::Value* BpfMachine::for_each_entry(Emitter& e, typed::MapId map, llvm::Function& body, llvm::Value* frame) {
  return with_map(e, map, std::nullopt, e.number(0), [&](llvm::Value* live) {
    return call(e, Helper::kForEachMapElement, {live, &body, frame, e.number(0)});
  });
}

llvm::Value* BpfMachine::map_length(Emitter& e, typed::MapId map) {
  // The helper returns how many entries it visited; the body has nothing to do.
  if (length_body_ == nullptr) {
    length_body_ = &create_entry_body("count_entry");
    debug_.describe(*length_body_, program_.clauses.front().span, {"map", "key", "value", "frame"});
    llvm::IRBuilder<> body(llvm::BasicBlock::Create(module_.getContext(), "entry", length_body_));
    body.SetCurrentDebugLocation(debug_.location(*length_body_, program_.clauses.front().span));
    body.CreateRet(body.getInt64(0));
  }
  SlotScope scope(e);
  Place unused = e.slot(8);
  e.store(unused, e.number(0));
  return for_each_entry(e, map, *length_body_, unused.pointer);
}

// A call whose number of turns the verifier knows to be 0 it would not accept: it takes the body for dead and throws it
// away (Linux 6.18). So the call is in a branch of its own, which is dead too then.
void BpfMachine::for_each_turn(Emitter& e, llvm::Value* turns, llvm::Function& body, llvm::Value* frame) {
  if (!program_.kernel.loops) return call_for_each_turn(e, turns, body, frame);
  llvm::BasicBlock* some = e.block("turns");
  llvm::BasicBlock* done = e.block("no_turns");
  e.branch(e.ir.CreateICmpNE(turns, e.number(0)), some, done);
  e.enter(some);
  call(e, Helper::kLoop, {turns, &body, frame, e.number(0)});
  e.flow_into(done);
}

// A loop of the program's own, which the verifier walks through turn by turn: for kernels without bpf_loop.
void BpfMachine::call_for_each_turn(Emitter& e, llvm::Value* turns, llvm::Function& body, llvm::Value* frame) {
  Place turn{e.local(e.integer(8)), 8};
  llvm::BasicBlock* head = e.block("turns");
  llvm::BasicBlock* run = e.block("turn");
  llvm::BasicBlock* next = e.block("next_turn");
  llvm::BasicBlock* done = e.block("no_turns");
  e.store(turn, e.number(0));
  e.flow_into(head);
  llvm::Value* number = e.load(turn, 8);
  e.branch(e.ir.CreateICmpULT(number, turns), run, done);
  e.enter(run);
  llvm::Value* index = e.ir.CreateTrunc(number, body.getArg(0)->getType());
  llvm::Value* stops = e.ir.CreateCall(&body, {index, frame});
  e.branch(e.ir.CreateICmpEQ(stops, e.number(0)), next, done);
  e.enter(next);
  e.store(turn, e.ir.CreateAdd(number, e.number(1)));
  e.ir.CreateBr(head);
  e.enter(done);
}

llvm::Value* BpfMachine::find(Emitter& e, llvm::GlobalVariable* map, llvm::Value* index) {
  SlotScope scope(e);
  Place key = e.slot(4);
  e.store(key, e.ir.CreateTrunc(index, e.ir.getInt32Ty()));
  return call_for_pointer(e, Helper::kMapLookup, {map, key.pointer});
}

}  // namespace hawk
