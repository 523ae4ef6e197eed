// Builtins that read something. Every row of ast/builtins.def marked Lowered has its row in lowered_builtins.def
// and its lower_<Id> here or in lower_call_string.cpp; it does not build or link without.
#include "codegen/lower_call.h"

#include "codegen/convert.h"
#include "codegen/lower.h"
#include "image/program_image.h"
#include "semantics/registers.h"

namespace hawk {

namespace {

struct LoweredBuiltin {
  llvm::Value* (*lower)(const CallSite&);
  bool is_plain;
};

constexpr bool kPlain = true;
constexpr bool kEffect = false;

#define LOWERED(id, effect) constexpr LoweredBuiltin kLowered##id{lower_##id, k##effect};
#include "codegen/lowered_builtins.def"
#undef LOWERED

[[noreturn]] llvm::Value* not_lowered(const CallSite&) {
  HAWK_UNREACHABLE("semantics rewrites or refuses this builtin");
}

#define HAWK_LOWER_Lowered(id) kLowered##id
#define HAWK_LOWER_Rewritten(id) \
  LoweredBuiltin { not_lowered, kPlain }
#define HAWK_LOWER_Later(id) \
  LoweredBuiltin { not_lowered, kPlain }
constexpr LoweredBuiltin kTable[] = {
#define BUILTIN(id, name, fewest, most, variable, stage, signature) HAWK_LOWER_##stage(id),
#include "ast/builtins.def"
#undef BUILTIN
};

bool is_initial(const CallSite& site) {
  if (site.call.arguments.empty()) return false;
  const auto* constant = std::get_if<typed::Constant>(&site.call.arguments[0]->node);
  return constant != nullptr && constant->value == 1;
}

std::uint64_t constant_argument(const CallSite& site, std::uint64_t otherwise) {
  if (site.call.arguments.empty()) return otherwise;
  const auto* constant = std::get_if<typed::Constant>(&site.call.arguments[0]->node);
  HAWK_CHECK(constant != nullptr, "the argument is a constant");
  return constant->value;
}

}  // namespace

llvm::Value* lower_Pid(const CallSite& site) { return site.l.machine.process_id(site.l.e(), is_initial(site)); }
llvm::Value* lower_Tid(const CallSite& site) { return site.l.machine.thread_id(site.l.e(), is_initial(site)); }
llvm::Value* lower_Uid(const CallSite& site) { return site.l.machine.user_id(site.l.e()); }
llvm::Value* lower_Gid(const CallSite& site) { return site.l.machine.group_id(site.l.e()); }
llvm::Value* lower_Curtask(const CallSite& site) { return site.l.machine.task(site.l.e()); }
llvm::Value* lower_Cgroup(const CallSite& site) { return site.l.machine.cgroup(site.l.e()); }
llvm::Value* lower_Cpu(const CallSite& site) { return site.l.machine.cpu(site.l.e()); }
llvm::Value* lower_Numaid(const CallSite& site) { return site.l.machine.numa_node(site.l.e()); }
llvm::Value* lower_Jiffies(const CallSite& site) { return site.l.machine.jiffies(site.l.e()); }
llvm::Value* lower_Rand(const CallSite& site) { return site.l.machine.random(site.l.e()); }
llvm::Value* lower_FuncIp(const CallSite& site) {
  return site.l.machine.function_address(site.l.e(), site.l.context());
}

llvm::Value* lower_Ncpus(const CallSite& site) {
  return site.l.machine.runtime_constant(site.l.e(), offsetof(RuntimeConstants, cpu_count));
}

llvm::Value* lower_Cpid(const CallSite& site) {
  return site.l.machine.runtime_constant(site.l.e(), offsetof(RuntimeConstants, child_pid));
}

llvm::Value* lower_Nsecs(const CallSite& site) {
  auto clock = static_cast<Clock>(constant_argument(site, static_cast<std::uint64_t>(Clock::kBoot)));
  return site.l.machine.clock(site.l.e(), clock);
}

llvm::Value* lower_Elapsed(const CallSite& site) {
  Emitter& e = site.l.e();
  llvm::Value* start = site.l.machine.runtime_constant(e, offsetof(RuntimeConstants, start_boot_ns));
  return e.ir.CreateSub(site.l.machine.clock(e, Clock::kBoot), start);
}

llvm::Value* lower_Bswap(const CallSite& site) {
  llvm::Value* value = site.l.scalar(*site.call.arguments[0]);
  if (value->getType()->getIntegerBitWidth() == 8) return value;
  return site.l.e().ir.CreateUnaryIntrinsic(llvm::Intrinsic::bswap, value);
}

bool is_plain_builtin(Builtin builtin) { return kTable[static_cast<std::size_t>(builtin)].is_plain; }

// --- dispatch -----------------------------------------------------------------------------------

llvm::Value* lower_scalar(Lowering& l, const typed::Expr& expr, const typed::Call& node) {
  llvm::Value* value = kTable[static_cast<std::size_t>(node.builtin)].lower({l, expr, node, {}});
  if (value == nullptr || expr.type.kind == TypeKind::kNone) return nullptr;
  // Machines answer in 8 bytes; the type says how many of them count.
  return convert_scalar(l.e(), value, int_type(value->getType()->getIntegerBitWidth() / 8, false), expr.type);
}

void lower_into(Lowering& l, const typed::Expr& expr, const typed::Call& node, Place destination) {
  static_cast<void>(kTable[static_cast<std::size_t>(node.builtin)].lower({l, expr, node, destination}));
}

namespace {

// A register of the user program: of the probe in its code, else with which it entered the kernel.
llvm::Value* user_register(Lowering& l, llvm::Value* entry, const char* name) {
  Emitter& e = l.e();
  std::uint32_t offset = register_offset(name).value_or(0);
  if (entry == nullptr) return l.machine.load_context(e, l.context(), offset, 8);
  SlotScope scope(e);
  Place place = e.slot(8);
  l.machine.read_memory(e, place, e.number(8), {e.ir.CreateAdd(entry, e.number(offset)), AddressSpace::kKernel});
  return e.load(place, 8);
}

llvm::Value* unwind(Lowering& l, const typed::MappingMembers& members, Place destination, std::uint32_t bytes) {
  Emitter& e = l.e();
  const ProbeKindRow& probe = probe_row(l.clause().kind);
  bool in_program = probe.context == ContextKind::kRegisters && probe.default_space == AddressSpace::kUser;
  llvm::Value* entry = in_program ? nullptr : l.machine.task_registers(e);
  Place frames = l.untracked(bytes);
  l.zero(frames, bytes);
  UnwindRequest request{.clause = l.clause_index(),
                        .room = {frames, bytes, true},
                        .members = members,
                        .limits = l.limits(),
                        .ip = user_register(l, entry, "ip"),
                        .sp = user_register(l, entry, "sp"),
                        .fp = user_register(l, entry, "bp")};
  llvm::Value* written = l.machine.unwind_stack(e, request);
  l.copy(destination, frames, bytes);
  return written;
}

}  // namespace

void lower_into(Lowering& l, const typed::Expr& expr, const typed::StackTrace& node, Place destination) {
  Emitter& e = l.e();
  TemporaryScope scope(l);
  bool user = expr.type.kind == TypeKind::kStackUser;
  bool build_ids = expr.type.stack_mode == StackMode::kBuildId;
  StackRoom room{e.at(destination, 8), expr.type.size - 8, user, build_ids};
  llvm::Value* written = node.unwound ? unwind(l, *node.unwound, room.destination, room.bytes)
                                      : l.machine.stack_trace(e, l.context(), room);
  // u32 count, u32 tgid; both zero if there is no stack (the frames are then zero as well).
  llvm::BasicBlock* some = e.block("stack");
  llvm::BasicBlock* none = e.block("no_stack");
  llvm::BasicBlock* done = e.block("stack_done");
  e.branch(e.ir.CreateICmpSGT(written, e.number(0)), some, none);
  e.enter(none);
  e.store(destination, e.number(0));
  e.ir.CreateBr(done);
  e.enter(some);
  llvm::Value* head = e.ir.CreateUDiv(written, e.number(frame_size(expr.type.stack_mode)));
  if (user) head = e.ir.CreateOr(head, e.ir.CreateShl(l.machine.process_id(e, true), 32));
  e.store(destination, head);
  e.flow_into(done);
}

}  // namespace hawk
