#include "driver/requests.h"

#include <fmt/format.h>

#include <algorithm>

namespace hawk {

Result<> check_requests(const Options& options, const typed::CheckedProgram& program) {
  if (options.clauses != ClauseKind::kProbes) {
    ProbeKind kind = options.clauses == ClauseKind::kTests ? ProbeKind::kTest : ProbeKind::kBench;
    bool some = std::any_of(program.clauses.begin(), program.clauses.end(),
                            [=](const typed::Clause& clause) { return clause.kind == kind; });
    const char* name = probe_row(kind).name;
    if (!some)
      return Error{fmt::format("there is no `{}:` clause to run", name),
                   fmt::format("write one: {}:NAME {{ ... }}", name)};
  }
  return Ok{};
}

bool runs_on_request(const ast::Clause& clause) {
  auto is_one = [](const ast::AttachPoint& point) {
    auto kind = point.parts.empty() ? std::nullopt : find_probe_kind(point.parts.front());
    return kind == ProbeKind::kTest || kind == ProbeKind::kBench;
  };
  return std::any_of(clause.attach_points.begin(), clause.attach_points.end(), is_one);
}

}  // namespace hawk
