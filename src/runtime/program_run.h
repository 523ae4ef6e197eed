// Running a program here and now: begin and end clauses, tests and benchmarks.
#pragma once

#include <cstdint>

#include "support/result.h"
#include "support/unique_fd.h"

namespace hawk {

struct ProgramRun {
  int error = 0;               // an errno
  std::uint32_t returned = 0;  // the low half of what the program returned
};

// Once, in the context of this thread, on the CPU it is on (BPF_PROG_TEST_RUN of a raw tracepoint program, Linux
// 5.10).
[[nodiscard]] ProgramRun run_program(int program_fd);

// Measures time in programs themselves, without that of the system calls that run them: the kernel's statistics
// (BPF_ENABLE_STATS, Linux 5.8), less what they give for a program that does nothing.
class ProgramTimer {
 public:
  [[nodiscard]] static Result<ProgramTimer> open();

  // Nanoseconds that the program has taken since it was loaded or since the timer was opened.
  [[nodiscard]] Result<std::uint64_t> time_in(int program_fd) const;

 private:
  ProgramTimer(UniqueFd statistics) : statistics_(std::move(statistics)) {}
  [[nodiscard]] Result<> calibrate();

  UniqueFd statistics_;     // the kernel counts while it is open
  double overhead_ns_ = 0;  // of one run
};

}  // namespace hawk
