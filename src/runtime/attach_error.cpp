#include "runtime/attach_error.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "runtime/kernel_config.h"
#include "support/check.h"

namespace hawk {

namespace {

struct Explanation {
  std::string reason;
  std::string help = {};
};

enum class Family {
  kTracepoint,
  kRawTracepoint,
  kKernelFunction,
  kTypedFunction,
  kUserFunction,
  kTimer,
  kSoftware,
  kHardware,
  kWatchpoint,
  kIterator,
  kOther
};

Family family_of(ProbeKind kind) {
  switch (kind) {
    case ProbeKind::kTracepoint: return Family::kTracepoint;
    case ProbeKind::kRawTracepoint: return Family::kRawTracepoint;
    case ProbeKind::kKprobe:
    case ProbeKind::kKretprobe: return Family::kKernelFunction;
    case ProbeKind::kFentry:
    case ProbeKind::kFexit: return Family::kTypedFunction;
    case ProbeKind::kUprobe:
    case ProbeKind::kUretprobe:
    case ProbeKind::kUsdt: return Family::kUserFunction;
    case ProbeKind::kProfile:
    case ProbeKind::kInterval: return Family::kTimer;
    case ProbeKind::kSoftware: return Family::kSoftware;
    case ProbeKind::kHardware: return Family::kHardware;
    case ProbeKind::kWatchpoint: return Family::kWatchpoint;
    case ProbeKind::kBegin:
    case ProbeKind::kEnd:
    case ProbeKind::kSelf:
    case ProbeKind::kTest:
    case ProbeKind::kBench: return Family::kOther;
    case ProbeKind::kIter: return Family::kIterator;
  }
  HAWK_UNREACHABLE("probe kind");
}

// A row: this errno from this family means that. The first row that matches counts; kOther is any family.
struct Meaning {
  Family family;
  int error;
  const char* reason;
  const char* help;
};

constexpr int kNotSupported = 524;  // ENOTSUPP, which the kernel keeps to itself but not here
constexpr const char* kUseKprobe = "use kprobe, with arg0, arg1, ... for the arguments, or kretprobe, with retval";

constexpr Meaning kMeanings[] = {
    {Family::kHardware, ENOENT, "this machine has no hardware performance counters",
     "virtual machines often have none; try a software event, for example `software:cpu-clock`"},
    {Family::kHardware, ENODEV, "this machine has no hardware performance counters",
     "virtual machines often have none; try a software event, for example `software:cpu-clock`"},
    {Family::kHardware, EOPNOTSUPP, "this processor does not count this event",
     "try `hardware:cycles` or `hardware:instructions`"},
    {Family::kKernelFunction, ENODEV, "this kernel was built without kprobes (CONFIG_KPROBES)",
     "use a tracepoint instead: `hawk -l 'tracepoint:*'` lists them"},
    {Family::kKernelFunction, ENOENT, "the kernel has no such function to trace",
     "`hawk -l 'kprobe:*NAME*'` lists what it has"},
    {Family::kKernelFunction, ESRCH, "the kernel has no such function to trace",
     "`hawk -l 'kprobe:*NAME*'` lists what it has"},
    {Family::kKernelFunction, EADDRNOTAVAIL, "there are several functions of this name",
     "name the module: `kprobe:MODULE:FUNCTION`"},
    {Family::kKernelFunction, EINVAL, "the kernel does not allow a probe on this function or at this offset",
     "functions that the tracing code itself uses are excluded; override() works in those of "
     "/sys/kernel/debug/error_injection/list only"},
    {Family::kKernelFunction, EILSEQ, "the offset is not at the start of an instruction", ""},
    {Family::kTypedFunction, kNotSupported, "the kernel cannot pass on the arguments of this function", kUseKprobe},
    {Family::kTypedFunction, ENOENT, "the kernel has no such function to trace",
     "`hawk -l 'fentry:*NAME*'` lists them"},
    {Family::kTypedFunction, ESRCH, "the kernel has no such function to trace", "`hawk -l 'fentry:*NAME*'` lists them"},
    {Family::kTypedFunction, EINVAL, "the kernel does not allow a probe on this function", kUseKprobe},
    {Family::kTypedFunction, EBUSY, "this function cannot be traced this way now", kUseKprobe},
    {Family::kUserFunction, EACCES, "the kernel does not permit it to this user",
     "newer kernels want CAP_SYS_ADMIN for probes in user programs, not CAP_PERFMON alone"},
    {Family::kUserFunction, ENODEV, "this kernel was built without uprobes (CONFIG_UPROBES)", ""},
    {Family::kUserFunction, ENOENT, "the file does not exist", ""},
    {Family::kUserFunction, ESRCH, "the process has ended", ""},
    {Family::kUserFunction, EINVAL, "the kernel cannot place a breakpoint there",
     "the offset must lie in the code of the file, at the start of an instruction"},
    {Family::kUserFunction, EIO, "the file is not a program or library that can be mapped", ""},
    {Family::kRawTracepoint, ENOENT, "the kernel has no such tracepoint",
     "`hawk -l 'rawtracepoint:*'` lists what it has"},
    {Family::kRawTracepoint, EINVAL, "the program reads more arguments than this tracepoint has", ""},
    {Family::kTracepoint, EACCES, "the program reads beyond the record of this tracepoint", ""},
    {Family::kTimer, EINVAL, "the rate is above what the kernel allows",
     "see `sysctl kernel.perf_event_max_sample_rate`"},
    {Family::kTimer, ESRCH, "the process has ended", ""},
    {Family::kSoftware, ESRCH, "the process has ended", ""},
    {Family::kHardware, ESRCH, "the process has ended", ""},
    {Family::kWatchpoint, ENOSPC, "all watchpoints of the processor are in use", "an x86-64 processor has 4"},
    {Family::kWatchpoint, ESRCH, "the process has ended", ""},
    {Family::kWatchpoint, EINVAL, "the processor cannot watch there", ""},
    {Family::kIterator, EEXIST, "there is a file of that name", "remove it, or take another name"},
    {Family::kIterator, ENOENT, "there is no such directory",
     "`mount -t bpf bpf /sys/fs/bpf` mounts the BPF file system"},
    {Family::kIterator, EINVAL, "this kind of object is iterated over with a parameter, which hawk cannot give", ""},
    {Family::kOther, EPERM, "the kernel does not permit it",
     "run as root; if you do, the machine's policy forbids it (kernel lockdown, a container, perf_event_paranoid)"},
    {Family::kOther, EACCES, "the kernel does not permit it",
     "run as root; if you do, the machine's policy forbids it (kernel lockdown, a container, perf_event_paranoid)"},
    {Family::kOther, EMFILE, "too many open files", "raise the limit (`ulimit -n`) or attach fewer probes"},
    {Family::kOther, ENFILE, "the system has too many open files", "attach fewer probes"},
    {Family::kOther, ENOMEM, "the kernel has not enough memory for it", "attach fewer probes"},
    {Family::kOther, ENOSPC, "all of the processor's counters are in use", ""},
    {Family::kOther, E2BIG, "too many programs on this event", "at most 64 may be attached to one event"},
    {Family::kOther, EBUSY, "something else uses it exclusively", ""},
    {Family::kOther, EOPNOTSUPP, "this kernel cannot attach it", ""},
};

Explanation explain(const AttachFailure& failure) {
  if (!failure.reason.empty()) return {failure.reason};
  std::string lockdown = failure.error == EPERM || failure.error == EACCES ? lockdown_mode() : "";
  if (!lockdown.empty()) {
    return {fmt::format("the kernel is locked down ({}), and forbids it", lockdown),
            "boot without lockdown=, or with Secure Boot off"};
  }
  Family family = family_of(failure.probe->kind);
  for (const Meaning& row : kMeanings) {
    bool matches = row.error == failure.error && (row.family == family || row.family == Family::kOther);
    if (matches) return {row.reason, row.help};
  }
  return {fmt::format("the kernel answered `{}`", std::strerror(failure.error))};
}

}  // namespace

Error attach_error(const AttachFailure& failure) {
  Explanation explanation = explain(failure);
  return {.message = fmt::format("Unable to attach probe `{}`: {}", failure.probe->name, explanation.reason),
          .help = explanation.help,
          .exit_code = kExitKernel};
}

}  // namespace hawk
