#include "semantics/placement.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "semantics/typed_search.h"

namespace hawk {

namespace {

using typed::Clause;
using typed::PlacementReason;
using Reason = std::optional<PlacementReason>;

// --- builtins -----------------------------------------------------------------------------------

// What a builtin needs that is left as a call (ast/builtins.def: Lowered). Those without a row run anywhere.
enum class Needs { kKernel, kCurrentTask, kHost };
struct BuiltinNeeds {
  Builtin builtin;
  Needs needs;
};
constexpr std::array kBuiltinNeeds = {
    BuiltinNeeds{Builtin::kCurtask, Needs::kKernel},
    BuiltinNeeds{Builtin::kCgroup, Needs::kKernel},
    BuiltinNeeds{Builtin::kJiffies, Needs::kKernel},
    BuiltinNeeds{Builtin::kFuncIp, Needs::kKernel},
    BuiltinNeeds{Builtin::kSignal, Needs::kKernel},
    BuiltinNeeds{Builtin::kSignalThread, Needs::kKernel},
    BuiltinNeeds{Builtin::kOverride, Needs::kKernel},
    BuiltinNeeds{Builtin::kWriteUser, Needs::kKernel},
    BuiltinNeeds{Builtin::kKernelCall, Needs::kKernel},
    BuiltinNeeds{Builtin::kDebugf, Needs::kKernel},
    BuiltinNeeds{Builtin::kGetline, Needs::kHost},
    BuiltinNeeds{Builtin::kClose, Needs::kHost},
    BuiltinNeeds{Builtin::kJoin, Needs::kKernel},
    // In begin and end clauses that task is hawk itself; in interval clauses it is the one that the timer interrupts.
    BuiltinNeeds{Builtin::kPid, Needs::kCurrentTask},
    BuiltinNeeds{Builtin::kTid, Needs::kCurrentTask},
    BuiltinNeeds{Builtin::kUid, Needs::kCurrentTask},
    BuiltinNeeds{Builtin::kGid, Needs::kCurrentTask},
    BuiltinNeeds{Builtin::kComm, Needs::kCurrentTask},
    BuiltinNeeds{Builtin::kCpu, Needs::kCurrentTask},
    BuiltinNeeds{Builtin::kNumaid, Needs::kCurrentTask},
};

std::optional<Needs> needs_of(Builtin builtin) {
  const auto* row = std::find_if(kBuiltinNeeds.begin(), kBuiltinNeeds.end(),
                                 [=](const BuiltinNeeds& each) { return each.builtin == builtin; });
  return row == kBuiltinNeeds.end() ? std::nullopt : std::optional(row->needs);
}

bool asks_for_initial_namespace(const typed::Call& call) {
  if (call.builtin != Builtin::kPid && call.builtin != Builtin::kTid) return false;
  const auto* space = call.arguments.empty() ? nullptr : std::get_if<typed::Constant>(&call.arguments[0]->node);
  return space != nullptr && space->value == 1;
}

// --- reasons ------------------------------------------------------------------------------------

// Why nodes of a clause need the kernel: empty if they do not.
struct KernelNeed {
  const typed::CheckedProgram& program;
  const Clause& clause;

  std::string operator()(const typed::MapAddress&) const { return "the address of a map"; }
  std::string operator()(const typed::ReadString& node) const { return memory(node.space); }
  std::string operator()(const typed::ReadBuffer& node) const { return memory(node.space); }
  std::string operator()(const typed::Join& node) const { return memory(node.space); }
  std::string operator()(const typed::ContextLoad&) const { return "what the probe passes"; }
  std::string operator()(const typed::ContextAddress&) const { return "what the probe passes"; }
  std::string operator()(const typed::StackTrace&) const { return "a stack"; }
  std::string operator()(const typed::Call& node) const {
    std::optional<Needs> needs = needs_of(node.builtin);
    bool interrupts = clause.kind == ProbeKind::kInterval;
    bool other_namespace = asks_for_initial_namespace(node) && !program.pid_namespace.initial;
    bool kernel = needs == Needs::kKernel || other_namespace || (needs == Needs::kCurrentTask && interrupts);
    return kernel ? fmt::format("`{}`", builtin_row(node.builtin).name) : "";
  }
  template <class Node>
  std::string operator()(const Node& node) const {
    if constexpr (requires { node.map; }) {
      if (program.maps[node.map].storage == MapStorage::kTask) return "what each task has of its own";
    }
    return "";
  }

