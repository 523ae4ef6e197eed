// Runs the tests or the benchmarks of a program that has been loaded and started, and reports how they went.
#pragma once

#include "driver/options.h"
#include "image/program_image.h"
#include "output/captured_output.h"
#include "output/clause_report.h"
#include "runtime/session.h"

namespace hawk {

class ClauseRunner {
 public:
  struct Setup {
    RunningProgram& program;
    const ProgramImage& image;
    CapturedOutput& captured;        // what the program prints while a clause runs
    const std::size_t& errors_said;  // how often it has called errorf()
    PrinterOptions report;
  };
  explicit ClauseRunner(Setup setup) : setup_(std::move(setup)) {}

  // The exit status, or why no more could be run.
  [[nodiscard]] Result<int> run(ClauseKind kind);

 private:
  struct Outcome {
    ClauseRuns runs;
    bool failed = false;  // by errorf() or exit()
  };

  [[nodiscard]] Result<int> run_tests(const std::vector<std::size_t>& programs);
  [[nodiscard]] Result<int> run_benchmarks(const std::vector<std::size_t>& programs);
  [[nodiscard]] Result<Outcome> run_clause(std::size_t program, std::uint64_t times);
  [[nodiscard]] Result<Outcome> measure(std::size_t program, BenchmarkResult& result);
  [[nodiscard]] const std::string& name_of(std::size_t program) const;

  Setup setup_;
};

}  // namespace hawk
