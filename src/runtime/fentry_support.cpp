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
  if (load_probe_program({.type = BPF_PROG_TYPE_TRACING, .attach_type = BPF_TRACE_FENTRY, .function = function})
          .valid())
    return Ok{};
  bool denied = errno == EPERM || errno == EACCES;
  std::string reason = denied ? "the kernel does not permit it (no privilege, or the machine's policy forbids it)"
                              : fmt::format("the kernel answered `{}`", std::strerror(errno));
  return Error{fmt::format("fentry and fexit do not work here: {}", reason), kHelp};
}

}  // namespace hawk
