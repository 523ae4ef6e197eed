#include "output/clause_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "output/jsonl_record.h"

namespace hawk {

namespace {

constexpr const char* kFrame = "[==========]";
constexpr const char* kRun = "[ RUN      ]";
constexpr const char* kOk = "[       OK ]";
constexpr const char* kFailed = "[  FAILED  ]";
constexpr const char* kPassed = "[  PASSED  ]";

struct TimeUnit {
  std::uint64_t ns;
  const char* name;
};
constexpr std::array kTimeUnits = {TimeUnit{1'000'000'000, "s"}, TimeUnit{1'000'000, "ms"}, TimeUnit{1'000, "us"},
                                   TimeUnit{1, "ns"}};

// In the largest unit of which there is one: 16541 is `16 us`.
std::string in_words(std::uint64_t ns) {
  for (const TimeUnit& unit : kTimeUnits) {
    if (ns >= unit.ns) return fmt::format("{} {}", ns / unit.ns, unit.name);
  }
  return "0 ns";
}

std::string count_tests(std::size_t count) { return fmt::format("{} test{}", count, count == 1 ? "" : "s"); }

}  // namespace

void ClauseReport::line(const char* mark, bool good, const std::string& text) {
  const char* colour = good ? "\033[32m" : "\033[31m";
  out_.text() += colour_ ? fmt::format("{}{}\033[0m {}\n", colour, mark, text) : fmt::format("{} {}\n", mark, text);
}

void ClauseReport::tests_begin(std::size_t count) {
  if (is_text()) line(kFrame, true, "Running " + count_tests(count) + ".");
}

void ClauseReport::test_begins(const std::string& name) {
  if (is_text()) line(kRun, true, name);
  out_.flush();  // so that one sees which one takes long
}

void ClauseReport::test_record(const TestResult& result) {
  std::string& out = out_.text();
  if (format_ == OutputFormat::kJsonLines) {
    JsonWriter to(out);
    begin_record(to, "test_result", moment_now());
    to.key("data").begin_object();
    to.key("name").text(result.name);
    to.key("passed").boolean(result.passed);
    to.key("ns").number(result.ns);
    to.key("output").text(result.output);
    to.end_object();
    to.end_object();
    return to.end_line();
  }
  out += R"({"type": "test_result", "data": {)";
  append_json_string(out, result.name);
  fmt::format_to(std::back_inserter(out), R"(: {{"duration": {}, "passed": {}, "output": )", result.ns, result.passed);
  append_json_string(out, result.output);
  out += "}}}\n";
}

void ClauseReport::benchmark_record(const BenchmarkResult& result) {
  std::string& out = out_.text();
  if (format_ == OutputFormat::kJsonLines) {
    JsonWriter to(out);
    begin_record(to, "benchmark_result", moment_now());
    to.key("data").begin_object();
    to.key("name").text(result.name);
    to.key("average_ns").number(result.average_ns);
    to.key("runs").number(result.runs);
    to.end_object();
    to.end_object();
    return to.end_line();
  }
  out += R"({"type": "benchmark_result", "data": {)";
  append_json_string(out, result.name);
  fmt::format_to(std::back_inserter(out),
                 R"(: {{"average": {}, "iters": {}}}}}}})"
                 "\n",
                 result.average_ns, result.runs);
}

void ClauseReport::test_ended(const TestResult& result) {
  if (is_text()) {
    if (!result.passed) out_.text() += result.output;
    if (!result.passed && !result.output.empty() && result.output.back() != '\n') out_.text() += '\n';
    return line(result.passed ? kOk : kFailed, result.passed, fmt::format("{} ({})", result.name, in_words(result.ns)));
  }
  test_record(result);
  out_.flush();
}

void ClauseReport::tests_ended(const std::vector<TestResult>& results) {
  std::vector<std::string> failed;
  for (const TestResult& result : results) {
    if (!result.passed) failed.push_back(result.name);
  }
  if (is_text()) {
    line(kFrame, true, count_tests(results.size()) + " ran.");
    line(kPassed, true, count_tests(results.size() - failed.size()) + ".");
    if (!failed.empty()) line(kFailed, false, count_tests(failed.size()) + ", listed below:");
    for (const std::string& name : failed) line(kFailed, false, name);
  }
  out_.flush();
}

void ClauseReport::benchmarks_begin() {
  if (!is_text()) return;
  std::string head = fmt::format("{:<41}{:<15}{}\n", "Benchmark", "Time(ns)", "Iterations");
  out_.text() += head + std::string(head.size() - 1, '-') + '\n';
  out_.flush();
}

void ClauseReport::benchmark_ended(const BenchmarkResult& result) {
  if (is_text()) {
    out_.text() += fmt::format("{:<41}{:<15}{}\n", result.name, result.average_ns, result.runs);
  } else {
    benchmark_record(result);
  }
  out_.flush();
}

}  // namespace hawk
