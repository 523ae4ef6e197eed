#include "semantics/check.h"

#include <algorithm>
#include <map>
#include <regex>

#include "semantics/checker.h"
#include "semantics/configure.h"
#include "semantics/kernel_abilities.h"
#include "semantics/program_sharing.h"
#include "semantics/raw_syscalls.h"
#include "semantics/snapshots.h"
#include "semantics/split_maps.h"
#include "support/check.h"

namespace hawk {

namespace {

// Types only widen, so walks end by themselves; each teaches at least one of the script's names something,
// and no name widens more often than this.
constexpr std::size_t kWideningsPerName = 16;

// --- clauses ------------------------------------------------------------------------------------

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

// One ClauseState per program.
void add_programs(const ast::Clause& clause, std::vector<ProbeSpec> probes, ProgramSharing&& sharing,
                  std::vector<ClauseState>& out) {
  for (ProbeSpec& probe : probes) {
    ClauseState* program = sharing.find(probe, out);
    if (program == nullptr) {
      program = &out.emplace_back();
      program->ast = &clause;
      program->instance = out.size() - 1;
      program->kind = probe.kind;
    }
    program->probes.push_back(std::move(probe));
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
    add_programs(clause, std::move(probes), ProgramSharing(clause, target, options), clauses);
  }
  auto attached = std::count_if(clauses.begin(), clauses.end(), [](const ClauseState& clause) {
    return clause.kind != ProbeKind::kBegin && clause.kind != ProbeKind::kEnd;
  });
  auto iterator = std::find_if(clauses.begin(), clauses.end(),
                               [](const ClauseState& clause) { return clause.kind == ProbeKind::kIter; });
  if (iterator != clauses.end() && total > 1) diagnostics.report(Diag::IterAlone, iterator->ast->span);
  if (static_cast<std::uint64_t>(attached) > config.max_bpf_progs) {
    diagnostics.report(Diag::TooManyPrograms, program.clauses.front().span, attached, config.max_bpf_progs).help =
        fmt::format("raise it: config = {{ max_bpf_progs = {} }}", attached);
  }
  return clauses;
}

// What is written into the ring, or a map, nobody would read.
void check_pinned(const typed::CheckedProgram& program, DiagSink& diagnostics) {
  const typed::Clause& clause = program.clauses.front();
  if (clause.probes.front().pin.empty()) return;
  bool reports = std::any_of(program.events.begin(), program.events.end(), [](const EventSchema& event) {
    return event.kind != EventKind::kRuntimeError && event.kind != EventKind::kHelperError;
  });
  if (reports || !program.maps.empty()) diagnostics.report(Diag::PinnedOutput, clause.span);
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
  if (!checked.clauses.empty()) check_pinned(checked, diagnostics);
  place_program(checked, options.place, diagnostics);
  checked.kernel = kernel_abilities(target);
  check_kernel_abilities(checked, diagnostics);
  if (diagnostics.has_errors()) return std::nullopt;
  plan_snapshots(checked);
  if (!options.plain) split_maps(checked);
  if (checked.kernel.raw_syscalls && !options.plain) choose_raw_syscalls(checked);
  for (EventSchema& event : checked.events) {
    if (options.event_origins && event.kind != EventKind::kPacket) add_origin(event);  // packets say their time anyway
  }
  return checked;
}

}  // namespace hawk
