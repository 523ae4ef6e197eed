#include "driver/requests.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "output/flame_tree.h"
#include "semantics/placement.h"

namespace hawk {

namespace {

Result<> check_flames(const Options& options, const typed::CheckedProgram& program) {
  if (options.output.empty() && ::isatty(STDOUT_FILENO) != 0)
    return Error{"-f flamegraph: a picture would be written to the terminal", "-o FILE.svg writes it to a file"};
  if (std::any_of(program.maps.begin(), program.maps.end(), has_flames)) return Ok{};
  return Error{"-f flamegraph: no map of the script has stacks in its key and a number, count() or sum() as its value",
               "for example: profile:hz:99 { @[comm, ustack, kstack] = count(); }"};
}

}  // namespace

Result<> check_requests(const Options& options, const typed::CheckedProgram& program) {
  if (options.clauses != ClauseKind::kProbes) {
    ProbeKind kind = options.clauses == ClauseKind::kTests ? ProbeKind::kTest : ProbeKind::kBench;
    bool some = std::any_of(program.clauses.begin(), program.clauses.end(),
                            [=](const typed::Clause& clause) { return clause.kind == kind; });
    const char* name = probe_row(kind).name;
    if (!some)
      return Error{fmt::format("there is no `{}:` clause to run", name),
                   fmt::format("write one: {}:NAME {{ ... }}", name)};
    if (options.format == OutputFormat::kCsv || options.format == OutputFormat::kFlameGraph)
      return Error{"tests and benchmarks report as text, json or jsonl"};
  }
  return options.format == OutputFormat::kFlameGraph ? check_flames(options, program) : Ok{};
}

bool runs_on_request(const ast::Clause& clause) {
  auto is_one = [](const ast::AttachPoint& point) {
    auto kind = point.parts.empty() ? std::nullopt : find_probe_kind(point.parts.front());
    return kind == ProbeKind::kTest || kind == ProbeKind::kBench;
  };
  return std::any_of(clause.attach_points.begin(), clause.attach_points.end(), is_one);
}

bool traces_the_machine(const ast::Program& program) {
  auto is_own = [](const ast::AttachPoint& point) {
    auto kind = point.parts.empty() ? std::nullopt : find_probe_kind(point.parts.front());
    return !kind || can_run_on_host(*kind);  // what is not a probe at all is said first
  };
  return std::any_of(program.clauses.begin(), program.clauses.end(), [&](const ast::Clause& clause) {
    return !std::all_of(clause.attach_points.begin(), clause.attach_points.end(), is_own);
  });
}

}  // namespace hawk
