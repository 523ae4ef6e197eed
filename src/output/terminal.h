// What the terminal that the output goes to can show.
#pragma once

#include "output/printer.h"

namespace hawk {

// Of a file, a pipe: nothing but ASCII, unless BPFTRACE_COLOR is `always`. NO_COLOR and BPFTRACE_COLOR=never turn
// colours off, and so does TERM=dumb.
[[nodiscard]] Shading terminal_shading(int fd);

}  // namespace hawk
