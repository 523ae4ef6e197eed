// TargetInfo: everything the compiler asks about the traced machine, in one interface. The real one
// (runtime/target.h) reads BTF, tracefs, kallsyms and ELF files, each only when first asked; tests use
// FakeTarget. Nothing else tells the compiler about a machine, so it runs anywhere.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ast/probe.h"
#include "ast/type.h"
#include "ast/user_function.h"
#include "support/result.h"

namespace hawk {

// Offsets are those of the record the program receives as context (common fields included, hidden).
struct TracepointFormat {
  std::vector<Field> fields;
};

struct FunctionParameter {
  std::string name;
  Type type;
};
struct FunctionSignature {
  std::vector<FunctionParameter> parameters;
  Type result;
};

// A function of the kernel or of one of its modules.
struct KernelFunctionName {
  std::string module;  // "vmlinux" for the kernel itself
  std::string function;
  auto operator<=>(const KernelFunctionName&) const = default;
};

struct UserSymbol {
  std::string name;
  std::uint64_t address = 0;      // virtual address in the ELF file
  std::uint64_t file_offset = 0;  // where a uprobe goes
  std::uint64_t size = 0;
};

struct SourceLine {
  std::string file;  // or the end of its path
  std::uint32_t line = 0;
  std::uint32_t column = 0;  // 0: any
};

// A place where a program offers a USDT probe; a probe may have several.
struct UsdtSite {
  std::string provider;  // its namespace
  std::string name;
  std::string arguments = {};     // operands as its note has them: "-4@%edi 8@$5"
  std::uint64_t address = 0;      // virtual address in the ELF file
  std::uint64_t file_offset = 0;  // where a uprobe goes
  std::uint64_t semaphore = 0;    // file offset of the counter of 2 bytes that switches the probe on; 0: there is none
};

struct PidNamespace {
  bool initial = true;       // hawk runs in the initial namespace: no translation needed
  std::uint64_t device = 0;  // else st_dev and st_ino of /proc/self/ns/pid, for bpf_get_ns_current_pid_tgid
  std::uint64_t inode = 0;
};

// A BPF program that is loaded now.
struct BpfProgramName {
  std::uint32_t id = 0;
  std::string name;  // of its function
};

// What programs of the kernel can do here, beyond what Linux 5.10 lets them do.
// TS_COMPAT: in a 32-bit system call, which has a number of its own (Linux, arch/x86/include/asm/thread_info.h).
inline constexpr std::uint32_t kThreadIsCompat = 2;

struct KernelAbilities {
  bool long_keys = true;             // keys of maps above 512 bytes: Linux 5.11
  bool fetching_atomics = true;      // atomic changes that give the value before, exchanges: Linux 5.12
  bool map_loops = true;             // bpf_for_each_map_elem: Linux 5.13
  bool loops = true;                 // bpf_loop: Linux 5.17
  bool raw_syscalls = false;         // TargetInfo::prefers_raw_syscalls
  bool task_objects = false;         // bpf_get_current_task_btf: Linux 5.11 with BTF
  std::uint32_t thread_status = 16;  // TargetInfo::thread_status_offset
};

class TargetInfo {
 public:
  TargetInfo() = default;
  TargetInfo(const TargetInfo&) = delete;
  TargetInfo& operator=(const TargetInfo&) = delete;
  virtual ~TargetInfo() = default;

  // --- kernel types (BTF) ---
  // By C name: "struct task_struct", "union x", "enum pid_type", "pid_t", "size_t". Structs come with
  // their definition; a pointer's pointee only with its name (ask again when a field is needed).
  virtual std::optional<Type> find_type(std::string_view name) = 0;
  virtual std::optional<std::pair<Type, std::uint64_t>> find_enumerator(std::string_view name) = 0;
  virtual std::optional<FunctionSignature> find_kernel_function(std::string_view name) = 0;
  virtual bool has_btf() = 0;
  virtual bool offers_btf() { return has_btf(); }  // without reading it

