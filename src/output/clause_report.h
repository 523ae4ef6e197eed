// ClauseReport: how tests and benchmarks went, as text or JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "output/output_buffer.h"
#include "output/printer.h"

namespace hawk {

struct TestResult {
  std::string name;
  std::uint64_t ns = 0;
  bool passed = false;
  std::string output;
};

struct BenchmarkResult {
  std::string name;
  std::uint64_t average_ns = 0;
  std::uint64_t runs = 0;
};

// In the order of the functions; benchmarks have a line each, tests one when they begin and one when they end.
class ClauseReport {
 public:
  // `options.colour` is about the output, not the error stream.
  explicit ClauseReport(const PrinterOptions& options)
      : out_(options), json_(options.format == OutputFormat::kJson), colour_(options.colour) {}

  void tests_begin(std::size_t count);
  void test_begins(const std::string& name);
  void test_ended(const TestResult& result);
  void tests_ended(const std::vector<TestResult>& results);

  void benchmarks_begin();
  void benchmark_ended(const BenchmarkResult& result);

  [[nodiscard]] bool failed() const { return out_.failed(); }

 private:
  void line(const char* mark, bool good, const std::string& text);

  OutputBuffer out_;
  bool json_;
  bool colour_;
};

}  // namespace hawk
