#include "driver/clause_runs.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>

namespace hawk {

namespace {

constexpr std::int32_t kSkipBenchmark = 1;  // what a benchmark returns that cannot run here
// A benchmark is run twice as often again until the runs take so long, or all around them does.
constexpr std::uint64_t kMeasuredNs = 10'000'000;
constexpr std::chrono::milliseconds kPatience{500};

std::vector<std::size_t> programs_of(const ProgramImage& image, ProbeKind kind) {
  std::vector<std::size_t> programs;
  for (std::size_t i = 0; i < image.programs.size(); ++i) {
    if (image.programs[i].probes.front().kind == kind) programs.push_back(i);
  }
  return programs;
}

}  // namespace

Result<int> ClauseRunner::run(ClauseKind kind) {
  switch (kind) {
    case ClauseKind::kProbes: break;
    case ClauseKind::kTests: return run_tests(programs_of(setup_.image, ProbeKind::kTest));
    case ClauseKind::kBenchmarks: return run_benchmarks(programs_of(setup_.image, ProbeKind::kBench));
  }
  return 0;
}

const std::string& ClauseRunner::name_of(std::size_t program) const {
  return setup_.image.programs[program].probes.front().function;
}

Result<ClauseRunner::Outcome> ClauseRunner::run_clause(std::size_t program, std::uint64_t times) {
  std::size_t errors = setup_.errors_said;
  Result<ClauseRuns> runs = setup_.program.run_clause(program, times);
  if (!runs) return runs.error();
  return Outcome{runs.value(), setup_.errors_said > errors || setup_.program.exit_code() != 0};
}

// --- tests ----------------------------------------------------------------------------------------

Result<int> ClauseRunner::run_tests(const std::vector<std::size_t>& programs) {
  ClauseReport report(setup_.report);
  report.tests_begin(programs.size());
  std::vector<TestResult> results;
  std::size_t failures = 0;
  for (std::size_t program : programs) {
    report.test_begins(name_of(program));
    Result<Outcome> outcome = run_clause(program, 1);
    if (!outcome) return outcome.error();
    const auto& [runs, failed] = outcome.value();
    results.push_back({.name = name_of(program),
                       .ns = runs.ns,
                       .passed = !failed && runs.returned == 0,
                       .output = setup_.captured.take()});
    if (!results.back().passed) ++failures;
    report.test_ended(results.back());
  }
  report.tests_ended(results);
  if (failures > 0) std::fputs(fmt::format("ERROR: {} of {} tests failed\n", failures, results.size()).c_str(), stderr);
  return failures == 0 && !report.failed() ? 0 : kExitUser;
}

// --- benchmarks -----------------------------------------------------------------------------------

// Runs it twice as often again and again; the last time counts.
Result<ClauseRunner::Outcome> ClauseRunner::measure(std::size_t program, BenchmarkResult& result) {
  auto end = std::chrono::steady_clock::now() + kPatience;
  for (result.runs = 1;; result.runs *= 2) {
    Result<Outcome> outcome = run_clause(program, result.runs);
    if (!outcome || outcome.value().failed) return outcome;
    std::uint64_t ns = outcome.value().runs.ns;
    result.average_ns = (ns + result.runs / 2) / result.runs;
    if (ns >= kMeasuredNs || std::chrono::steady_clock::now() >= end) return outcome;
    static_cast<void>(setup_.captured.take());
  }
}

Result<int> ClauseRunner::run_benchmarks(const std::vector<std::size_t>& programs) {
  ClauseReport report(setup_.report);
  report.benchmarks_begin();
  bool all_ran = true;
  for (std::size_t program : programs) {
    BenchmarkResult result{.name = name_of(program)};
    Result<Outcome> outcome = run_clause(program, 1);
    if (!outcome) return outcome.error();
    if (!outcome.value().failed && outcome.value().runs.returned == kSkipBenchmark) {
      static_cast<void>(setup_.captured.take());
      continue;
    }
    if (!outcome.value().failed) outcome = measure(program, result);
    if (!outcome) return outcome.error();
    std::string printed = setup_.captured.take();
    if (!outcome.value().failed) {
      report.benchmark_ended(result);
      continue;
    }
    all_ran = false;
    std::fputs(fmt::format("{}ERROR: benchmark `{}` failed\n", printed, result.name).c_str(), stderr);
  }
  return all_ran && !report.failed() ? 0 : kExitUser;
}

}  // namespace hawk
