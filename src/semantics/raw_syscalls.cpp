#include "semantics/raw_syscalls.h"

#include <algorithm>
#include <set>

#include "semantics/typed_search.h"

namespace hawk {

namespace {

constexpr std::size_t kFewEvents = 8;

// The number of the call, and whether it begins.
using Event = std::pair<std::uint32_t, bool>;

std::set<Event> events_of(const typed::Clause& clause) {
  std::set<Event> events;
  for (const ProbeSpec& probe : clause.probes) {
    if (probe.system_call) events.emplace(*probe.system_call, begins_system_call(probe));
  }
  return events;
}

bool needs_record(const typed::Clause& clause) {
  auto on_expr = [](const typed::Expr& expr) {
    if (std::holds_alternative<typed::ContextAddress>(expr.node)) return true;
    if (std::holds_alternative<typed::StackTrace>(expr.node)) return expr.type.kind == TypeKind::kStackKernel;
    const auto* call = std::get_if<typed::Call>(&expr.node);
    // Programs on raw tracepoints may not call functions of the kernel.
    return call != nullptr && (call->builtin == Builtin::kKernelCall || call->builtin == Builtin::kCommOf);
  };
  typed::Search search{.on_expr = on_expr};
  return search.find(clause.body);
}

bool can_be_raw(const typed::Clause& clause) {
  bool first = begins_system_call(clause.probes.front());
  return clause.placement == Placement::kKernel && !needs_record(clause) &&
         std::all_of(clause.probes.begin(), clause.probes.end(),
                     [&](const ProbeSpec& probe) { return probe.system_call && begins_system_call(probe) == first; });
}

bool overlap(const std::set<Event>& left, const std::set<Event>& right) {
  return std::any_of(left.begin(), left.end(), [&](const Event& event) { return right.contains(event); });
}

// Clauses on the events of all system calls run in their order with those on one of them.
bool sees_all_calls(const typed::Clause& clause) {
  return std::any_of(clause.probes.begin(), clause.probes.end(), [](const ProbeSpec& probe) {
    if (probe.kind == ProbeKind::kTracepoint) return probe.target == "raw_syscalls";
    return probe.kind == ProbeKind::kRawTracepoint && (probe.function == "sys_enter" || probe.function == "sys_exit");
  });
}

// Attaching that many tracepoints, and leaving them, takes longer than what it saves.
bool has_many_events(const typed::Clause* clause) { return clause->probes.size() > kFewEvents; }

typed::RawSyscalls raw_syscalls(const typed::Clause& clause) {
  typed::RawSyscalls raw{.enters = begins_system_call(clause.probes.front()), .numbers = {}};
  for (const auto& [number, begins] : events_of(clause)) raw.numbers.push_back(number);
  return raw;
}

}  // namespace

void choose_raw_syscalls(typed::CheckedProgram& program) {
  if (std::any_of(program.clauses.begin(), program.clauses.end(), sees_all_calls)) return;
  std::vector<typed::Clause*> raw;
  std::set<Event> others;  // where the tracepoint is kept
  for (typed::Clause& clause : program.clauses) {
    if (clause.kind != ProbeKind::kTracepoint) continue;
    if (can_be_raw(clause)) raw.push_back(&clause);
    else others.merge(events_of(clause));
  }
  for (bool changed = true; changed;) {
    changed = std::erase_if(raw, [&](typed::Clause* clause) {
                std::set<Event> events = events_of(*clause);
                bool together = overlap(events, others);
                if (together) others.merge(events);
                return together;
              }) > 0;
  }
  for (bool begins : {true, false}) {
    std::vector<typed::Clause*> programs;
    for (typed::Clause* clause : raw) {
      if (begins_system_call(clause->probes.front()) == begins) programs.push_back(clause);
    }
    if (programs.size() > 1 && std::none_of(programs.begin(), programs.end(), has_many_events)) continue;
    for (typed::Clause* clause : programs) clause->raw_syscalls = raw_syscalls(*clause);
  }
}

}  // namespace hawk