  // --- probes ---
  // "CATEGORY:EVENT" of every event that matches both globs, sorted.
  virtual Result<std::vector<std::string>> match_tracepoints(std::string_view category, std::string_view event) = 0;
  virtual Result<TracepointFormat> tracepoint_format(std::string_view category, std::string_view event) = 0;
  // Of an event of the category syscalls; nullopt where that is not known.
  virtual std::optional<std::uint32_t> system_call(std::string_view /*event*/) { return std::nullopt; }
  // Whether clauses on such events had better be programs on the raw tracepoints sys_enter and sys_exit.
  virtual bool prefers_raw_syscalls() { return false; }
  // Of the status of a thread, 4 bytes with kThreadIsCompat, in struct task_struct.
  virtual std::uint32_t thread_status_offset() { return 16; }
  virtual Result<std::vector<std::string>> match_raw_tracepoints(std::string_view event) = 0;
  virtual std::optional<FunctionSignature> raw_tracepoint_signature(std::string_view event) = 0;
  // Traceable kernel functions that match, sorted. `module` is "" for any.
  virtual Result<std::vector<std::string>> match_kernel_functions(std::string_view module,
                                                                  std::string_view function) = 0;
  // Those among them that fentry can be put on, because their types are known: sorted. None without BTF.
  virtual std::vector<KernelFunctionName> match_typed_functions(std::string_view module, std::string_view function) = 0;
  virtual std::vector<BpfProgramName> match_bpf_programs(std::string_view name) = 0;
  virtual std::optional<FunctionSignature> typed_function(const KernelFunctionName& function) = 0;
  // Ok if this kernel can attach kprobes (CONFIG_KPROBES), else why not and what to use instead.
  virtual Result<> kprobes_available() = 0;
  virtual std::optional<std::uint64_t> kernel_symbol(std::string_view name) = 0;
  // Whether programs of this type may call the function (a kfunc). Asks the kernel.
  virtual bool may_call_kernel_function(std::string_view name, ProgramType type) = 0;

  // --- user programs ---
  // Absolute paths for "bash", "./a.out", "libc", "/usr/bin/*": $PATH, then the dynamic linker's cache. "*": the files
  // that running processes execute, or those of the one process that is traced.
  virtual Result<std::vector<std::string>> resolve_binary(std::string_view name) = 0;
  virtual Result<std::vector<UserSymbol>> match_user_functions(const std::string& path, std::string_view function) = 0;
  // C++ functions whose name matches as programmers write it, with or without its parameters: "ns::f", "ns::f(int)".
  virtual Result<std::vector<UserSymbol>> match_demangled_functions(const std::string& path,
                                                                    std::string_view function) = 0;
  virtual Result<UserSymbol> user_symbol(const std::string& path, std::string_view name) = 0;
  // Virtual addresses of the file at which statements of a source line begin.
  virtual Result<std::vector<std::uint64_t>> source_line(const std::string& path, const SourceLine& wanted) = 0;
  // The symbol that covers a virtual address of the file, if any.
  virtual std::optional<UserSymbol> user_symbol_at(const std::string& path, std::uint64_t address) = 0;

  // --- debug information of user programs (DWARF), opened by the first of these questions ---
  // The error says what is missing, and how to get it.
  virtual Result<UserFunction> user_function(const UserCode& code) = 0;
  // As find_type and find_enumerator: what the source file of that code sees, then (types) the rest of the program.
  virtual std::optional<Type> find_user_type(const UserCode& code, std::string_view name) = 0;
  virtual std::optional<std::pair<Type, std::uint64_t>> find_user_enumerator(const UserCode& code,
                                                                             std::string_view name) = 0;
  // The struct, defined, that a Type::origin stands for; nullopt if the program only declares it.
  virtual std::optional<Type> user_struct(std::uint64_t origin) = 0;
  // Whether the file has the function, but only inside of its callers.
  virtual bool is_inlined(const std::string& path, std::string_view function) = 0;

  // Sorted by namespace, name and address; empty for a file that offers none.
  virtual Result<std::vector<UsdtSite>> usdt_sites(const std::string& path) = 0;

  // --- the machine ---
  virtual std::uint32_t cpu_count() = 0;  // possible CPUs
  virtual PidNamespace pid_namespace() = 0;
  // The number that a directory of the cgroup file system (version 2) has, as the `cgroup` builtin gives it.
  virtual Result<std::uint64_t> cgroup_id(const std::string& path) = 0;
  virtual bool has_kernel_helper(std::string_view helper) = 0;  // "bpf_map_lookup_percpu_elem": enum bpf_func_id in BTF
};

}  // namespace hawk
