// What the front end takes for a script: frontend_stages RUNS FILE... prints for each file the milliseconds (of CPU
// time) of lexing, of parsing (with lexing), and of expanding and checking, medians of so many runs. No machine is
// asked: the target is one in memory. For tests/bench/frontend.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <sstream>

#include "../unit/fake_target.h"
#include "lexer/lexer.h"
#include "parser/parser.h"
#include "prelude/prelude.h"
#include "semantics/check.h"
#include "semantics/expand.h"

namespace hawk {
namespace {

// Of this thread on a CPU: other work of the machine does not count.
double cpu_milliseconds() {
  std::timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

template <class Stage>
double milliseconds(const Stage& stage) {
  double began = cpu_milliseconds();
  stage();
  return cpu_milliseconds() - began;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

bool measure(const char* path, int runs) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  std::vector<double> lexing;
  std::vector<double> parsing;
  std::vector<double> checking;
  for (int i = 0; i < runs; ++i) {
    Sources sources;
    DiagSink diagnostics;
    FakeTarget target;
    target.types = {{"int", int_type(4, true)}, {"char", int_type(1, true)}};
    FileId file = sources.add(path, text.str());
    ast::Program program;
    std::optional<typed::CheckedProgram> checked;
    lexing.push_back(milliseconds([&] { (void)lex(sources.get(file), file, diagnostics); }));
    parsing.push_back(milliseconds([&] { program = parse(sources, file, {}, diagnostics); }));
    checking.push_back(milliseconds([&] {
      program = expand(std::move(program), prelude_for(program, sources), sources, diagnostics);
      checked = check(program, sources, target, {}, diagnostics);
    }));
    if (checked) continue;
    fmt::print(stderr, "{}: {}\n", path, diagnostics.all().front().message);
    return false;
  }
  fmt::print("{:.3f} {:.3f} {:.3f}\n", median(lexing), median(parsing), median(checking));
  return true;
}

}  // namespace
}  // namespace hawk

int main(int count, char** arguments) {
  for (int i = 2; i < count; ++i) {
    if (!hawk::measure(arguments[i], std::max(std::atoi(arguments[1]), 1))) return 1;
  }
  return 0;
}
