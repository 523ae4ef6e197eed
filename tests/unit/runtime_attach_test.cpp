// Attaching: order, modes, CPU lists, what refusals mean, which capabilities it takes.
#include <gtest/gtest.h>

#include <cerrno>
#include <span>

#include "runtime/attach.h"
#include "runtime/attach_error.h"
#include "runtime/perf_event.h"
#include "runtime/privileges.h"
#include "runtime/ring_size.h"

namespace hawk {
namespace {

TEST(CpuList, Forms) {
  struct Case {
    const char* text;
    std::vector<int> cpus;
  };
  const Case cases[] = {
      {"0\n", {0}}, {"0-3\n", {0, 1, 2, 3}}, {"0,2-3,7\n", {0, 2, 3, 7}}, {"", {}}, {"\n", {}},
  };
  for (const Case& row : cases) EXPECT_EQ(parse_cpu_list(row.text), row.cpus) << row.text;
  EXPECT_FALSE(online_cpus().empty());
}

HookChoice hook_of(const ProgramSpec& program, AllowedHooks allowed) {
  return choose_hooks(std::span(&program, 1), allowed).front();
}

ProgramSpec kprobe_program(ProbeKind kind, std::initializer_list<const char*> functions) {
  ProgramSpec program;
  program.type = ProgramType::kKprobe;
  for (const char* function : functions)
    program.probes.push_back({.kind = kind, .name = "", .target = "", .function = function});
  return program;
}

// The hooks that a session was considered for, when it is forbidden.
std::vector<std::size_t> considered_for_session(const std::vector<ProgramSpec>& programs, const char* reason) {
  std::vector<HookChoice> choices = choose_hooks(programs, {.kprobe_multi = false, .kprobe_session = false});
  std::vector<std::size_t> considered;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    for (const PassedOver& passed : choices[i].passed_over) {
      if (passed.hook == std::string_view("kprobe_session link") && passed.reason == reason) considered.push_back(i);
    }
  }
  return considered;
}

TEST(Hooks, BothEndsOfTheSameFunctionsShareASession) {
  using Programs = std::vector<std::size_t>;
  const char* disabled = "--no-feature says so";
  auto entry = [](std::initializer_list<const char*> functions) {
    return kprobe_program(ProbeKind::kKprobe, functions);
  };
  auto returns = [](std::initializer_list<const char*> functions) {
    return kprobe_program(ProbeKind::kKretprobe, functions);
  };
  EXPECT_EQ(considered_for_session({entry({"a", "b"}), returns({"a", "b"})}, disabled), (Programs{0, 1}));
  EXPECT_EQ(considered_for_session({entry({"a"}), returns({"a"})}, disabled), (Programs{})) << "one has all registers";
  EXPECT_EQ(considered_for_session({returns({"a", "b"}), entry({"c"}), entry({"a", "b"})}, disabled), (Programs{0, 2}));
  EXPECT_EQ(considered_for_session({entry({"a", "b"}), returns({"a"})}, disabled), (Programs{}));
  EXPECT_EQ(considered_for_session({entry({"a"}), entry({"a"})}, disabled), (Programs{}));
  ProgramSpec module = returns({"a", "b"});
  module.probes.front().target = "nf_nat";
  EXPECT_EQ(considered_for_session({entry({"a", "b"}), module}, disabled), (Programs{}));
  std::vector<ProgramSpec> third = {entry({"a", "b"}), returns({"a", "b"}), entry({"b"})};
  EXPECT_EQ(considered_for_session(third, disabled), (Programs{}));
  EXPECT_EQ(considered_for_session(third, "clauses on one function run in their order"), (Programs{0, 1}));
}

TEST(Hooks, OneProbeIsAttachedAlone) {
  ProgramSpec program;
  program.probes.push_back({.kind = ProbeKind::kKprobe, .name = "kprobe:a", .target = "", .function = "a"});
  EXPECT_EQ(describe_hook(program, hook_of(program, {})), "kprobe:a: perf event for each function");
  program.probes.push_back({.kind = ProbeKind::kKprobe, .name = "kprobe:m:b", .target = "m", .function = "b"});
  HookChoice choice = hook_of(program, {});
  EXPECT_EQ(choice.mode, AttachMode::kOneByOne) << "a module cannot be named in a list";
  EXPECT_EQ(
      describe_hook(program, choice),
      "kprobe:a and 1 more: perf event for each function (no kprobe_multi link: it takes functions without module, "
      "offset or address)");
}

TEST(Hooks, WhatIsForbiddenIsNotUsed) {
  ProgramSpec program;
  for (const char* name : {"a", "b"})
    program.probes.push_back({.kind = ProbeKind::kUprobe, .name = std::string("uprobe:x:") + name, .target = "/x"});
  HookChoice choice = hook_of(program, {.kprobe_multi = true, .uprobe_multi = false});
  EXPECT_EQ(choice.mode, AttachMode::kOneByOne);
  EXPECT_EQ(describe_hook(program, choice),
            "uprobe:x:a and 1 more: perf event for each place (no uprobe_multi link: --no-feature says so)");
}

TEST(AttachOrder, ByKind) {
  EXPECT_TRUE(fires_newest_first(ProbeKind::kKprobe));
  EXPECT_TRUE(fires_newest_first(ProbeKind::kUretprobe));
  EXPECT_FALSE(fires_newest_first(ProbeKind::kKretprobe));
  EXPECT_FALSE(fires_newest_first(ProbeKind::kTracepoint));
  EXPECT_FALSE(is_attachable(ProbeKind::kBegin));
  EXPECT_TRUE(is_attachable(ProbeKind::kProfile));
}

struct ErrorCase {
  ProbeKind kind;
  const char* name;
  int error;
  const char* message;
};

TEST(AttachError, SaysWhatTheKernelMeans) {
  const ErrorCase cases[] = {
      {ProbeKind::kHardware, "hardware:cycles:1000000", ENOENT,
       "Unable to attach probe `hardware:cycles:1000000`: this machine has no hardware performance counters"},
      {ProbeKind::kKprobe, "kprobe:vfs_read", ENODEV,
       "Unable to attach probe `kprobe:vfs_read`: this kernel was built without kprobes (CONFIG_KPROBES)"},
      {ProbeKind::kUprobe, "uprobe:/bin/ls:main", EINVAL,
       "Unable to attach probe `uprobe:/bin/ls:main`: the kernel cannot place a breakpoint there"},
      {ProbeKind::kTracepoint, "tracepoint:a:b", EPERM,
       "Unable to attach probe `tracepoint:a:b`: the kernel does not permit it"},
      {ProbeKind::kInterval, "interval:hz:1000000", EINVAL,
       "Unable to attach probe `interval:hz:1000000`: the rate is above what the kernel allows"},
      {ProbeKind::kSoftware, "software:cs:1", EDOM,
       "Unable to attach probe `software:cs:1`: the kernel answered `Numerical argument out of domain`"},
  };
  for (const ErrorCase& row : cases) {
    ProbeSpec probe{.kind = row.kind, .name = row.name, .target = "", .function = ""};
    Error error = attach_error({.probe = &probe, .error = row.error, .reason = ""});
    EXPECT_EQ(error.message, row.message);
    EXPECT_EQ(error.exit_code, kExitKernel);
  }
}

TEST(AttachError, PrefersAKnownReason) {
  ProbeSpec probe{.kind = ProbeKind::kTracepoint, .name = "tracepoint:a:b", .target = "a", .function = "b"};
  Error error = attach_error({.probe = &probe, .error = ENOENT, .reason = "no such tracepoint: `a:b`"});
  EXPECT_EQ(error.message, "Unable to attach probe `tracepoint:a:b`: no such tracepoint: `a:b`");
}

TEST(Privileges, Capabilities) {
  EXPECT_EQ(effective_capabilities("Name:\tx\nCapPrm:\t0\nCapEff:\t000000c000000000\nCapBnd:\t1\n"), 0xc000000000U);
  EXPECT_EQ(effective_capabilities("Name:\tx\n"), 0U);
  using Names = std::vector<std::string>;
  EXPECT_EQ(missing_capabilities(0), (Names{"CAP_BPF", "CAP_PERFMON"}));
  EXPECT_EQ(missing_capabilities(std::uint64_t{1} << 39), (Names{"CAP_PERFMON"}));
  EXPECT_EQ(missing_capabilities(std::uint64_t{3} << 38), (Names{}));
  EXPECT_EQ(missing_capabilities(std::uint64_t{1} << 21), (Names{})) << "CAP_SYS_ADMIN";
}

TEST(RingSize, PowersOfTwoWithinLimits) {
  constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;
  EXPECT_EQ(ring_buffer_bytes(0, kGiB / 8), 64U * 4096);
  EXPECT_EQ(ring_buffer_bytes(0, kGiB), 256U * 4096);
  EXPECT_EQ(ring_buffer_bytes(0, 3 * kGiB), 1024U * 4096) << "rounded up";
  EXPECT_EQ(ring_buffer_bytes(0, 1024 * kGiB), 4096U * 4096);
  EXPECT_EQ(ring_buffer_bytes(5, kGiB), 8U * 4096) << "from the configuration";
  EXPECT_EQ(ring_buffer_bytes(std::uint64_t{1} << 40, kGiB), 1U << 31) << "the kernel's limit";
}

}  // namespace
}  // namespace hawk
