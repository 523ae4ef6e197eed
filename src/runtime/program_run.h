// Running a program once, here and now: begin and end clauses.
#pragma once

namespace hawk {

// In the context of this thread, on the CPU it is on (BPF_PROG_TEST_RUN of a raw tracepoint program, Linux
// 5.10). 0 or an errno.
[[nodiscard]] int run_program(int program_fd);

}  // namespace hawk
