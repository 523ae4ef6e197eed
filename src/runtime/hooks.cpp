#include "runtime/hooks.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/attach.h"

namespace hawk {

namespace {

// Why a mechanism cannot serve the program here; "" if it can.
using Obstacle = std::string (*)(const ProgramSpec&, AllowedHooks);

constexpr const char* kDisabled = "--no-feature says so";
constexpr const char* kSingle = "one probe needs none";

bool is_plain_function(const ProbeSpec& probe) {
  return probe.target.empty() && probe.offset == 0 && probe.address == 0 && !probe.function.empty();
}

std::string no_obstacle(const ProgramSpec& /*program*/, AllowedHooks /*allowed*/) { return {}; }

std::string kprobe_multi_obstacle(const ProgramSpec& program, AllowedHooks allowed) {
  if (program.probes.size() < 2) return kSingle;
  if (program.overrides) return "override() works in one function at a time";
  if (!std::all_of(program.probes.begin(), program.probes.end(), is_plain_function))
    return "it takes functions without module, offset or address";
  if (!allowed.kprobe_multi) return kDisabled;
  return has_kprobe_multi() ? "" : "this kernel has none: Linux 5.18 with CONFIG_FPROBE has";
}

std::string uprobe_multi_obstacle(const ProgramSpec& program, AllowedHooks allowed) {
  if (program.probes.size() < 2) return kSingle;
  if (!allowed.uprobe_multi) return kDisabled;
  return has_uprobe_multi() ? "" : "this kernel has none: Linux 6.6 has";
}

struct HookRow {
  std::uint64_t kinds;  // bits 1 << ProbeKind
  const char* name;
  AttachMode mode;
  Obstacle obstacle;
};

template <typename... Kinds>
constexpr std::uint64_t kinds(Kinds... each) {
  return ((std::uint64_t{1} << static_cast<unsigned>(each)) | ...);
}

// For each kind of probe the first row without an obstacle counts.
constexpr HookRow kRows[] = {
    {kinds(ProbeKind::kKprobe, ProbeKind::kKretprobe), "kprobe_multi link", AttachMode::kKprobeMulti,
     kprobe_multi_obstacle},
    {kinds(ProbeKind::kKprobe, ProbeKind::kKretprobe), "perf event for each function", AttachMode::kOneByOne,
     no_obstacle},
    {kinds(ProbeKind::kUprobe, ProbeKind::kUretprobe, ProbeKind::kUsdt), "uprobe_multi link", AttachMode::kUprobeMulti,
     uprobe_multi_obstacle},
    {kinds(ProbeKind::kUprobe, ProbeKind::kUretprobe, ProbeKind::kUsdt), "perf event for each place",
     AttachMode::kOneByOne, no_obstacle},
    {kinds(ProbeKind::kFentry, ProbeKind::kFexit), "BPF trampoline of the function", AttachMode::kOneByOne,
     no_obstacle},
    {kinds(ProbeKind::kTracepoint), "perf event of the tracepoint", AttachMode::kOneByOne, no_obstacle},
    {kinds(ProbeKind::kRawTracepoint), "raw tracepoint", AttachMode::kOneByOne, no_obstacle},
    {kinds(ProbeKind::kProfile), "perf timer on each CPU", AttachMode::kOneByOne, no_obstacle},
    {kinds(ProbeKind::kInterval), "perf timer on one CPU", AttachMode::kOneByOne, no_obstacle},
    {kinds(ProbeKind::kSoftware, ProbeKind::kHardware), "perf counter on each CPU", AttachMode::kOneByOne, no_obstacle},
    {kinds(ProbeKind::kWatchpoint), "debug register of the processor", AttachMode::kOneByOne, no_obstacle},
    {kinds(ProbeKind::kIter), "BPF iterator", AttachMode::kOneByOne, no_obstacle},
    {kinds(ProbeKind::kBegin, ProbeKind::kEnd, ProbeKind::kSelf, ProbeKind::kTest, ProbeKind::kBench),
     "test run of the program", AttachMode::kOneByOne, no_obstacle},
};

}  // namespace

HookChoice choose_hook(const ProgramSpec& program, AllowedHooks allowed) {
  HookChoice choice;
  std::uint64_t kind = kinds(program.probes.front().kind);
  for (const HookRow& row : kRows) {
    if ((row.kinds & kind) == 0) continue;
    std::string obstacle = row.obstacle(program, allowed);
    if (!obstacle.empty()) {
      choice.passed_over.push_back({row.name, std::move(obstacle)});
      continue;
    }
    choice.mode = row.mode;
    choice.hook = row.name;
    break;
  }
  return choice;
}

std::string probes_of_program(const ProgramSpec& program) {
  std::string text = program.probes.front().name;
  if (program.probes.size() > 1) text += fmt::format(" and {} more", program.probes.size() - 1);
  return text;
}

std::string describe_hook(const ProgramSpec& program, const HookChoice& choice) {
  if (program.placement == Placement::kHost) return fmt::format("{}: inside hawk", probes_of_program(program));
  std::string text = fmt::format("{}: {}", probes_of_program(program), choice.hook);
  if (program.probes.size() < 2) return text;  // what serves many was never wanted
  for (const PassedOver& passed : choice.passed_over) text += fmt::format(" (no {}: {})", passed.hook, passed.reason);
  return text;
}

}  // namespace hawk