  std::string operator()(const typed::Expr& expr) const {
    const auto* load = std::get_if<typed::Load>(&expr.node);
    if (load == nullptr) return std::visit(*this, expr.node);
    return is_own_variable(*load->address, expr.type.size) ? "" : memory(load->space);
  }
  std::string operator()(const typed::Stmt& stmt) const { return std::visit(*this, stmt.node); }

 private:
  static std::string memory(AddressSpace space) {
    switch (space) {
      case AddressSpace::kNone: return "a read through a pointer";  // the verifier checks where it points
      case AddressSpace::kKernel: return "the kernel's memory";
      case AddressSpace::kUser: return "the memory of a process";
    }
    return "";
  }

  // Whether `address` is, for certain, that of a variable of so many bytes.
  bool is_own_variable(const typed::Expr& address, std::uint32_t bytes) const {
    if (address.type.size != 8) return false;  // the address has been cut
    if (const auto* convert = std::get_if<typed::Convert>(&address.node))
      return is_own_variable(*convert->operand, bytes);
    const auto* variable = std::get_if<typed::VariableAddress>(&address.node);
    return variable != nullptr && bytes <= clause.variables[variable->variable].type.size;
  }
};

// Why nodes of a clause need the host.
struct HostNeed {
  const typed::CheckedProgram& program;

  std::string operator()(const typed::ForMap& node) const {
    return node.order ? "a sorted loop" : aggregation(node.map);
  }
  std::string operator()(const typed::ReadAggregation& node) const { return aggregation(node.map); }
  std::string operator()(const typed::Call& node) const {
    // The kernel looks numbers up as the initial namespace counts.
    if (node.builtin == Builtin::kCommOf && !program.pid_namespace.initial)
      return "comm() of another process, in a PID namespace,";
    return needs_of(node.builtin) == Needs::kHost ? fmt::format("`{}`", builtin_row(node.builtin).name) : "";
  }
  template <class Node>
  std::string operator()(const Node& node) const {
    if constexpr (requires { node.map; }) return map(node.map);
    return "";
  }

  std::string operator()(const typed::Expr& expr) const { return std::visit(*this, expr.node); }
  std::string operator()(const typed::Stmt& stmt) const { return std::visit(*this, stmt.node); }

  static std::string of(const Type& type) {
    if (!needs_host(type)) return "";
    if (type.kind == TypeKind::kFloat) return "floating point";
    if (type.kind == TypeKind::kText) return "a text";
    return fmt::format("`{}`", type_name(type));
  }

