// Probe kinds: one table says what each is called, how it is written and what its clauses may use.
// A ProbeSpec is one attach point after expansion, with everything needed to attach it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ast/type.h"
#include "ast/usdt_argument.h"

namespace hawk {

enum class ProbeKind : std::uint8_t {
#define PROBE(id, ...) k##id,
#include "ast/probes.def"
#undef PROBE
};

// What the program receives as its context argument.
enum class ContextKind : std::uint8_t {
  kNone,           // begin, end: nothing readable
  kRegisters,      // struct pt_regs *
  kPerfEvent,      // struct bpf_perf_event_data *
  kTracepoint,     // the raw record described by the tracepoint's format
  kRawTracepoint,  // u64 args[]
  kFunction,       // u64 args[], then what the function returns
  kIterator,       // struct bpf_iter__OBJECT *: where to write to, and the element, null behind the last one
};

// Kernel program types, numbered by hawk; the runtime maps them to enum bpf_prog_type.
enum class ProgramType : std::uint8_t { kRawTracepoint, kKprobe, kTracepoint, kPerfEvent, kTracing };

struct ProbeKindRow {
  const char* name;     // canonical: "tracepoint"
  const char* aliases;  // blank separated, compared without case unless a single letter: "t"
  ProgramType program;
  ContextKind context;
  AddressSpace default_space;  // of pointers read from arguments
  bool wildcards;
  const char* usage;  // "tracepoint:CATEGORY:EVENT"
};

[[nodiscard]] const ProbeKindRow& probe_row(ProbeKind kind);
// By name or alias; nullopt if unknown. `U` and `u` differ, names otherwise ignore case.
[[nodiscard]] std::optional<ProbeKind> find_probe_kind(std::string_view name);
[[nodiscard]] std::vector<ProbeKind> all_probe_kinds();

// In the place of a module: fentry and fexit on BPF programs.
inline constexpr const char* kBpfPrograms = "bpf";

struct ProbeSpec {
  ProbeKind kind{};
  std::string name = {};      // canonical, as `probe` shows it: "tracepoint:sched:sched_switch"
  std::string target = {};    // tracepoint: category; kprobe: module or ""; uprobe, usdt: absolute path of the binary;
                              // fentry: module, "vmlinux" for the kernel itself, kBpfPrograms
  std::string function = {};  // tracepoint, rawtracepoint: event; kprobe, uprobe: symbol or ""; iter: object
  std::uint64_t offset = 0;   // kprobe: bytes from the function; uprobe, usdt: offset in the file (function included)
  std::uint64_t function_offset = 0;  // uprobe: bytes from the beginning of the function
  std::uint64_t address =
      0;  // fentry of a BPF program: its id; kprobe by address; uprobe, usdt: virtual address in the ELF file
  std::uint64_t period = 0;  // profile, interval: ns (if !frequency) or Hz; software, hardware: every Nth event
  bool frequency = false;
  std::uint64_t perf_type = 0;  // software, hardware: perf_event_attr.type and .config
  std::uint64_t perf_config = 0;
  std::uint64_t length = 0;  // watchpoint: bytes from `address` on
  std::string mode = {};     // watchpoint: "w", "rw" or "x"
  std::string pin = {};      // iter: absolute path of the file in bpffs, "" for an iteration now
  std::optional<std::uint32_t> system_call =
      {};                       // tracepoint of the category syscalls: the number of the call; for the compiler
  std::uint64_t semaphore = 0;  // usdt: offset in the file of the counter that switches the probe on; 0: always on
  std::vector<UsdtArgument> usdt_arguments = {};  // for the compiler: not part of a saved image
};

using ProbeList = std::vector<const ProbeSpec*>;

// Of a tracepoint of the category syscalls: sys_enter_NAME, not sys_exit_NAME.
[[nodiscard]] inline bool begins_system_call(const ProbeSpec& probe) {
  return probe.function.starts_with("sys_enter_");
}

}  // namespace hawk
