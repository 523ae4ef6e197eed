// Machine: what lowered code asks of the world it runs in. Every operation emits IR at the emitter's
// insertion point and returns an SSA value (integers of 8 bytes unless it says otherwise; pointers as
// `ptr`). The lowering of typed nodes uses nothing else, so that a clause can run in the kernel
// (BpfMachine: helper calls) or inside hawk (calls into a host runtime) without a change to it.
#pragma once

#include <llvm/IR/Function.h>

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>

#include "ast/target_info.h"
#include "ast/type.h"
#include "codegen/emitter.h"
#include "codegen/host_call.h"
#include "semantics/typed.h"

namespace hawk {

// An address that may be bad, and where it points.
struct Source {
  llvm::Value* address = nullptr;  // 8 bytes
  AddressSpace space = AddressSpace::kKernel;
};

// Room for return addresses, u64 each, or places in files by their build ids, struct bpf_stack_build_id.
struct StackRoom {
  Place destination;
  std::uint32_t bytes = 0;
  bool user = false;  // else the kernel's stack
  bool build_ids = false;
};

// A user stack to be followed by tables, from these registers on.
struct UnwindRequest {
  std::size_t clause = 0;
  StackRoom room;  // working memory, not the stack
  typed::MappingMembers members;
  ClauseLimits& limits;
  llvm::Value* ip = nullptr;
  llvm::Value* sp = nullptr;
  llvm::Value* fp = nullptr;
};

// A run of bytes that is handed over.
struct Bytes {
  Place place;
  std::uint32_t count = 0;
};

// A function of the kernel's own (a kfunc).
struct KernelFunction {
  std::string name;
  FunctionSignature signature;
};

struct ProcessQuery {
  llvm::Value* number = nullptr;  // 8 bytes
  std::uint32_t name_offset = 0;  // of comm in struct task_struct
};

// Working memory of a clause that is too large for the stack.
struct Scratch {
  llvm::Value* base = nullptr;    // 8-byte aligned
  llvm::Value* ticket = nullptr;  // 8 bytes: finds the same memory again inside a loop body
};

class Machine {
 public:
  Machine() = default;
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;
  virtual ~Machine() = default;

  [[nodiscard]] virtual ClauseLimits limits() const = 0;

  // --- functions ---
  // `i64 (ptr context)` of clause `index`; debug information is attached by the caller.
  virtual llvm::Function& create_program(std::size_t index) = 0;
  // The first code of a program.
  virtual void enter_program(Emitter& e, llvm::Value* context) = 0;
  // Body of a loop over numbers: `i64 (i64 turn, ptr frame)`; of a loop over a map:
  // `i64 (ptr map, ptr key, ptr value, ptr frame)`. Returns 0 to go on, 1 to stop.
  virtual llvm::Function& create_turn_body(const std::string& name) = 0;
  virtual llvm::Function& create_entry_body(const std::string& name) = 0;

  // --- working memory ---
  // Jumps to `unavailable` (the loss is counted) when it cannot be had; `preemptible`: several runs of
  // the clause may be under way on one CPU.
  virtual Scratch acquire_scratch(Emitter& e, std::size_t clause, bool preemptible, llvm::BasicBlock* unavailable) = 0;
  virtual llvm::Value* find_scratch(Emitter& e, llvm::Value* ticket, llvm::BasicBlock* unavailable) = 0;
  virtual void release_scratch(Emitter& e, const Scratch& scratch) = 0;
  // Bytes the clause turned out to need; false if they are more than limits().most_scratch.
  [[nodiscard]] virtual bool reserve_scratch(std::uint32_t bytes) = 0;

