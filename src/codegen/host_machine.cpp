// Functions, calls of the runtime, and everything about the current task; memory and loops are in
// host_machine_memory.cpp.
#include "codegen/host_machine.h"

#include "codegen/program_symbol.h"
#include "support/check.h"

namespace hawk {

HostMachine::HostMachine(llvm::Module& module, const typed::CheckedProgram& program)
    : module_(module), program_(program) {
  auto* pointer = llvm::PointerType::get(module.getContext(), 0);
  context_ = new llvm::GlobalVariable(module, pointer, false, llvm::GlobalValue::InternalLinkage,
                                      llvm::ConstantPointerNull::get(pointer), "hawk_context");
  zeros_ = declare_memory("zeros");
  scratch_ = declare_memory("scratch");
}

ClauseLimits HostMachine::limits() const {
  return {.stack_left = 64 << 10, .largest_on_stack = 4 << 10, .most_scratch = 1 << 30, .verified = false};
}

// --- functions ----------------------------------------------------------------------------------

llvm::Function& HostMachine::create_function(const std::string& name, const std::vector<llvm::Type*>& parameters,
                                             bool visible) {
  auto* type = llvm::FunctionType::get(llvm::Type::getInt64Ty(module_.getContext()), parameters, false);
  auto linkage = visible ? llvm::GlobalValue::ExternalLinkage : llvm::GlobalValue::InternalLinkage;
  llvm::Function* function = llvm::Function::Create(type, linkage, name, module_);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  return *function;
}

llvm::Function& HostMachine::create_program(std::size_t index) {
  return create_function(program_symbol(program_, index), {llvm::PointerType::get(module_.getContext(), 0)}, true);
}

void HostMachine::enter_program(Emitter& e, llvm::Value* context) { e.store({context_, 8}, context); }

llvm::Function& HostMachine::create_turn_body(const std::string& name) {
  auto* pointer = llvm::PointerType::get(module_.getContext(), 0);
  return create_function(name, {llvm::Type::getInt64Ty(module_.getContext()), pointer}, false);
}

llvm::Function& HostMachine::create_entry_body(const std::string& name) {
  auto* pointer = llvm::PointerType::get(module_.getContext(), 0);
  return create_function(name, {pointer, pointer, pointer, pointer}, false);
}

// --- calls of the runtime -----------------------------------------------------------------------

llvm::Value* HostMachine::context(Emitter& e) {
  return e.ir.CreateAlignedLoad(e.ir.getPtrTy(), context_, llvm::Align(8));
}

llvm::Value* HostMachine::context_word(Emitter& e, std::size_t offset) {
  return e.load(e.at({context(e), 8}, offset), 8);
}

llvm::Value* HostMachine::call_host(Emitter& e, HostCall call, std::initializer_list<llvm::Value*> arguments) {
  llvm::Value* self = context(e);
  std::vector<llvm::Type*> types{e.ir.getPtrTy()};
  std::vector<llvm::Value*> values{self};
  for (llvm::Value* argument : arguments) {
    types.push_back(argument->getType());
    values.push_back(argument);
  }
  auto result_type = [&]() -> llvm::Type* {
    switch (call.result) {
      case HostResult::kNothing: return e.ir.getVoidTy();
      case HostResult::kNumber: return e.ir.getInt64Ty();
      case HostResult::kPointer: return e.ir.getPtrTy();
      case HostResult::kFloat: return e.ir.getDoubleTy();
    }
    HAWK_UNREACHABLE("result of a host operation");
  };
  auto load_pointer = [&](llvm::Value* base, std::size_t offset) {
    return e.ir.CreateAlignedLoad(e.ir.getPtrTy(), e.at({base, 8}, offset).pointer, llvm::Align(8));
  };
  llvm::Value* operation = load_pointer(load_pointer(self, offsetof(HostContext, operations)), call.offset);
  return e.ir.CreateCall(llvm::FunctionType::get(result_type(), types, false), operation, values);
}

// --- who and when -------------------------------------------------------------------------------

llvm::Value* HostMachine::runtime_constant(Emitter& e, std::size_t offset) {
  return context_word(e, offsetof(HostContext, constants) + offset);
}

llvm::Value* HostMachine::identity(Emitter& e, HostIdentity what) {
  return call_host(e, HOST_CALL(identity), {e.number(static_cast<std::uint64_t>(what))});
}

llvm::Value* HostMachine::clock(Emitter& e, Clock clock) {
  return call_host(e, HOST_CALL(clock), {e.number(static_cast<std::uint64_t>(clock))});
}

llvm::Value* HostMachine::random(Emitter& e) { return call_host(e, HOST_CALL(random), {}); }
llvm::Value* HostMachine::process_id(Emitter& e, bool) { return identity(e, HostIdentity::kProcess); }
llvm::Value* HostMachine::thread_id(Emitter& e, bool) { return identity(e, HostIdentity::kThread); }
llvm::Value* HostMachine::user_id(Emitter& e) { return identity(e, HostIdentity::kUser); }
llvm::Value* HostMachine::group_id(Emitter& e) { return identity(e, HostIdentity::kGroup); }
llvm::Value* HostMachine::cpu(Emitter& e) { return identity(e, HostIdentity::kCpu); }
llvm::Value* HostMachine::numa_node(Emitter& e) { return identity(e, HostIdentity::kNumaNode); }

void HostMachine::command_name(Emitter& e, Place destination) {
  call_host(e, HOST_CALL(command_name), {destination.pointer});
}

llvm::Value* HostMachine::command_name_of(Emitter& e, const ProcessQuery& process, const Bytes& destination) {
  return call_host(e, HOST_CALL(command_name_of),
                   {process.number, destination.place.pointer, e.number(destination.count)});
}

namespace {
constexpr const char* kKernelOnly = "semantics places clauses that need the kernel there";
}  // namespace

llvm::Value* HostMachine::jiffies(Emitter&) { HAWK_UNREACHABLE(kKernelOnly); }
llvm::Value* HostMachine::task(Emitter&) { HAWK_UNREACHABLE(kKernelOnly); }
llvm::Value* HostMachine::cgroup(Emitter&) { HAWK_UNREACHABLE(kKernelOnly); }
llvm::Value* HostMachine::attach_cookie(Emitter&, llvm::Value*) { HAWK_UNREACHABLE(kKernelOnly); }
llvm::Value* HostMachine::function_address(Emitter&, llvm::Value*) { HAWK_UNREACHABLE(kKernelOnly); }
llvm::Value* HostMachine::stack_trace(Emitter&, llvm::Value*, const StackRoom&) { HAWK_UNREACHABLE(kKernelOnly); }
llvm::Value* HostMachine::is_32_bit_call(Emitter&) { HAWK_UNREACHABLE(kKernelOnly); }
llvm::Value* HostMachine::task_registers(Emitter&) { HAWK_UNREACHABLE(kKernelOnly); }
llvm::Value* HostMachine::unwind_stack(Emitter&, const UnwindRequest&) { HAWK_UNREACHABLE(kKernelOnly); }
void HostMachine::send_signal(Emitter&, llvm::Value*, bool) { HAWK_UNREACHABLE(kKernelOnly); }
void HostMachine::override_return(Emitter&, llvm::Value*, llvm::Value*) { HAWK_UNREACHABLE(kKernelOnly); }
llvm::Value* HostMachine::write_user(Emitter&, llvm::Value*, Place, llvm::Value*) { HAWK_UNREACHABLE(kKernelOnly); }
llvm::Value* HostMachine::call_kernel_function(Emitter&, const KernelFunction&, const std::vector<llvm::Value*>&) {
  HAWK_UNREACHABLE(kKernelOnly);
}
llvm::Value* HostMachine::task_object(Emitter&) { HAWK_UNREACHABLE(kKernelOnly); }
void HostMachine::trace(Emitter&, const std::string&, const std::array<llvm::Value*, 3>&) {
  HAWK_UNREACHABLE(kKernelOnly);
}
void HostMachine::path_name(Emitter&, llvm::Value*, Place, std::uint32_t) { HAWK_UNREACHABLE(kKernelOnly); }
llvm::Value* HostMachine::socket_cookie(Emitter&, llvm::Value*) { HAWK_UNREACHABLE(kKernelOnly); }
llvm::Value* HostMachine::output_packet(Emitter&, llvm::Value*, llvm::Value*, const Bytes&) {
  HAWK_UNREACHABLE(kKernelOnly);
}
void HostMachine::mark_element(Emitter&, llvm::Value*) { HAWK_UNREACHABLE(kKernelOnly); }
void HostMachine::print_element(Emitter&, llvm::Value*, const std::string&, const std::vector<llvm::Value*>&) {
  HAWK_UNREACHABLE(kKernelOnly);
}
llvm::Value* HostMachine::map_address(Emitter&, typed::MapId) { HAWK_UNREACHABLE(kKernelOnly); }

// --- maps ---------------------------------------------------------------------------------------

llvm::Value* HostMachine::map_find(Emitter& e, typed::MapId map, Place key) {
  return call_host(e, HOST_CALL(map_find), {e.number(map), key.pointer});
}

llvm::Value* HostMachine::map_find_on_cpu(Emitter& e, typed::MapId map, Place key, llvm::Value* cpu) {
  return call_host(e, HOST_CALL(map_find_on_cpu), {e.number(map), key.pointer, cpu});
}

llvm::Value* HostMachine::map_set(Emitter& e, typed::MapId map, Place key, Place value) {
  return call_host(e, HOST_CALL(map_set), {e.number(map), key.pointer, value.pointer});
}

llvm::Value* HostMachine::map_insert(Emitter& e, typed::MapId map, Place key, Place value) {
  return call_host(e, HOST_CALL(map_insert), {e.number(map), key.pointer, value.pointer});
}

void HostMachine::map_changed(Emitter& e, typed::MapId map, Place key) {
  if (program_.maps[map].placement == Placement::kKernel)
    call_host(e, HOST_CALL(map_changed), {e.number(map), key.pointer});
}

llvm::Value* HostMachine::map_delete(Emitter& e, typed::MapId map, Place key) {
  return call_host(e, HOST_CALL(map_delete), {e.number(map), key.pointer});
}

llvm::Value* HostMachine::for_each_entry(Emitter& e, typed::MapId map, llvm::Function& body, llvm::Value* frame) {
  return call_host(e, HOST_CALL(for_each_entry), {e.number(map), &body, frame});
}

llvm::Value* HostMachine::map_length(Emitter& e, typed::MapId map) {
  return call_host(e, HOST_CALL(map_length), {e.number(map)});
}

// --- events -------------------------------------------------------------------------------------

llvm::Value* HostMachine::reserve_event(Emitter& e, std::size_t, const EventSchema& event, llvm::BasicBlock*) {
  return call_host(e, HOST_CALL(reserve_event), {e.number(event.size)});
}

void HostMachine::submit_event(Emitter& e, llvm::Value* record) { call_host(e, HOST_CALL(submit_event), {record}); }

}  // namespace hawk
