#include "semantics/check.h"

#include <algorithm>
#include <map>
#include <regex>

#include "ast/mentions.h"
#include "semantics/checker.h"
#include "semantics/configure.h"
#include "semantics/snapshots.h"
#include "support/check.h"

namespace hawk {

namespace {

// Types only widen, so walks end by themselves; each teaches at least one of the script's names something,
// and no name widens more often than this.
constexpr std::size_t kWideningsPerName = 16;

// --- clauses ------------------------------------------------------------------------------------

// Whether each probe of the clause needs a program of its own: its code depends on which probe fired.
bool depends_on_probe(const ast::Clause& clause) {
  return mentions_any(clause, {Builtin::kProbe, Builtin::kArgs, Builtin::kUaddr, Builtin::kFunc});
}

// Whether the clause says something on purpose: its events then name the probe that fired.
bool reports(const ast::Clause& clause) {
  return mentions_any(clause, {Builtin::kPrintf, Builtin::kErrorf, Builtin::kWarnf, Builtin::kPrint, Builtin::kTime,
                               Builtin::kJoin, Builtin::kCat, Builtin::kSystem, Builtin::kExit, Builtin::kAssert});
}

// Names of tests and of benchmarks tell them apart.
class TakenNames {
 public:
  explicit TakenNames(DiagSink& diagnostics) : diagnostics_(diagnostics) {}
  void add(const ProbeSpec& probe, Span span) {
    if (probe.kind != ProbeKind::kTest && probe.kind != ProbeKind::kBench) return;
    auto [first, is_new] = spans_.emplace(probe.name, span);
    if (is_new) return;
    auto& diagnostic = diagnostics_.report(Diag::ProbeNameTaken, span, probe.name);
    diagnostic.notes.push_back({first->second, "the first one"});
  }

 private:
  DiagSink& diagnostics_;
  std::map<std::string, Span> spans_;
};

std::vector<ProbeSpec> expand_all(const ast::Clause& clause, ProbeExpander& expander, TakenNames& names) {
  std::vector<ProbeSpec> probes;
  for (const ast::AttachPoint& point : clause.attach_points) {
    auto expanded = expander.expand(point);
    for (const ProbeSpec& probe : expanded) names.add(probe, point.span);
    probes.insert(probes.end(), std::make_move_iterator(expanded.begin()), std::make_move_iterator(expanded.end()));
  }
  return probes;
}

// Tests and benchmarks run without the other probes; begin and end clauses prepare them and clean up.
bool keeps(const ProbeSpec& probe, const std::optional<std::regex>& filter, const CheckOptions& options) {
  if (probe.kind == ProbeKind::kBegin || probe.kind == ProbeKind::kEnd) return true;
  bool wanted = !options.run_tests && !options.run_benchmarks;
  if (probe.kind == ProbeKind::kTest) wanted = options.run_tests;
  if (probe.kind == ProbeKind::kBench) wanted = options.run_benchmarks;
  return wanted && (!filter || std::regex_search(probe.name, *filter));
}

// One ClauseState per program: one a probe, or one for each run of probes of the same kind.
void add_programs(const ast::Clause& clause, std::vector<ProbeSpec> probes, bool separate,
                  std::vector<ClauseState>& out) {
  for (ProbeSpec& probe : probes) {
    // The kernel loads a program of fentry or fexit for one function.
    bool alone = separate || probe_row(probe.kind).program == ProgramType::kTracing;
    bool same = !out.empty() && out.back().ast == &clause && out.back().kind == probe.kind && !alone;
    if (!same) {
      ClauseState state;
      state.ast = &clause;
      state.instance = out.size();
      state.kind = probe.kind;
      out.push_back(std::move(state));
    }
    out.back().probes.push_back(std::move(probe));
  }
}

std::vector<ClauseState> expand_clauses(const ast::Program& program, TargetInfo& target, const CheckOptions& options,
                                        const Config& config, DiagSink& diagnostics) {
  ProbeExpander expander(target, options, config, diagnostics);
  std::optional<std::regex> filter;
  if (!options.probe_filter.empty()) filter.emplace(options.probe_filter);
  std::vector<ClauseState> clauses;
  TakenNames names(diagnostics);
  std::size_t total = 0;
  for (const ast::Clause& clause : program.clauses) {
    std::vector<ProbeSpec> probes = expand_all(clause, expander, names);
    std::erase_if(probes, [&](const ProbeSpec& probe) { return !keeps(probe, filter, options); });
    total += probes.size();
    if (total > config.max_probes) {
      diagnostics.report(Diag::TooManyProbes, clause.span, total, config.max_probes).help =
          fmt::format("raise it: config = {{ max_probes = {} }}", total);
      break;
    }
    bool separate = depends_on_probe(clause) || (options.event_origins && reports(clause));
    add_programs(clause, std::move(probes), separate, clauses);
  }
  auto attached = std::count_if(clauses.begin(), clauses.end(), [](const ClauseState& clause) {
    return clause.kind != ProbeKind::kBegin && clause.kind != ProbeKind::kEnd;
  });
  if (static_cast<std::uint64_t>(attached) > config.max_bpf_progs) {
    diagnostics.report(Diag::TooManyPrograms, program.clauses.front().span, attached, config.max_bpf_progs).help =
        fmt::format("raise it: config = {{ max_bpf_progs = {} }}", attached);
  }
  return clauses;
}

}  // namespace

std::optional<typed::CheckedProgram> check(const ast::Program& program, const Sources& sources, TargetInfo& target,
                                           const CheckOptions& options, DiagSink& diagnostics) {
  Config config = configure(program, options, diagnostics);
  std::vector<ClauseState> clauses = expand_clauses(program, target, options, config, diagnostics);
  Checker checker(program, sources, target, options, config, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;

  DiagSink walk_diagnostics;
  std::size_t walks = 0;
  while (checker.walk(clauses, walk_diagnostics)) {
    HAWK_CHECK(++walks <= kWideningsPerName * (checker.name_count() + 1), "the types of the script do not settle");
    walk_diagnostics.clear();
  }
  diagnostics.append(walk_diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  typed::CheckedProgram checked = checker.take();
  place_program(checked, options.place, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  plan_snapshots(checked);
  for (EventSchema& event : checked.events) {
    if (options.event_origins && event.kind != EventKind::kPacket) add_origin(event);  // packets say their time anyway
  }
  return checked;
}

}  // namespace hawk
