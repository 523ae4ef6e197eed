// The smallest program of a kind, for asking the kernel what it can load and attach.
#pragma once

#include <bpf/bpf.h>

#include <string>

#include "ast/probe.h"
#include "support/unique_fd.h"

namespace hawk {

struct ProbeProgram {
  int type = 0;         // enum bpf_prog_type
  int attach_type = 0;  // enum bpf_attach_type
  int function = 0;     // BTF id of the kernel function it is for, if it is for one
};

[[nodiscard]] bpf_prog_type kernel_program_type(ProgramType type);

// Invalid with errno set if the kernel refuses it.
[[nodiscard]] UniqueFd load_probe_program(const ProbeProgram& wanted);

// Whether the verifier lets programs of the type call the function of the kernel itself (a kfunc) at all: what they
// would have to pass is another question. False without the privilege to ask.
[[nodiscard]] bool is_kernel_function_callable(const std::string& name, ProgramType type);

}  // namespace hawk
