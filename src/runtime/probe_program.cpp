#include "runtime/probe_program.h"

#include <bpf/bpf.h>

#include <array>
#include <cstdint>

namespace hawk {

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
  return UniqueFd(bpf_prog_load(static_cast<bpf_prog_type>(wanted.type), "hawk_ask", "GPL", instructions.data(),
                                instructions.size(), &options));
}

}  // namespace hawk