  // --- who and when ---
  virtual llvm::Value* runtime_constant(Emitter& e, std::size_t offset) = 0;  // offsetof(RuntimeConstants, x)
  virtual llvm::Value* clock(Emitter& e, Clock clock) = 0;                    // ns
  virtual llvm::Value* jiffies(Emitter& e) = 0;
  virtual llvm::Value* random(Emitter& e) = 0;  // 32 bits of it
  // `initial`: as the initial PID namespace counts, else as hawk's own does.
  virtual llvm::Value* process_id(Emitter& e, bool initial) = 0;
  virtual llvm::Value* thread_id(Emitter& e, bool initial) = 0;
  virtual llvm::Value* user_id(Emitter& e) = 0;
  virtual llvm::Value* group_id(Emitter& e) = 0;
  virtual llvm::Value* task(Emitter& e) = 0;  // address of the current task_struct
  virtual llvm::Value* cgroup(Emitter& e) = 0;
  virtual llvm::Value* cpu(Emitter& e) = 0;
  virtual llvm::Value* numa_node(Emitter& e) = 0;
  virtual void command_name(Emitter& e, Place destination) = 0;  // 16 bytes
  // Of the process with that number, in `bytes` zeroed before; 0 if there is none.
  virtual llvm::Value* command_name_of(Emitter& e, const ProcessQuery& process, const Bytes& destination) = 0;
  // The number that the probe was given when it was attached: its index among those of the program.
  virtual llvm::Value* attach_cookie(Emitter& e, llvm::Value* context) = 0;
  virtual llvm::Value* function_address(Emitter& e, llvm::Value* context) = 0;
  // Fills the room, zero behind the last frame; returns the bytes written, negative on failure.
  virtual llvm::Value* stack_trace(Emitter& e, llvm::Value* context, const StackRoom& room) = 0;
  // Address of the registers with which the current task entered the kernel (struct pt_regs).
  virtual llvm::Value* is_32_bit_call(Emitter& e) = 0;  // i1: whether the task is in a system call of 32 bits
  virtual llvm::Value* task_registers(Emitter& e) = 0;
  // Fills the room from its beginning on; returns the bytes written.
  virtual llvm::Value* unwind_stack(Emitter& e, const UnwindRequest& request) = 0;
  virtual void send_signal(Emitter& e, llvm::Value* number, bool thread_only) = 0;
  // Makes the function that the kprobe is on return at once. May be called in kprobes only.
  virtual void override_return(Emitter& e, llvm::Value* context, llvm::Value* value) = 0;
  // 0 or -errno; `length` is 1 or more, for the verifier too.
  virtual llvm::Value* write_user(Emitter& e, llvm::Value* address, Place source, llvm::Value* length) = 0;
  // Arguments and result are of the widths of the signature; pointers are `ptr`, a result of none is null.
  virtual llvm::Value* call_kernel_function(Emitter& e, const KernelFunction& function,
                                            const std::vector<llvm::Value*>& arguments) = 0;
  virtual llvm::Value* task_object(Emitter& e) = 0;  // the current task as the verifier knows it, `ptr`
  // Writes to the kernel's trace, by a format and three values (8 bytes; a string is its address) of the kernel's
  // printf.
  virtual void trace(Emitter& e, const std::string& format, const std::array<llvm::Value*, 3>& values) = 0;

  // --- memory ---
  // A scalar of `bytes` in the program's context.
  virtual llvm::Value* load_context(Emitter& e, llvm::Value* context, std::uint32_t offset, std::uint32_t bytes) = 0;
  // The same number, where the kernel knows it as the address of an object and would refuse arithmetic with it.
  virtual llvm::Value* plain_number(Emitter& e, llvm::Value* object) = 0;
  // Copies `bytes`; zeros if the address is bad.
  virtual void read_memory(Emitter& e, Place destination, llvm::Value* bytes, const Source& source) = 0;
  // At most `bytes`, NUL included and always written; what lies behind the NUL is left alone. Returns
  // the number of bytes written, NUL included; on failure a negative number, with `bytes` zeros.
  virtual llvm::Value* read_string(Emitter& e, Place destination, llvm::Value* bytes, const Source& source) = 0;
  // Large copies and clears of own memory; small ones are plain loads and stores.
  virtual void copy_large(Emitter& e, Place destination, Place source, std::uint32_t bytes) = 0;
  virtual void zero_large(Emitter& e, Place destination, std::uint32_t bytes) = 0;
  virtual Place zeros(Emitter& e, std::uint32_t bytes) = 0;      // constant memory
  virtual Place data(Emitter& e, const std::string& bytes) = 0;  // constant memory