 private:
  // Of what is read as a number.
  std::string aggregation(typed::MapId id) const {
    TypeKind kind = program.maps[id].value.kind;
    if (kind == TypeKind::kPercentiles) return "a percentile";
    return kind == TypeKind::kDeviation ? "a standard deviation" : map(id);
  }
  std::string map(typed::MapId id) const {
    std::string key = of(program.maps[id].key);
    return key.empty() ? of(program.maps[id].value) : key;
  }
};

// The first node for which `need` gives a text.
template <class Need>
Reason find_reason(const Clause& clause, const Need& need, bool types) {
  Reason reason;
  auto note = [&](std::string text, Span span) {
    if (!text.empty()) reason = {std::move(text), span};
    return reason.has_value();
  };
  typed::Search search{.on_expr =
                           [&](const typed::Expr& expr) {
                             return note(need(expr), expr.span) || (types && note(HostNeed::of(expr.type), expr.span));
                           },
                       .on_stmt = [&](const typed::Stmt& stmt) { return note(need(stmt), stmt.span); }};
  static_cast<void>(search.find(clause.body));
  return reason;
}

Reason kernel_reason(const typed::CheckedProgram& program, const Clause& clause) {
  if (!can_run_on_host(clause.kind))
    return PlacementReason{fmt::format("a `{}` clause", probe_row(clause.kind).name), clause.span};
  return find_reason(clause, KernelNeed{program, clause}, false);
}

Reason host_reason(const typed::CheckedProgram& program, const Clause& clause) {
  return find_reason(clause, HostNeed{program}, true);
}

// --- maps ---------------------------------------------------------------------------------------

// Calls `visit(map)` for each use of a map.
template <class Visit>
void for_each_map(const Clause& clause, const Visit& visit) {
  auto look = [&](const auto& node) {
    if constexpr (requires { node.map; }) visit(node.map);
    return false;
  };
  typed::Search search{.on_expr = [&](const typed::Expr& expr) { return std::visit(look, expr.node); },
                       .on_stmt = [&](const typed::Stmt& stmt) { return std::visit(look, stmt.node); }};
  static_cast<void>(search.find(clause.body));
}

std::vector<bool> maps_in_kernel(const typed::CheckedProgram& program) {
  std::vector<bool> used(program.maps.size(), false);
  for (const Clause& clause : program.clauses) {
    if (clause.placement == Placement::kKernel) for_each_map(clause, [&](typed::MapId map) { used[map] = true; });
  }
  return used;
}

// Changes in place, which from outside of the kernel would lose what clauses there do at the same moment.
struct InPlaceNeed {
  const typed::CheckedProgram& program;
  const std::vector<bool>& in_kernel;

  std::string operator()(const typed::AddToMap& node) const { return change(node.map); }
  std::string operator()(const typed::Aggregate& node) const { return change(node.map); }
  std::string operator()(const typed::DeleteKey& node) const { return node.key == nullptr ? change(node.map) : ""; }
  template <class Node>
  std::string operator()(const Node&) const {
    return "";
  }

  std::string operator()(const typed::Expr& expr) const { return std::visit(*this, expr.node); }
  std::string operator()(const typed::Stmt& stmt) const { return std::visit(*this, stmt.node); }

