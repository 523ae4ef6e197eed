// Limits of this process that tracing needs raised.
#pragma once

namespace hawk {

// RLIMIT_MEMLOCK to infinity: before Linux 5.11 maps are charged to it, after that it does not matter, so
// a refusal is not reported. RLIMIT_NOFILE to its hard limit: every probe is a file descriptor or two.
void raise_limits();

}  // namespace hawk