  // --- objects of the kernel, by addresses that are known to it ---
  // The name of a struct path; on failure the memory is as it was, or holds the end of a name that is too long.
  virtual void path_name(Emitter& e, llvm::Value* path, Place destination, std::uint32_t bytes) = 0;
  virtual llvm::Value* socket_cookie(Emitter& e, llvm::Value* socket) = 0;  // 0 for null
  // Hands over a record and behind it the first `length` bytes of a struct sk_buff. Returns 0 or -errno.
  virtual llvm::Value* output_packet(Emitter& e, llvm::Value* packet, llvm::Value* length, const Bytes& record) = 0;

  // --- iterators, by their context ---
  // Writes one byte for the element, so that a reader who asks for so many bytes gets so many elements.
  virtual void mark_element(Emitter& e, llvm::Value* context) = 0;
  // Writes text for the reader, by a format and values (8 bytes; a string is its address) of the kernel's printf.
  virtual void print_element(Emitter& e, llvm::Value* context, const std::string& format,
                             const std::vector<llvm::Value*>& values) = 0;

  // --- maps; key and value are map_key_size and map_value_size bytes ---
  virtual llvm::Value* map_address(Emitter& e, typed::MapId map) = 0;
  virtual llvm::Value* map_find(Emitter& e, typed::MapId map, Place key) = 0;  // null if absent
  // Between the two, operations on the map that follow here mean the same one of its generations.
  virtual void hold_generation(Emitter& e, typed::MapId map) = 0;
  virtual void release_generation() = 0;
  virtual llvm::Value* map_find_on_cpu(Emitter& e, typed::MapId map, Place key, llvm::Value* cpu) = 0;
  // These two return 0 or -errno, and so does map_delete. Inserting leaves a present value alone.
  virtual llvm::Value* map_set(Emitter& e, typed::MapId map, Place key, Place value) = 0;
  virtual llvm::Value* map_insert(Emitter& e, typed::MapId map, Place key, Place value) = 0;
  // An update has found no room: counts it, and jumps to `known` where somebody has been told of this map already.
  virtual void count_refused(Emitter& e, typed::MapId map, llvm::BasicBlock* known) = 0;
  // What map_find or map_find_on_cpu found has been written to.
  virtual void map_changed(Emitter& e, typed::MapId map, Place key) = 0;
  virtual llvm::Value* map_delete(Emitter& e, typed::MapId map, Place key) = 0;
  // Number of entries visited.
  virtual llvm::Value* for_each_entry(Emitter& e, typed::MapId map, llvm::Function& body, llvm::Value* frame) = 0;
  virtual llvm::Value* map_length(Emitter& e, typed::MapId map) = 0;

  // --- loops ---
  // `turns` is at most kMostTurns (an unsigned number); the body gets 0, 1, ...
  static constexpr std::uint64_t kMostTurns = 1 << 23;  // BPF_MAX_LOOPS: the kernel refuses more
  virtual void for_each_turn(Emitter& e, llvm::Value* turns, llvm::Function& body, llvm::Value* frame) = 0;

  // Before each turn of a loop that may be long. `leave` ends the function; `quiet`: no value that is only in a
  // register is needed afterwards.
  virtual void between_turns(Emitter& e, llvm::BasicBlock* leave, bool quiet) = 0;

  // --- events ---
  // Memory for a record, undefined content; jumps to `unavailable` (the loss is counted for the clause)
  // when there is none. Every path from here on submits it.
  virtual llvm::Value* reserve_event(Emitter& e, std::size_t clause, const EventSchema& event,
                                     llvm::BasicBlock* unavailable) = 0;
  virtual void submit_event(Emitter& e, llvm::Value* record) = 0;
  // Adds one to a member of the clause's ProgramAccount, which is at `offset`.
  virtual void count(Emitter& e, std::size_t clause, std::size_t offset) = 0;
  // An exit() has been submitted: no clause but those that come after it reports any more.
  virtual void note_exit(Emitter& e) = 0;

  // --- what only the host can do: texts, lines of files, sorting ---
  // HOST_CALL(name) of an operation in image/host_operations.def, which says what the arguments are.
  virtual llvm::Value* call_host(Emitter& e, HostCall call, std::initializer_list<llvm::Value*> arguments) = 0;
};

}  // namespace hawk