 private:
  std::string change(typed::MapId map) const {
    return in_kernel[map] ? fmt::format("a change of @{}, which clauses in the kernel use too,", program.maps[map].name)
                          : "";
  }
};

// --- decisions ----------------------------------------------------------------------------------

void report_mixed(DiagSink& diagnostics, const PlacementReason& host, const PlacementReason& kernel) {
  auto& diagnostic = diagnostics.report(Diag::MixedPlacement, host.span, host.text);
  diagnostic.notes.push_back({kernel.span, fmt::format("{} needs the kernel", kernel.text)});
  diagnostic.help = "keep in a map what the kernel sees, and compute in an `interval` or `end` clause of its own";
}

// Tests and benchmarks are about code of other probes, which runs in the kernel.
bool tries_code(ProbeKind kind) { return kind == ProbeKind::kTest || kind == ProbeKind::kBench; }

void place_clause(const typed::CheckedProgram& program, Clause& clause, PlacementWish wish, DiagSink& diagnostics) {
  Reason kernel = kernel_reason(program, clause);
  Reason host = host_reason(program, clause);
  if (kernel && host) return report_mixed(diagnostics, *host, *kernel);
  if (wish == PlacementWish::kKernel && host) {
    diagnostics.report(Diag::NotInKernel, host->span, host->text);
  } else if (wish == PlacementWish::kHost && kernel) {
    diagnostics.report(Diag::NotOnHost, kernel->span, kernel->text);
  }
  bool in_kernel =
      wish == PlacementWish::kKernel || kernel || (wish == PlacementWish::kAuto && !host && tries_code(clause.kind));
  clause.placement = in_kernel ? Placement::kKernel : Placement::kHost;
  clause.bound = kernel ? kernel : host;
}

// Interval clauses inside hawk, by the maps they use. Nothing runs in the kernel while begin and end clauses do.
std::vector<std::vector<std::size_t>> intervals_by_map(const typed::CheckedProgram& program) {
  std::vector<std::vector<std::size_t>> users(program.maps.size());
  for (std::size_t i = 0; i < program.clauses.size(); ++i) {
    const Clause& clause = program.clauses[i];
    if (clause.placement != Placement::kHost || clause.kind != ProbeKind::kInterval) continue;
    for_each_map(clause, [&](typed::MapId map) {
      if (users[map].empty() || users[map].back() != i) users[map].push_back(i);
    });
  }
  return users;
}

// Moves interval clauses that have to change maps in place where the kernel does. One that moves takes its maps along,
// so that others may have to follow: those that use them are looked at in the next round.
void move_changes_to_kernel(typed::CheckedProgram& program, DiagSink& diagnostics) {
  std::vector<std::vector<std::size_t>> users = intervals_by_map(program);
  std::vector<bool> in_kernel = maps_in_kernel(program);
  std::vector<typed::MapId> taken;
  for (std::size_t i = 0; i < in_kernel.size(); ++i) {
    if (in_kernel[i]) taken.push_back(static_cast<typed::MapId>(i));
  }
  while (!taken.empty() && !diagnostics.has_errors()) {
    std::set<std::size_t> round;
    for (typed::MapId map : taken) round.insert(users[map].begin(), users[map].end());
    taken.clear();
    std::vector<const Clause*> moved;
    for (std::size_t i : round) {
      Clause& clause = program.clauses[i];
      if (clause.placement != Placement::kHost) continue;
      Reason change = find_reason(clause, InPlaceNeed{program, in_kernel}, false);
      if (!change) continue;
      if (clause.bound) report_mixed(diagnostics, *clause.bound, *change);
      clause.placement = Placement::kKernel;
      clause.bound = std::move(change);
      moved.push_back(&clause);
    }
    for (const Clause* clause : moved) {
      for_each_map(*clause, [&](typed::MapId map) {
        if (!in_kernel[map]) taken.push_back(map);
        in_kernel[map] = true;
      });
    }
  }
}

}  // namespace

bool can_run_on_host(ProbeKind kind) {
  return kind == ProbeKind::kBegin || kind == ProbeKind::kEnd || kind == ProbeKind::kSelf ||
         kind == ProbeKind::kInterval || tries_code(kind);
}

void place_program(typed::CheckedProgram& program, PlacementWish wish, DiagSink& diagnostics) {
  for (Clause& clause : program.clauses) place_clause(program, clause, wish, diagnostics);
  move_changes_to_kernel(program, diagnostics);
  std::vector<bool> in_kernel = maps_in_kernel(program);
  bool any_host = std::any_of(program.clauses.begin(), program.clauses.end(),
                              [](const Clause& clause) { return clause.placement == Placement::kHost; });
  for (std::size_t i = 0; i < program.maps.size(); ++i)
    program.maps[i].placement = in_kernel[i] || !any_host ? Placement::kKernel : Placement::kHost;
}

std::string dump_placement(const typed::CheckedProgram& program, const Sources& sources) {
  auto name = [](Placement placement) { return placement == Placement::kKernel ? "kernel" : "host"; };
  std::string text;
  for (std::size_t i = 0; i < program.clauses.size(); ++i) {
    const Clause& clause = program.clauses[i];
    std::string why = "or the other";
    if (clause.bound) {
      LineColumn place = sources.get(clause.bound->span.file).position(clause.bound->span.begin);
      why = fmt::format("only: {} ({}:{})", clause.bound->text, place.line, place.column);
    }
    text += fmt::format("{:<16} {:<7} {}\n", fmt::format("{}_{}", probe_row(clause.kind).name, i + 1),
                        name(clause.placement), why);
  }
  for (const MapSchema& map : program.maps) text += fmt::format("{:<16} {}\n", "@" + map.name, name(map.placement));
  return text;
}

}  // namespace hawk
