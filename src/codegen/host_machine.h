// HostMachine: hawk's own process as a Machine. Operations become calls through the table of the HostContext
// (image/host_interface.h), memory and loops are plain memory and plain loops.
#pragma once

#include <llvm/IR/Module.h>

#include <unordered_map>

#include "codegen/machine.h"

namespace hawk {

class HostMachine final : public Machine {
 public:
  HostMachine(llvm::Module& module, const typed::CheckedProgram& program);

  // Defines what is known only when every clause is lowered: scratch memory and zeros.
  void finish();

  [[nodiscard]] ClauseLimits limits() const override;

  llvm::Function& create_program(std::size_t index) override;
  void enter_program(Emitter& e, llvm::Value* context) override;
  llvm::Function& create_turn_body(const std::string& name) override;
  llvm::Function& create_entry_body(const std::string& name) override;

  Scratch acquire_scratch(Emitter& e, std::size_t clause, bool preemptible, llvm::BasicBlock* unavailable) override;
  llvm::Value* find_scratch(Emitter& e, llvm::Value* ticket, llvm::BasicBlock* unavailable) override;
  void release_scratch(Emitter&, const Scratch&) override {}
  bool reserve_scratch(std::uint32_t bytes) override;

  llvm::Value* runtime_constant(Emitter& e, std::size_t offset) override;
  llvm::Value* clock(Emitter& e, Clock clock) override;
  llvm::Value* jiffies(Emitter& e) override;
  llvm::Value* random(Emitter& e) override;
  llvm::Value* process_id(Emitter& e, bool initial) override;
  llvm::Value* thread_id(Emitter& e, bool initial) override;
  llvm::Value* user_id(Emitter& e) override;
  llvm::Value* group_id(Emitter& e) override;
  llvm::Value* task(Emitter& e) override;
  llvm::Value* cgroup(Emitter& e) override;
  llvm::Value* cpu(Emitter& e) override;
  llvm::Value* numa_node(Emitter& e) override;
  void command_name(Emitter& e, Place destination) override;
  llvm::Value* command_name_of(Emitter& e, const ProcessQuery& process, const Bytes& destination) override;
  llvm::Value* attach_cookie(Emitter& e, llvm::Value* context) override;
  llvm::Value* function_address(Emitter& e, llvm::Value* context) override;
  llvm::Value* stack_trace(Emitter& e, llvm::Value* context, const StackRoom& room) override;
  llvm::Value* is_32_bit_call(Emitter& e) override;
  llvm::Value* task_registers(Emitter& e) override;
  llvm::Value* unwind_stack(Emitter& e, const UnwindRequest& request) override;
  void send_signal(Emitter& e, llvm::Value* number, bool thread_only) override;
  void override_return(Emitter& e, llvm::Value* context, llvm::Value* value) override;
  llvm::Value* write_user(Emitter& e, llvm::Value* address, Place source, llvm::Value* length) override;
  llvm::Value* call_kernel_function(Emitter& e, const KernelFunction& function,
                                    const std::vector<llvm::Value*>& arguments) override;
  llvm::Value* task_object(Emitter& e) override;
  void trace(Emitter& e, const std::string& format, const std::array<llvm::Value*, 3>& values) override;

  llvm::Value* load_context(Emitter& e, llvm::Value* context, std::uint32_t offset, std::uint32_t bytes) override;
  llvm::Value* plain_number(Emitter&, llvm::Value* object) override { return object; }
  void read_memory(Emitter& e, Place destination, llvm::Value* bytes, const Source& source) override;
  llvm::Value* read_string(Emitter& e, Place destination, llvm::Value* bytes, const Source& source) override;
  void copy_large(Emitter& e, Place destination, Place source, std::uint32_t bytes) override;
  void zero_large(Emitter& e, Place destination, std::uint32_t bytes) override;
  Place zeros(Emitter& e, std::uint32_t bytes) override;
  Place data(Emitter& e, const std::string& bytes) override;

  void path_name(Emitter& e, llvm::Value* path, Place destination, std::uint32_t bytes) override;
  llvm::Value* socket_cookie(Emitter& e, llvm::Value* socket) override;
  llvm::Value* output_packet(Emitter& e, llvm::Value* packet, llvm::Value* length, const Bytes& record) override;

  void mark_element(Emitter& e, llvm::Value* context) override;
  void print_element(Emitter& e, llvm::Value* context, const std::string& format,
                     const std::vector<llvm::Value*>& values) override;

  llvm::Value* map_address(Emitter& e, typed::MapId map) override;
  llvm::Value* map_find(Emitter& e, typed::MapId map, Place key) override;
  void hold_generation(Emitter&, typed::MapId) override {}
  void release_generation() override {}
  llvm::Value* map_find_on_cpu(Emitter& e, typed::MapId map, Place key, llvm::Value* cpu) override;
  llvm::Value* map_set(Emitter& e, typed::MapId map, Place key, Place value) override;
  llvm::Value* map_insert(Emitter& e, typed::MapId map, Place key, Place value) override;
  void count_refused(Emitter&, typed::MapId, llvm::BasicBlock*) override {}  // hawk counts the events
  void map_changed(Emitter& e, typed::MapId map, Place key) override;
  llvm::Value* map_delete(Emitter& e, typed::MapId map, Place key) override;
  llvm::Value* for_each_entry(Emitter& e, typed::MapId map, llvm::Function& body, llvm::Value* frame) override;
  llvm::Value* map_length(Emitter& e, typed::MapId map) override;

  void for_each_turn(Emitter& e, llvm::Value* turns, llvm::Function& body, llvm::Value* frame) override;
  void between_turns(Emitter& e, llvm::BasicBlock* leave, bool quiet) override;

  llvm::Value* reserve_event(Emitter& e, std::size_t clause, const EventSchema& event,
                             llvm::BasicBlock* unavailable) override;
  void submit_event(Emitter& e, llvm::Value* record) override;
  void count(Emitter&, std::size_t, std::size_t) override {}
  void note_exit(Emitter&) override {}

  llvm::Value* call_host(Emitter& e, HostCall call, std::initializer_list<llvm::Value*> arguments) override;

 private:
  llvm::Function& create_function(const std::string& name, const std::vector<llvm::Type*>& parameters, bool visible);
  // A variable of the module whose size finish() decides.
  llvm::GlobalVariable* declare_memory(const char* name);
  void define_memory(llvm::GlobalVariable* stand_in, const char* name, std::uint32_t bytes, bool constant);
  llvm::Value* context(Emitter& e);                           // the HostContext
  llvm::Value* context_word(Emitter& e, std::size_t offset);  // 8 bytes of it
  llvm::Value* identity(Emitter& e, HostIdentity what);

  llvm::Module& module_;
  const typed::CheckedProgram& program_;
  llvm::GlobalVariable* context_ = nullptr;  // of the clause under way: loop bodies are functions without it
  llvm::GlobalVariable* zeros_ = nullptr;
  llvm::GlobalVariable* scratch_ = nullptr;
  std::uint32_t zero_bytes_ = 0;
  std::uint32_t scratch_bytes_ = 0;
  std::unordered_map<std::string, llvm::GlobalVariable*> data_;
};

}  // namespace hawk
