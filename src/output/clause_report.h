// ClauseReport: how tests and benchmarks went, as text, json or jsonl.
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
      : out_(options), format_(options.format), colour_(options.colour) {}

  void tests_begin(std::size_t count);
  void test_begins(const std::string& name);
  void test_ended(const TestResult& result);
  void tests_ended(const std::vector<TestResult>& results);

  void benchmarks_begin();
  void benchmark_ended(const BenchmarkResult& result);

  [[nodiscard]] bool failed() const { return out_.failed(); }

 private:
  [[nodiscard]] bool is_text() const { return format_ == OutputFormat::kText; }
  void line(const char* mark, bool good, const std::string& text);
  void test_record(const TestResult& result);
  void benchmark_record(const BenchmarkResult& result);

  OutputBuffer out_;
  OutputFormat format_;
  bool colour_;
};

}  // namespace hawk
