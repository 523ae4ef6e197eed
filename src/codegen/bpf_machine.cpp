// Functions, helper calls and everything about the current task; maps, memory and events are in
// bpf_machine_*.cpp.
#include "codegen/bpf_machine.h"

#include <linux/bpf.h>

#include <algorithm>

#include "codegen/program_symbol.h"
#include "image/program_image.h"
#include "semantics/typed_search.h"
#include "support/check.h"

namespace hawk {

namespace {

// Programs and loop bodies all return a 64-bit integer.
llvm::Function& create_function(llvm::Module& module, const std::string& name,
                                const std::vector<llvm::Type*>& parameters, llvm::GlobalValue::LinkageTypes linkage) {
  auto* type = llvm::FunctionType::get(llvm::Type::getInt64Ty(module.getContext()), parameters, false);
  llvm::Function* function = llvm::Function::Create(type, linkage, name, module);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  function->addFnAttr(llvm::Attribute::NoInline);
  return *function;
}

// Whether clauses in the kernel report such an event.
bool reports(const typed::CheckedProgram& program, const std::function<bool(const EventSchema&)>& is_wanted) {
  auto on_stmt = [&](const typed::Stmt& stmt) {
    const auto* emit = std::get_if<typed::Emit>(&stmt.node);
    return emit != nullptr && is_wanted(program.events[emit->event]);
  };
  typed::Search search{.on_stmt = on_stmt};
  return std::any_of(program.clauses.begin(), program.clauses.end(), [&](const typed::Clause& clause) {
    return clause.placement == Placement::kKernel && search.find(clause.body);
  });
}

}  // namespace

BpfMachine::BpfMachine(llvm::Module& module, const typed::CheckedProgram& program, DebugInfo& debug)
    : module_(module), program_(program), debug_(debug), has_control_events_(reports(program, is_control_event)) {
  llvm::LLVMContext& context = module.getContext();
  auto* licence = llvm::ConstantDataArray::getString(context, program.config.license);
  auto* variable = new llvm::GlobalVariable(module, licence->getType(), true, llvm::GlobalValue::ExternalLinkage,
                                            licence, "LICENSE");
  variable->setSection("license");
  auto* words = llvm::ArrayType::get(llvm::Type::getInt64Ty(context), sizeof(RuntimeConstants) / 8);
  constants_ = new llvm::GlobalVariable(module, words, true, llvm::GlobalValue::ExternalLinkage,
                                        llvm::ConstantAggregateZero::get(words), "hawk_constants");
  constants_->setSection(kConstantsSection);
  constants_->setAlignment(llvm::Align(8));
  zeros_ = new llvm::GlobalVariable(module, llvm::Type::getInt8Ty(context), true, llvm::GlobalValue::ExternalLinkage,
                                    nullptr, "zeros");
  define_script_maps();
  if (!reports(program, [](const EventSchema& event) { return event.kind == EventKind::kExit; })) return;
  exiting_ = declare_map("hawk_exiting", 4);
  debug_.describe_map(*exiting_,
                      {{"type", BPF_MAP_TYPE_ARRAY}, {"max_entries", 1}, {"key_size", 4}, {"value_size", 8}});
}

llvm::Function& BpfMachine::create_program(std::size_t index) {
  std::string name = program_symbol(program_, index);
  llvm::Function& function = create_function(module_, name, {llvm::PointerType::get(module_.getContext(), 0)},
                                             llvm::GlobalValue::ExternalLinkage);
  function.setSection("hawk/" + name);
  return function;
}

llvm::Function& BpfMachine::create_loop_body(const std::string& name, unsigned parameters) {
  auto* pointer = llvm::PointerType::get(module_.getContext(), 0);
  std::vector<llvm::Type*> types(parameters, pointer);
  if (parameters == 2) types[0] = llvm::Type::getInt64Ty(module_.getContext());
  return create_function(module_, name, types, llvm::GlobalValue::InternalLinkage);
}

llvm::Function& BpfMachine::create_turn_body(const std::string& name) { return create_loop_body(name, 2); }
llvm::Function& BpfMachine::create_entry_body(const std::string& name) { return create_loop_body(name, 4); }

namespace {

// A helper call is a call of the address that is the helper's number.
llvm::Value* call_helper(Emitter& e, Helper helper, llvm::Type* result, std::initializer_list<llvm::Value*> arguments) {
  std::vector<llvm::Type*> types;
  for (llvm::Value* argument : arguments) types.push_back(argument->getType());
  auto* number = e.ir.getInt64(static_cast<std::uint64_t>(helper));
  auto* target = llvm::ConstantExpr::getIntToPtr(number, e.ir.getPtrTy());
  return e.ir.CreateCall(llvm::FunctionType::get(result, types, false), target, arguments);
}

}  // namespace

llvm::Value* BpfMachine::call(Emitter& e, Helper helper, Values arguments) {
  return call_helper(e, helper, e.ir.getInt64Ty(), arguments);
}

llvm::Value* BpfMachine::call_for_pointer(Emitter& e, Helper helper, Values arguments) {
  return call_helper(e, helper, e.ir.getPtrTy(), arguments);
}

llvm::FunctionCallee BpfMachine::declare_kernel_function(Emitter& e, const KernelFunction& function) {
  auto register_type = [&](const Type& type) -> llvm::Type* {
    if (type.kind == TypeKind::kNone) return e.ir.getVoidTy();
    return type.kind == TypeKind::kPointer ? static_cast<llvm::Type*>(e.ir.getPtrTy()) : e.integer(type.size);
  };
  std::vector<llvm::Type*> parameters;
  for (const FunctionParameter& each : function.signature.parameters) parameters.push_back(register_type(each.type));
  auto* type = llvm::FunctionType::get(register_type(function.signature.result), parameters, false);
  llvm::Function* declared = module_.getFunction(function.name);
  if (declared == nullptr) {
    declared = llvm::Function::Create(type, llvm::GlobalValue::ExternalLinkage, function.name, module_);
    declared->setSection(".ksyms");  // where libbpf looks for them
    debug_.describe_kernel_function(*declared, function.signature);
  }
  return {type, declared};
}

llvm::Value* BpfMachine::call_kernel_function(Emitter& e, const KernelFunction& function,
                                              const std::vector<llvm::Value*>& arguments) {
  return e.ir.CreateCall(declare_kernel_function(e, function), arguments);
}

llvm::Value* BpfMachine::task_object(Emitter& e) { return call_for_pointer(e, Helper::kTaskPointer, {}); }

llvm::Value* BpfMachine::runtime_constant(Emitter& e, std::size_t offset) {
  // Volatile: the zeros of the object are filled in before loading; the verifier folds the real values.
  Place place = e.at({constants_, 8}, offset);
  return e.ir.CreateAlignedLoad(e.ir.getInt64Ty(), place.pointer, llvm::Align(8), /*isVolatile=*/true);
}

llvm::Value* BpfMachine::clock(Emitter& e, Clock clock) {
  switch (clock) {
    case Clock::kMonotonic: return call(e, Helper::kKtimeMonotonic, {});
    case Clock::kBoot: return call(e, Helper::kKtimeBoot, {});
    case Clock::kTai: return call(e, Helper::kKtimeTai, {});
    case Clock::kSoftwareTai: {
      llvm::Value* boot = call(e, Helper::kKtimeBoot, {});
      return e.ir.CreateAdd(boot, runtime_constant(e, offsetof(RuntimeConstants, tai_offset_ns)));
    }
  }
  HAWK_UNREACHABLE("clock");
}

llvm::Value* BpfMachine::jiffies(Emitter& e) { return call(e, Helper::kJiffies, {}); }
llvm::Value* BpfMachine::random(Emitter& e) { return call(e, Helper::kRandom, {}); }

llvm::Value* BpfMachine::namespaced_ids(Emitter& e) {
  SlotScope scope(e);
  Place ids = e.slot(8);  // struct bpf_pidns_info: u32 pid, u32 tgid: as the plain helper returns them
  e.store(ids, e.number(0));
  call(e, Helper::kNamespacePidTgid,
       {runtime_constant(e, offsetof(RuntimeConstants, pid_ns_device)),
        runtime_constant(e, offsetof(RuntimeConstants, pid_ns_inode)), ids.pointer, e.number(8)});
  return e.load(ids, 8);
}

llvm::Value* BpfMachine::process_id(Emitter& e, bool initial) {
  bool plain = initial || program_.pid_namespace.initial;
  return e.ir.CreateLShr(plain ? call(e, Helper::kPidTgid, {}) : namespaced_ids(e), 32);
}

llvm::Value* BpfMachine::thread_id(Emitter& e, bool initial) {
  bool plain = initial || program_.pid_namespace.initial;
  return e.ir.CreateAnd(plain ? call(e, Helper::kPidTgid, {}) : namespaced_ids(e), 0xffffffffU);
}

llvm::Value* BpfMachine::user_id(Emitter& e) { return e.ir.CreateAnd(call(e, Helper::kUidGid, {}), 0xffffffffU); }
llvm::Value* BpfMachine::group_id(Emitter& e) { return e.ir.CreateLShr(call(e, Helper::kUidGid, {}), 32); }
llvm::Value* BpfMachine::is_32_bit_call(Emitter& e) {
  std::uint32_t offset = program_.kernel.thread_status;
  llvm::Value* status = nullptr;
  if (program_.kernel.task_objects) {
    llvm::Value* place = e.at({task_object(e), 8}, offset).pointer;
    status = e.ir.CreateAlignedLoad(e.integer(4), place, llvm::Align(4), /*isVolatile=*/true);
  } else {
    SlotScope scope(e);
    Place word = e.slot(4);
    read_memory(e, word, e.number(4), {e.ir.CreateAdd(task(e), e.number(offset)), AddressSpace::kKernel});
    status = e.load(word, 4);
  }
  return e.ir.CreateICmpNE(e.ir.CreateAnd(status, e.number(kThreadIsCompat, 4)), e.number(0, 4));
}

llvm::Value* BpfMachine::task(Emitter& e) { return call(e, Helper::kTask, {}); }
llvm::Value* BpfMachine::cgroup(Emitter& e) { return call(e, Helper::kCgroup, {}); }
llvm::Value* BpfMachine::cpu(Emitter& e) { return call(e, Helper::kCpu, {}); }
llvm::Value* BpfMachine::numa_node(Emitter& e) { return call(e, Helper::kNumaNode, {}); }

void BpfMachine::command_name(Emitter& e, Place destination) {
  // Linux 6.1's helper leaves what stands behind the name as it was; a key must not depend on that.
  e.ir.CreateMemSet(destination.pointer, e.ir.getInt8(0), 16, llvm::MaybeAlign(destination.align));
  call(e, Helper::kComm, {destination.pointer, e.number(16)});
}

llvm::Value* BpfMachine::command_name_of(Emitter& e, const ProcessQuery& process, const Bytes& destination) {
  Type object;
  object.kind = TypeKind::kStruct;
  object.name = "struct task_struct";
  const Type pointer = pointer_type(object, AddressSpace::kKernel);
  const Type number_type = int_type(4, true);
  const KernelFunction find{"bpf_task_from_pid", {.parameters = {{"pid", number_type}}, .result = pointer}};  // 6.2
  const KernelFunction release{"bpf_task_release", {.parameters = {{"p", pointer}}, .result = none_type()}};
  // 0 is no process: what does not fit into the function's int must not become another one.
  llvm::Value* fits = e.ir.CreateICmpULE(process.number, e.number(INT32_MAX));
  llvm::Value* number = e.ir.CreateSelect(fits, process.number, e.number(0));
  llvm::Value* task = call_kernel_function(e, find, {e.ir.CreateTrunc(number, e.integer(4))});
  llvm::Value* found = e.ir.CreateIsNotNull(task);
  llvm::BasicBlock* some = e.block("process");
  llvm::BasicBlock* done = e.block("process_done");
  e.branch(found, some, done);
  e.enter(some);
  constexpr std::uint32_t kNameBytes = 16;  // TASK_COMM_LEN
  llvm::Value* plain = plain_number(e, e.ir.CreatePtrToInt(task, e.integer(8)));
  llvm::Value* address = e.ir.CreateAdd(plain, e.number(process.name_offset));
  static_cast<void>(read_string(e, destination.place, e.number(std::min(destination.count, kNameBytes)),
                                {address, AddressSpace::kKernel}));
  call_kernel_function(e, release, {task});
  e.flow_into(done);
  return e.ir.CreateZExt(found, e.integer(8));
}

llvm::Value* BpfMachine::socket_cookie(Emitter& e, llvm::Value* socket) {
  return call(e, Helper::kSocketCookie, {socket});
}

llvm::Value* BpfMachine::attach_cookie(Emitter& e, llvm::Value* context) {
  return call(e, Helper::kAttachCookie, {context});
}

llvm::Value* BpfMachine::function_address(Emitter& e, llvm::Value* context) {
  return call(e, Helper::kFunctionIp, {context});
}

llvm::Value* BpfMachine::stack_trace(Emitter& e, llvm::Value* context, const StackRoom& room) {
  constexpr std::uint64_t kUserStack = 1 << 8;     // BPF_F_USER_STACK
  constexpr std::uint64_t kUserBuildId = 1 << 11;  // BPF_F_USER_BUILD_ID
  constexpr std::uint32_t kMayBeStack = 64;        // larger rooms are map memory
  // Stack memory must be written before: Linux 6.1 takes the room of this helper for something to read.
  if (room.bytes <= kMayBeStack)
    e.ir.CreateMemSet(room.destination.pointer, e.ir.getInt8(0), room.bytes, llvm::Align(room.destination.align));
  std::uint64_t flags = (room.user ? kUserStack : 0) | (room.build_ids ? kUserBuildId : 0);
  return call(e, Helper::kGetStack, {context, room.destination.pointer, e.number(room.bytes), e.number(flags)});
}

void BpfMachine::send_signal(Emitter& e, llvm::Value* number, bool thread_only) {
  call(e, thread_only ? Helper::kSendSignalThread : Helper::kSendSignal, {number});
}

void BpfMachine::override_return(Emitter& e, llvm::Value* context, llvm::Value* value) {
  call(e, Helper::kOverrideReturn, {context, value});
}

llvm::Value* BpfMachine::write_user(Emitter& e, llvm::Value* address, Place source, llvm::Value* length) {
  return call(e, Helper::kWriteUser, {address, source.pointer, length});
}

void BpfMachine::trace(Emitter& e, const std::string& format, const std::array<llvm::Value*, 3>& values) {
  llvm::Value* text = data(e, format + '\0').pointer;
  call(e, Helper::kTrace, {text, e.number(format.size() + 1, 4), values[0], values[1], values[2]});
}

llvm::Value* BpfMachine::call_host(Emitter&, HostCall, std::initializer_list<llvm::Value*>) {
  HAWK_UNREACHABLE("semantics places clauses that need the host there");
}

}  // namespace hawk
