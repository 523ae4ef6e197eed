#include "runtime/fentry_support.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <string>

#include "runtime/btf_file.h"
#include "runtime/kernel_config.h"
#include "runtime/probe_program.h"

namespace hawk {

namespace {

constexpr const char* kHelp =
    "use kprobe or kretprobe where there are any, or a tracepoint: hawk -l 'tracepoint:*' lists them";

// A function that a kernel with BPF has for the sake of being traced.
constexpr const char* kTestFunction = "bpf_fentry_test1";

// Why the kernel does not load a program of this kind for the function; "" if it does.
std::string refusal(bpf_attach_type kind, int function) {
  if (load_probe_program({.type = BPF_PROG_TYPE_TRACING, .attach_type = kind, .function = function}).valid()) return "";
  bool denied = errno == EPERM || errno == EACCES;
  return denied ? "the kernel does not permit it (no privilege, or the machine's policy forbids it)"
                : fmt::format("the kernel answered `{}`", std::strerror(errno));
}

}  // namespace

Result<> check_fentry() {
  if (!BtfFile::readable()) return Error{"fentry and fexit need the kernel's type information (BTF)", kHelp};
  std::optional<std::string> config = read_kernel_config();
  for (const char* option : {"CONFIG_FUNCTION_TRACER", "CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS"}) {
    if (config && config_value(*config, option) != "y")
      return Error{fmt::format("fentry and fexit need a kernel built with {}", option), kHelp};
  }
  int function = libbpf_find_vmlinux_btf_id(kTestFunction, BPF_TRACE_FENTRY);
  if (function < 0) return Ok{};  // nothing to try it on
  if (std::string reason = refusal(BPF_TRACE_FENTRY, function); !reason.empty())
    return Error{fmt::format("fentry and fexit do not work here: {}", reason), kHelp};
  return Ok{};
}

Result<> check_iterators() {
  constexpr const char* kInstead = "/proc and bpftool(8) show what iterators do";
  if (!BtfFile::readable()) return Error{"iter needs the kernel's type information (BTF)", kInstead};
  int function = libbpf_find_vmlinux_btf_id("task", BPF_TRACE_ITER);
  if (function < 0) return Error{"iter needs Linux 5.8", kInstead};
  if (std::string reason = refusal(BPF_TRACE_ITER, function); !reason.empty())
    return Error{fmt::format("iter does not work here: {}", reason), kInstead};
  return Ok{};
}

}  // namespace hawk
