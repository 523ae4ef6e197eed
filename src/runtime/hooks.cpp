#include "runtime/hooks.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "runtime/attach.h"
#include "runtime/kprobe_session.h"
#include "runtime/syscall_events.h"
#include "runtime/tracefs.h"

namespace hawk {

namespace {

// Whether a mechanism serves the program here; without a reason if it was never wanted.
struct Verdict {
  bool serves = false;
  std::string reason = {};
  std::shared_ptr<KprobeSession> session = {};
};

// Another program, for the other end of the same functions.
struct Partner {
  std::size_t program = 0;
  bool alone = true;  // the two are the only ones on these functions
};

struct Question {
  const ProgramSpec& program;
  AllowedHooks allowed;
  const Partner* partner = nullptr;
  const HookChoice* choice_of_partner = nullptr;  // if it was asked first
};
using Judge = Verdict (*)(const Question&);

Verdict passed_over(std::string reason) { return {.serves = false, .reason = std::move(reason)}; }
Verdict disabled() { return passed_over("--no-feature says so"); }
Verdict not_wanted() { return {}; }
Verdict serves() { return {.serves = true}; }

bool is_plain_function(const ProbeSpec& probe) {
  return probe.target.empty() && probe.offset == 0 && probe.address == 0 && !probe.function.empty();
}

bool are_plain_functions(const ProgramSpec& program) {
  return std::all_of(program.probes.begin(), program.probes.end(), is_plain_function);
}

Verdict always(const Question& /*question*/) { return serves(); }

Verdict kprobe_session(const Question& question) {
  // One function alone is better off with perf events: they have all registers, and refuse a name that is not unique.
  if (question.partner == nullptr || question.program.probes.size() < 2) return not_wanted();
  if (!question.partner->alone) return passed_over("clauses on one function run in their order");
  if (!question.allowed.kprobe_session || !question.allowed.kprobe_multi) return disabled();
  if (!has_kprobe_session()) return passed_over("this kernel has none: Linux 6.10 with CONFIG_FPROBE has");
  if (const HookChoice* other = question.choice_of_partner) {
    if (!other->session) return passed_over(other->passed_over.front().reason);
    return {.serves = true, .session = other->session};
  }
  Result<std::shared_ptr<KprobeSession>> opened = KprobeSession::open(question.program.probes);
  if (!opened) return passed_over(opened.error().message);
  return {.serves = true, .session = std::move(opened).value()};
}

Verdict kprobe_multi(const Question& question) {
  if (question.program.probes.size() < 2) return not_wanted();
  if (question.program.overrides) return passed_over("override() works in one function at a time");
  if (!are_plain_functions(question.program))
    return passed_over("it takes functions without module, offset or address");
  if (!question.allowed.kprobe_multi) return disabled();
  return has_kprobe_multi() ? serves() : passed_over("this kernel has none: Linux 5.18 with CONFIG_FPROBE has");
}

Verdict uprobe_multi(const Question& question) {
  if (question.program.probes.size() < 2) return not_wanted();
  if (!question.allowed.uprobe_multi) return disabled();
  return has_uprobe_multi() ? serves() : passed_over("this kernel has none: Linux 6.6 has");
}

Verdict tracepoint_event(const Question& question) {
  static const char* const why = [] {
    Result<Tracefs> tracefs = Tracefs::open();
    return tracefs ? why_all_syscalls(tracefs.value()) : nullptr;
  }();
  bool known = std::any_of(question.program.probes.begin(), question.program.probes.end(), [](const ProbeSpec& probe) {
    return probe.target == kSyscallEvents && find_syscall_event(probe.function);
  });
  return known && why != nullptr ? passed_over(why) : serves();
}

// The compiler has decided it.
Verdict raw_syscalls(const Question& question) {
  bool raw = question.program.type == ProgramType::kRawTracepoint;
  return raw ? serves() : not_wanted();
}

struct HookRow {
  std::uint64_t kinds;  // bits 1 << ProbeKind
  const char* name;
  AttachMode mode;
  Judge judge;
};

template <typename... Kinds>
constexpr std::uint64_t kinds(Kinds... each) {
  return ((std::uint64_t{1} << static_cast<unsigned>(each)) | ...);
}

// For each kind of probe the first row that serves counts.
constexpr HookRow kRows[] = {
    {kinds(ProbeKind::kKprobe, ProbeKind::kKretprobe), "kprobe_session link", AttachMode::kKprobeSession,
     kprobe_session},
    {kinds(ProbeKind::kKprobe, ProbeKind::kKretprobe), "kprobe_multi link", AttachMode::kKprobeMulti, kprobe_multi},
    {kinds(ProbeKind::kKprobe, ProbeKind::kKretprobe), "perf event for each function", AttachMode::kOneByOne, always},
    {kinds(ProbeKind::kUprobe, ProbeKind::kUretprobe, ProbeKind::kUsdt), "uprobe_multi link", AttachMode::kUprobeMulti,
     uprobe_multi},
    {kinds(ProbeKind::kUprobe, ProbeKind::kUretprobe, ProbeKind::kUsdt), "perf event for each place",
     AttachMode::kOneByOne, always},
    {kinds(ProbeKind::kFentry, ProbeKind::kFexit), "BPF trampoline of the function", AttachMode::kOneByOne, always},
    {kinds(ProbeKind::kTracepoint), "raw tracepoint, by number", AttachMode::kRawSyscalls, raw_syscalls},
    {kinds(ProbeKind::kTracepoint), "perf event of the tracepoint", AttachMode::kOneByOne, tracepoint_event},
    {kinds(ProbeKind::kTracepoint), "raw_syscalls event, by number", AttachMode::kOneByOne, always},
    {kinds(ProbeKind::kRawTracepoint), "raw tracepoint", AttachMode::kOneByOne, always},
    {kinds(ProbeKind::kProfile), "perf timer on each CPU", AttachMode::kOneByOne, always},
    {kinds(ProbeKind::kInterval), "perf timer on one CPU", AttachMode::kOneByOne, always},
    {kinds(ProbeKind::kSoftware, ProbeKind::kHardware), "perf counter on each CPU", AttachMode::kOneByOne, always},
    {kinds(ProbeKind::kWatchpoint), "debug register of the processor", AttachMode::kOneByOne, always},
    {kinds(ProbeKind::kIter), "BPF iterator", AttachMode::kOneByOne, always},
    {kinds(ProbeKind::kBegin, ProbeKind::kEnd, ProbeKind::kSelf, ProbeKind::kTest, ProbeKind::kBench),
     "test run of the program", AttachMode::kOneByOne, always},
};

HookChoice choose_hook(const Question& question) {
  HookChoice choice;
  std::uint64_t kind = kinds(question.program.probes.front().kind);
  for (const HookRow& row : kRows) {
    if ((row.kinds & kind) == 0) continue;
    Verdict verdict = row.judge(question);
    if (!verdict.serves) {
      if (!verdict.reason.empty()) choice.passed_over.push_back({row.name, std::move(verdict.reason)});
      continue;
    }
    choice.mode = row.mode;
    choice.hook = row.name;
    choice.session = std::move(verdict.session);
    break;
  }
  return choice;
}

bool may_be_paired(const ProgramSpec& program, ProbeKind kind) {
  return program.placement == Placement::kKernel && program.probes.front().kind == kind && !program.overrides &&
         are_plain_functions(program);
}

bool have_same_functions(const ProgramSpec& left, const ProgramSpec& right) {
  auto same = [](const ProbeSpec& one, const ProbeSpec& other) { return one.function == other.function; };
  return std::equal(left.probes.begin(), left.probes.end(), right.probes.begin(), right.probes.end(), same);
}

// How many programs are on each function, of one kind.
std::unordered_map<std::string_view, int> count_programs(std::span<const ProgramSpec> programs, ProbeKind kind) {
  std::unordered_map<std::string_view, int> counts;
  for (const ProgramSpec& program : programs) {
    if (program.probes.front().kind != kind) continue;
    for (const ProbeSpec& probe : program.probes) ++counts[probe.function];
  }
  return counts;
}

// Programs of entries and of returns, each with the first free one of the other kind.
std::vector<std::optional<Partner>> pair_ends(std::span<const ProgramSpec> programs) {
  std::vector<std::optional<Partner>> partners(programs.size());
  auto entries = count_programs(programs, ProbeKind::kKprobe);
  auto returns = count_programs(programs, ProbeKind::kKretprobe);
  for (std::size_t entry = 0; entry < programs.size(); ++entry) {
    const ProgramSpec& program = programs[entry];
    if (!may_be_paired(program, ProbeKind::kKprobe) || !returns.contains(program.probes.front().function)) continue;
    for (std::size_t i = 0; i < programs.size() && !partners[entry]; ++i) {
      if (partners[i] || !may_be_paired(programs[i], ProbeKind::kKretprobe) ||
          !have_same_functions(program, programs[i]))
        continue;
      bool alone = std::all_of(program.probes.begin(), program.probes.end(), [&](const ProbeSpec& probe) {
        return entries[probe.function] == 1 && returns[probe.function] == 1;
      });
      partners[entry] = {.program = i, .alone = alone};
      partners[i] = {.program = entry, .alone = alone};
    }
  }
  return partners;
}

}  // namespace

std::vector<HookChoice> choose_hooks(std::span<const ProgramSpec> programs, AllowedHooks allowed) {
  std::vector<HookChoice> choices(programs.size());
  std::vector<std::optional<Partner>> partners = pair_ends(programs);
  for (std::size_t i = 0; i < programs.size(); ++i) {
    if (programs[i].placement == Placement::kHost) continue;
    Question question{.program = programs[i], .allowed = allowed};
    if (partners[i]) question.partner = &*partners[i];
    if (partners[i] && partners[i]->program < i) question.choice_of_partner = &choices[partners[i]->program];
    choices[i] = choose_hook(question);
  }
  return choices;
}

std::string probes_of_program(const ProgramSpec& program) {
  std::string text = program.probes.front().name;
  if (program.probes.size() > 1) text += fmt::format(" and {} more", program.probes.size() - 1);
  return text;
}

std::string describe_hook(const ProgramSpec& program, const HookChoice& choice) {
  if (program.placement == Placement::kHost) return fmt::format("{}: inside hawk", probes_of_program(program));
  std::string text = fmt::format("{}: {}", probes_of_program(program), choice.hook);
  for (const PassedOver& passed : choice.passed_over) text += fmt::format(" (no {}: {})", passed.hook, passed.reason);
  return text;
}

}  // namespace hawk
