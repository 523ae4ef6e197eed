#include "runtime/probe_program.h"

#include <bpf/libbpf.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "support/check.h"

namespace hawk {

namespace {

constexpr const char* kName = "hawk_ask";
constexpr const char* kLicence = "GPL";
constexpr const char* kTracedFunction = "bpf_fentry_test1";  // there for the sake of being traced
// What the verifier says of calls that it does not allow, Linux 5.13 to 6.18.
constexpr const char* kCallRefused[] = {"is not allowed",  "sleepable",      "destructive kfunc",
                                        "reserved fields", "unknown opcode", "invalid func unknown"};

}  // namespace

bpf_prog_type kernel_program_type(ProgramType type) {
  switch (type) {
    case ProgramType::kRawTracepoint: return BPF_PROG_TYPE_RAW_TRACEPOINT;
    case ProgramType::kKprobe: return BPF_PROG_TYPE_KPROBE;
    case ProgramType::kTracepoint: return BPF_PROG_TYPE_TRACEPOINT;
    case ProgramType::kPerfEvent: return BPF_PROG_TYPE_PERF_EVENT;
    case ProgramType::kTracing: return BPF_PROG_TYPE_TRACING;
  }
  HAWK_UNREACHABLE("program type");
}

UniqueFd load_probe_program(const ProbeProgram& wanted) {
  // r0 = 0; exit
  const std::array<bpf_insn, 2> instructions = {{
      {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .src_reg = 0, .off = 0, .imm = 0},
      {.code = BPF_JMP | BPF_EXIT, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0},
  }};
  bpf_prog_load_opts options{};
  options.sz = sizeof(options);
  options.expected_attach_type = static_cast<bpf_attach_type>(wanted.attach_type);
  options.attach_btf_id = static_cast<std::uint32_t>(wanted.function);
  return UniqueFd(bpf_prog_load(static_cast<bpf_prog_type>(wanted.type), kName, kLicence, instructions.data(),
                                instructions.size(), &options));
}

bool is_kernel_function_callable(const std::string& name, ProgramType type) {
  int function = libbpf_find_vmlinux_btf_id(name.c_str(), static_cast<bpf_attach_type>(0));
  if (function < 0) return false;
  // call function; r0 = 0; exit. Its arguments, if it has any, are not there.
  const std::array<bpf_insn, 3> instructions = {{
      {.code = BPF_JMP | BPF_CALL, .dst_reg = 0, .src_reg = BPF_PSEUDO_KFUNC_CALL, .off = 0, .imm = function},
      {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .src_reg = 0, .off = 0, .imm = 0},
      {.code = BPF_JMP | BPF_EXIT, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0},
  }};
  std::string log(1 << 14, '\0');
  bpf_prog_load_opts options{};
  options.sz = sizeof(options);
  options.log_buf = log.data();
  options.log_size = static_cast<std::uint32_t>(log.size());
  options.log_level = 1;
  if (type == ProgramType::kTracing) {
    options.expected_attach_type = BPF_TRACE_FENTRY;
    options.attach_btf_id =
        static_cast<std::uint32_t>(std::max(libbpf_find_vmlinux_btf_id(kTracedFunction, BPF_TRACE_FENTRY), 0));
  }
  UniqueFd program(
      bpf_prog_load(kernel_program_type(type), kName, kLicence, instructions.data(), instructions.size(), &options));
  if (program.valid()) return true;
  // Refused for the call, or for what is done wrong with it: arguments that are not there, a reference that is kept.
  bool considered = log.find(fmt::format("call {}#", name)) != std::string::npos;
  return considered && std::none_of(std::begin(kCallRefused), std::end(kCallRefused),
                                    [&](const char* complaint) { return log.find(complaint) != std::string::npos; });
}

}  // namespace hawk
