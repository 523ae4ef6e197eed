// Where a script's C headers are looked for, as arguments of clang.
#pragma once

#include <string>
#include <vector>

#include "ast/c_headers.h"

namespace hawk {

struct HeaderOptions {
  std::vector<std::string> directories = {};  // -I
  std::vector<std::string> files = {};        // --include
  bool have_btf = true;                       // BPFTRACE_HAVE_BTF is defined
};

// The kernel's own headers take part if a header tree is there (BPFTRACE_KERNEL_SOURCE and BPFTRACE_KERNEL_BUILD, else
// /lib/modules/RELEASE/{source,build}) and has one of the headers that the section includes; the system's come behind.
[[nodiscard]] std::vector<std::string> header_flags(const HeaderOptions& options, const CSection& section);

}  // namespace hawk
