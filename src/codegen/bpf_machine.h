// BpfMachine: the kernel as a Machine. Operations become calls of BPF helpers (numbers as in the
// kernel's uapi/linux/bpf.h), maps become BTF-defined maps in section `.maps`.
#pragma once

#include <llvm/IR/Module.h>

#include <functional>
#include <initializer_list>
#include <optional>
#include <unordered_map>

#include "codegen/bpf_helpers.h"
#include "codegen/debug_info.h"
#include "codegen/machine.h"

namespace hawk {

class BpfMachine final : public Machine {
 public:
  BpfMachine(llvm::Module& module, const typed::CheckedProgram& program, DebugInfo& debug);

  // Defines what is known only when every clause is lowered: the scratch map.
  void finish();

  [[nodiscard]] ClauseLimits limits() const override;

  llvm::Function& create_program(std::size_t index) override;
  void enter_program(Emitter&, llvm::Value*) override {}
  llvm::Function& create_turn_body(const std::string& name) override;
  llvm::Function& create_entry_body(const std::string& name) override;

  Scratch acquire_scratch(Emitter& e, std::size_t clause, bool preemptible, llvm::BasicBlock* unavailable) override;
  llvm::Value* find_scratch(Emitter& e, llvm::Value* ticket, llvm::BasicBlock* unavailable) override;
  void release_scratch(Emitter& e, const Scratch& scratch) override;
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
  llvm::Value* plain_number(Emitter& e, llvm::Value* object) override;
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
  void hold_generation(Emitter& e, typed::MapId map) override;
  void release_generation() override { held_.reset(); }
  llvm::Value* map_find_on_cpu(Emitter& e, typed::MapId map, Place key, llvm::Value* cpu) override;
  llvm::Value* map_set(Emitter& e, typed::MapId map, Place key, Place value) override;
  llvm::Value* map_insert(Emitter& e, typed::MapId map, Place key, Place value) override;
  void count_refused(Emitter& e, typed::MapId map, llvm::BasicBlock* known) override;
  void map_changed(Emitter&, typed::MapId, Place) override {}
  llvm::Value* map_delete(Emitter& e, typed::MapId map, Place key) override;
  llvm::Value* for_each_entry(Emitter& e, typed::MapId map, llvm::Function& body, llvm::Value* frame) override;
  llvm::Value* map_length(Emitter& e, typed::MapId map) override;

  void between_turns(Emitter&, llvm::BasicBlock*, bool) override {}
  void for_each_turn(Emitter& e, llvm::Value* turns, llvm::Function& body, llvm::Value* frame) override;

  llvm::Value* reserve_event(Emitter& e, std::size_t clause, const EventSchema& event,
                             llvm::BasicBlock* unavailable) override;
  void submit_event(Emitter& e, llvm::Value* record) override;
  void count(Emitter& e, std::size_t clause, std::size_t offset) override;
  void note_exit(Emitter& e) override;

  llvm::Value* call_host(Emitter& e, HostCall call, std::initializer_list<llvm::Value*> arguments) override;

