// Clauses on tracepoints of system calls as programs on the raw tracepoints of all of them, which cost half as much.
#pragma once

#include "semantics/typed.h"

namespace hawk {

// To be called when every clause has its place. Clauses that read the record as a whole or the kernel's stack keep the
// tracepoint, and so do those on one event with them, as clauses on one event run as they are written. One for calls
// and one for returns, unless there are very many tracepoints: a second program on a raw tracepoint costs every system
// call more than a tracepoint costs its own.
void choose_raw_syscalls(typed::CheckedProgram& program);

}  // namespace hawk
