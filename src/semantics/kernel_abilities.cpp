#include "semantics/kernel_abilities.h"

#include <algorithm>

#include "semantics/typed_search.h"

namespace hawk {

namespace {

constexpr std::uint32_t kOldKeyLimit = 512;  // bytes, MAX_BPF_STACK: keys before Linux 5.11

constexpr const char* kInsideHawk =
    "do it in an interval, begin or end clause: hawk runs those itself, and copies what it needs of the map";

bool is_constant(const typed::Expr& expr) { return std::holds_alternative<typed::Constant>(expr.node); }

void check_clause(const typed::Clause& clause, const KernelAbilities& kernel, DiagSink& diagnostics) {
  auto too_old = [&](Span span, const char* what, const char* since, const char* help) {
    diagnostics.report(Diag::KernelTooOld, span, what, since).help = help;
  };
  auto on_expr = [&](const typed::Expr& expr) {
    if (std::holds_alternative<typed::MapLength>(expr.node) && !kernel.map_loops)
      too_old(expr.span, "counting the keys of a map", "5.13", kInsideHawk);
    return false;
  };
  auto on_stmt = [&](const typed::Stmt& stmt) {
    if (std::holds_alternative<typed::ForMap>(stmt.node) && !kernel.map_loops)
      too_old(stmt.span, "a loop over a map", "5.13", kInsideHawk);
    const auto* range = std::get_if<typed::ForRange>(&stmt.node);
    if (range != nullptr && !kernel.loops && !(is_constant(*range->begin) && is_constant(*range->end)))
      too_old(stmt.span, "a loop whose number of turns is not written down", "5.17",
              "give it constant bounds, and leave it with break");
    return false;
  };
  typed::Search search{.on_expr = on_expr, .on_stmt = on_stmt};
  static_cast<void>(search.find(clause.body));
}

}  // namespace

// Each is found by a helper that came with it or soon after; distributions carry helpers back into older kernels.
KernelAbilities kernel_abilities(TargetInfo& target) {
  return {.long_keys = target.has_kernel_helper("bpf_get_current_task_btf"),      // 5.11, as those keys
          .fetching_atomics = target.has_kernel_helper("bpf_for_each_map_elem"),  // 5.12 has the atomics
          .map_loops = target.has_kernel_helper("bpf_for_each_map_elem"),
          .loops = target.has_kernel_helper("bpf_loop"),
          .raw_syscalls = target.prefers_raw_syscalls(),
          .task_objects = target.has_kernel_helper("bpf_get_current_task_btf") && target.offers_btf(),
          .thread_status = target.thread_status_offset()};
}

void check_kernel_abilities(const typed::CheckedProgram& program, DiagSink& diagnostics) {
  if (program.kernel.map_loops && program.kernel.loops) return;
  for (const typed::Clause& clause : program.clauses) {
    if (clause.placement == Placement::kKernel) check_clause(clause, program.kernel, diagnostics);
  }
}

bool has_refused_key(const typed::CheckedProgram& program) {
  return !program.kernel.long_keys && std::any_of(program.maps.begin(), program.maps.end(), [](const MapSchema& map) {
    return map.placement == Placement::kKernel && map_key_size(map) > kOldKeyLimit;
  });
}

}  // namespace hawk