 private:
  void call_for_each_turn(Emitter& e, llvm::Value* turns, llvm::Function& body, llvm::Value* frame);
  using Values = std::initializer_list<llvm::Value*>;
  llvm::Value* call(Emitter& e, Helper helper, Values arguments);  // 8 bytes
  llvm::Value* call_for_pointer(Emitter& e, Helper helper, Values arguments);
  llvm::FunctionCallee declare_kernel_function(Emitter& e, const KernelFunction& function);
  llvm::Function& create_loop_body(const std::string& name, unsigned parameters);
  llvm::Value* address(Emitter& e, llvm::Value* pointer);
  llvm::Value* sequence(Emitter& e, llvm::Value* context);                       // the struct seq_file of an iterator
  llvm::Value* find(Emitter& e, llvm::GlobalVariable* map, llvm::Value* index);  // of an array map
  llvm::Value* namespaced_ids(Emitter& e);  // tgid in the high half, pid in the low one
  llvm::Value* claim_scratch(Emitter& e, std::uint32_t entry, llvm::BasicBlock* unavailable, llvm::BasicBlock* taken);
  llvm::GlobalVariable* declare_map(const std::string& name, std::size_t members);
  void define_script_maps();
  void define_live_map(std::size_t index);
  void define_map(llvm::GlobalVariable& map, typed::MapId id, std::uint32_t key_size);
  // The part of the map that the key belongs to.
  llvm::Value* map_of_key(Emitter& e, typed::MapId map, Place key);
  // What `operate` gives for the map that the program is to use; `absent` where there is none.
  // `key`: absent where the map is looked at as a whole.
  llvm::Value* with_map(Emitter& e, typed::MapId map, std::optional<Place> key, llvm::Value* absent,
                        const std::function<llvm::Value*(llvm::Value*)>& operate);
  [[nodiscard]] bool is_task_storage(typed::MapId map) const { return program_.maps[map].storage == MapStorage::kTask; }
  llvm::Value* task_value(Emitter& e, typed::MapId map,
                          std::uint64_t flags);  // the current task's; null if it has none
  llvm::GlobalVariable* define_constant(const std::string& name, llvm::Constant* value, const char* section);
  llvm::GlobalVariable* event_ring();
  llvm::GlobalVariable* accounts();
  llvm::GlobalVariable* refused_counters();
  llvm::GlobalVariable* define_counters(const char* name, std::size_t entries, std::size_t bytes);
  void skip_after_exit(Emitter& e, std::size_t clause, llvm::BasicBlock* unavailable);
  void limit_data(Emitter& e, llvm::BasicBlock* full);
  llvm::GlobalVariable* packet_array();
  // bpf_unwinder.cpp
  struct Walk;
  void define_unwind_maps();
  llvm::Function& create_mapping_body(const UnwindRequest& request, const std::string& name);
  llvm::Function& create_frame_body(const UnwindRequest& request, const std::string& name, llvm::Function& mapping);
  llvm::Value* find_unwind_row(Walk& walk, llvm::Value* position);
  void leave_frame(Walk& walk, llvm::Value* row);

  llvm::Module& module_;
  const typed::CheckedProgram& program_;
  DebugInfo& debug_;
  std::vector<llvm::GlobalVariable*> maps_;
  struct Held {
    typed::MapId map = 0;
    llvm::Value* live = nullptr;
  };
  std::optional<Held> held_;
  std::vector<llvm::GlobalVariable*> live_maps_;   // null but for maps with generations
  std::vector<llvm::GlobalVariable*> short_maps_;  // null but for maps with short keys
  llvm::GlobalVariable* ring_ = nullptr;
  llvm::GlobalVariable* accounts_ = nullptr;
  llvm::GlobalVariable* refused_ = nullptr;
  llvm::GlobalVariable* exiting_ = nullptr;  // null if no clause in the kernel calls exit()
  bool has_control_events_ = false;          // in clauses that run in the kernel
  llvm::GlobalVariable* packets_ = nullptr;
  llvm::GlobalVariable* unwind_files_ = nullptr;
  llvm::GlobalVariable* unwind_rows_ = nullptr;
  unsigned unwinders_ = 0;
  llvm::GlobalVariable* scratch_ = nullptr;
  llvm::GlobalVariable* constants_ = nullptr;
  llvm::GlobalVariable* zeros_ = nullptr;  // stand-in, replaced by finish()
  llvm::Function* length_body_ = nullptr;
  std::uint32_t zero_bytes_ = 0;
  std::uint32_t scratch_entries_ = 0;
  std::uint32_t scratch_bytes_ = 0;  // largest need of a clause
  std::unordered_map<std::string, llvm::GlobalVariable*> data_;
};

}  // namespace hawk
