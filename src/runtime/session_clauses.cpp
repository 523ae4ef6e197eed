// LiveSession: clauses that run because somebody asked: tests and benchmarks.
#include <algorithm>
#include <chrono>

#include "runtime/live_session.h"

namespace hawk {

namespace {

// Runs between two looks at the events, so that the ring does not fill.
constexpr std::uint64_t kRunsAtOnce = 16;

std::uint64_t now_ns() {
  return static_cast<std::uint64_t>(
      std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count());
}

}  // namespace

Result<ClauseRuns> LiveSession::run_clause(std::size_t program, std::uint64_t times) {
  bool here = image_.programs[program].placement == Placement::kHost;
  exit_code_ = 0;
  ClauseRuns total;
  for (std::uint64_t left = times; left > 0;) {
    dropping_ = false;
    std::uint64_t count = std::min(left, kRunsAtOnce);
    Result<ClauseRuns> runs = here ? run_inside_hawk(program, count) : run_in_kernel(program, count);
    if (!runs) return runs.error();
    drain();
    deliver();
    if (signals_->received()) return Error{.message = "interrupted"};
    total = {.returned = runs.value().returned, .ns = total.ns + runs.value().ns};
    left -= count;
  }
  dropping_ = false;
  return total;
}

Result<ClauseRuns> LiveSession::run_in_kernel(std::size_t index, std::uint64_t times) {
  const ProbeSpec& probe = image_.programs[index].probes.front();
  bool measured = probe.kind == ProbeKind::kBench;
  if (measured && !timer_) {
    Result<ProgramTimer> timer = ProgramTimer::open();
    if (!timer) return timer.error();
    timer_.emplace(std::move(timer).value());
  }
  int program = loaded_.programs[index];
  auto now = [&] { return measured ? timer_->time_in(program) : Result<std::uint64_t>(now_ns()); };
  Result<std::uint64_t> begin = now();
  if (!begin) return begin.error();
  ProgramRun run;
  for (std::uint64_t i = 0; i < times && run.error == 0; ++i) run = run_program(program);
  if (run.error != 0) return cannot_run(probe.name, run.error);
  Result<std::uint64_t> end = now();
  if (!end) return end.error();
  return ClauseRuns{.returned = static_cast<std::int32_t>(run.returned),
                    .ns = end.value() - std::min(begin.value(), end.value())};
}

Result<ClauseRuns> LiveSession::run_inside_hawk(std::size_t index, std::uint64_t times) {
  std::uint64_t begin = now_ns();
  std::int64_t returned = 0;
  for (std::uint64_t i = 0; i < times; ++i) returned = host_->run(index);
  // As the kernel hands it back, where a program returns 32 bits.
  return ClauseRuns{.returned = static_cast<std::int32_t>(returned), .ns = now_ns() - begin};
}

}  // namespace hawk
