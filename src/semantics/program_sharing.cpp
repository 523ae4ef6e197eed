#include "semantics/program_sharing.h"

#include <fmt/format.h>

#include "ast/mentions.h"
#include "semantics/registers.h"

namespace hawk {

namespace {

// Whether the clause says something on purpose: its events then name the probe that fired.
bool reports(const ast::Clause& clause) {
  return mentions_any(clause, {Builtin::kPrintf, Builtin::kErrorf, Builtin::kWarnf, Builtin::kPrint, Builtin::kTime,
                               Builtin::kJoin, Builtin::kCat, Builtin::kSystem, Builtin::kExit, Builtin::kAssert});
}

bool is_argument(const std::string& name) { return argument_index(name).has_value(); }

// Programs of these types are attached with a number of hawk's choice, which they can ask for.
bool has_cookie(ProbeKind kind) {
  ProgramType type = probe_row(kind).program;
  return type == ProgramType::kKprobe || type == ProgramType::kTracepoint;
}

// By what a program tells its probes apart: nothing is the cookie.
std::string way_to_name(const ProbeSpec& probe) {
  if (!probe.system_call) return probe.function.empty() ? "without function" : "";
  return begins_system_call(probe) ? "calls" : "returns";
}

std::string describe(const TracepointFormat& format) {
  std::string text;
  for (const Field& field : format.fields) {
    if (!field.name.starts_with("common_"))
      text += fmt::format("{} {} {} {} {}\n", field.name, field.offset, field.type.size, field.data_loc,
                          type_name(field.type));
  }
  return text;
}

// Sites of a USDT probe have one name.
std::string place_of(const ProbeSpec& probe) { return fmt::format("{} {}", probe.name, probe.offset); }

}  // namespace

ProgramSharing::ProgramSharing(const ast::Clause& clause, TargetInfo& target, const CheckOptions& options)
    : target_(target),
      names_probe_(mentions_any(clause, {Builtin::kProbe, Builtin::kFunc})),
      reads_record_(mentions_any(clause, {Builtin::kArgs})),
      reads_arguments_(mentions(clause, is_argument)) {
  separate_ = mentions_any(clause, {Builtin::kUaddr}) || (options.event_origins && reports(clause)) ||
              (options.plain && (names_probe_ || reads_record_));
}

bool ProgramSharing::is_alone(const ProbeSpec& probe) const {
  // The kernel loads a program of fentry or fexit for one function.
  if (separate_ || probe_row(probe.kind).program == ProgramType::kTracing) return true;
  if (reads_record_ && probe.kind != ProbeKind::kTracepoint) return true;
  if (!names_probe_ || probe.system_call) return false;
  return !has_cookie(probe.kind) || !target_.has_kernel_helper("bpf_get_attach_cookie");
}

// Probes of one group can share.
std::string ProgramSharing::describe_group(const ProbeSpec& probe) const {
  std::string group = probe_row(probe.kind).name;
  if (names_probe_) group += "\n" + way_to_name(probe);
  if (!reads_record_) return group;
  auto format = target_.tracepoint_format(probe.target, probe.function);
  return group + "\n" + (format ? describe(format.value()) : probe.name);
}

ClauseState* ProgramSharing::find(const ProbeSpec& probe, std::vector<ClauseState>& programs) {
  if (is_alone(probe)) return nullptr;
  std::string description = describe_group(probe);
  for (Group& group : groups_) {
    ClauseState& program = programs[group.program];
    // Sites of USDT probes keep their arguments in different places.
    bool fits = !reads_arguments_ || program.probes.front().usdt_arguments == probe.usdt_arguments;
    if (fits && group.description == description && group.places.insert(place_of(probe)).second) return &program;
  }
  groups_.push_back({.description = std::move(description), .program = programs.size(), .places = {place_of(probe)}});
  return nullptr;
}

}  // namespace hawk
