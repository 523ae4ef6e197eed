// The smallest program of a kind, for asking the kernel what it can load and attach.
#pragma once

#include "support/unique_fd.h"

namespace hawk {

struct ProbeProgram {
  int type = 0;         // enum bpf_prog_type
  int attach_type = 0;  // enum bpf_attach_type
  int function = 0;     // BTF id of the kernel function it is for, if it is for one
};

// Invalid with errno set if the kernel refuses it.
[[nodiscard]] UniqueFd load_probe_program(const ProbeProgram& wanted);

}  // namespace hawk
