// The smallest kprobe program, for asking the kernel what it can attach.
#pragma once

#include "support/unique_fd.h"

namespace hawk {

// `attach_type` is an enum bpf_attach_type. Invalid with errno set if the kernel refuses it.
[[nodiscard]] UniqueFd load_probe_program(int attach_type);

}  // namespace hawk
