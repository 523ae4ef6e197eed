// Probes in the kernel's code: kprobes, kretprobes, fentry, fexit, raw tracepoints.
#include <bpf/bpf.h>
#include <linux/perf_event.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <numeric>
#include <span>

#include "runtime/attach.h"
#include "runtime/kprobe_session.h"
#include "runtime/perf_event.h"
#include "runtime/probe_program.h"

namespace hawk {

namespace {

std::uint64_t as_number(const void* pointer) { return reinterpret_cast<std::uint64_t>(pointer); }

// "MODULE:FUNCTION" names a function of one module.
std::string symbol_of(const ProbeSpec& probe) {
  return probe.target.empty() ? probe.function : probe.target + ":" + probe.function;
}

// One link over `probes`; 0 or an errno.
int link_kprobes(const AttachRequest& request, std::span<const ProbeSpec> probes, AttachOutcome& outcome) {
  std::vector<std::size_t> order(probes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  // Linux 5.18 sorts the names and leaves the cookies where they are (mended in 5.19).
  std::sort(order.begin(), order.end(),
            [&](std::size_t left, std::size_t right) { return probes[left].function < probes[right].function; });
  std::vector<const char*> symbols;
  std::vector<__u64> cookies;
  for (std::size_t i : order) {
    symbols.push_back(probes[i].function.c_str());
    cookies.push_back(static_cast<__u64>(&probes[i] - request.program.probes.data()));
  }
  bpf_link_create_opts options{};
  options.sz = sizeof(options);
  options.kprobe_multi.cnt = static_cast<std::uint32_t>(symbols.size());
  options.kprobe_multi.syms = symbols.data();
  options.kprobe_multi.cookies = cookies.data();
  if (probes.front().kind == ProbeKind::kKretprobe) options.kprobe_multi.flags = BPF_F_KPROBE_MULTI_RETURN;
  Attachment attachment;
  attachment.link = UniqueFd(bpf_link_create(request.program_fd, 0, BPF_TRACE_KPROBE_MULTI, &options));
  if (!attachment.link.valid()) return errno;
  outcome.add(std::move(attachment));
  outcome.probes += probes.size();
  return 0;
}

// The kernel refuses the whole list for one bad name, so a refused list is halved until the bad ones are found.
void link_what_works(const AttachRequest& request, std::span<const ProbeSpec> probes, AttachOutcome& outcome) {
  int error = link_kprobes(request, probes, outcome);
  if (error == 0) return;
  if (probes.size() == 1) return outcome.fail(probes.front(), error);
  std::size_t half = probes.size() / 2;
  link_what_works(request, probes.first(half), outcome);
  link_what_works(request, probes.subspan(half), outcome);
}

}  // namespace

namespace {

int link_by_name(const char* name, int program_fd, AttachOutcome& outcome) {
  Attachment attachment;
  attachment.link = UniqueFd(bpf_raw_tracepoint_open(name, program_fd));
  if (!attachment.link.valid()) return errno;
  outcome.add(std::move(attachment));
  return 0;
}

}  // namespace

int attach_raw_tracepoint(const ProbeSpec& probe, int program_fd, AttachOutcome& outcome) {
  return link_by_name(probe.function.c_str(), program_fd, outcome);
}

void attach_raw_syscalls(const AttachRequest& request, AttachOutcome& outcome) {
  bool enters = begins_system_call(request.program.probes.front());
  int error = link_by_name(enters ? "sys_enter" : "sys_exit", request.program_fd, outcome);
  for (const ProbeSpec& probe : request.program.probes) {
    if (error != 0) outcome.fail(probe, error);
    else ++outcome.probes;
  }
}

// Linux 5.5 to 5.19 know no other way than this system call without a name.
int attach_typed_function(int program_fd, AttachOutcome& outcome) { return link_by_name(nullptr, program_fd, outcome); }

int attach_kprobe(const ProbeSpec& probe, int program_fd, AttachOutcome& outcome) {
  std::optional<std::uint32_t> type = pmu_type("kprobe");
  if (!type) return ENODEV;
  std::string symbol = symbol_of(probe);
  perf_event_attr attr{};
  attr.type = *type;
  if (probe.kind == ProbeKind::kKretprobe) attr.config = pmu_return_bit("kprobe");
  if (probe.function.empty()) {
    attr.kprobe_addr = probe.address;
  } else {
    attr.kprobe_func = as_number(symbol.c_str());
    attr.probe_offset = probe.offset;
  }
  attr.disabled = 1;
  return attach_perf_event(outcome, attr, {.pid = -1, .cpu = 0}, program_fd);
}

namespace {

bool try_kprobe_multi() {
  UniqueFd program = load_probe_program({.type = BPF_PROG_TYPE_KPROBE, .attach_type = BPF_TRACE_KPROBE_MULTI});
  if (!program.valid()) return false;
  // A list at an address that cannot be read: a kernel that knows the link type gets as far as reading it.
  bpf_link_create_opts options{};
  options.sz = sizeof(options);
  options.kprobe_multi.cnt = 1;
  options.kprobe_multi.addrs = reinterpret_cast<const unsigned long*>(1);
  UniqueFd link(bpf_link_create(program.get(), 0, BPF_TRACE_KPROBE_MULTI, &options));
  return !link.valid() && errno == EFAULT;
}

}  // namespace

bool has_kprobe_multi() {
  static const bool has = try_kprobe_multi();  // asked once for each program
  return has;
}

void attach_kprobe_multi(const AttachRequest& request, AttachOutcome& outcome) {
  link_what_works(request, request.program.probes, outcome);
}

void attach_kprobe_session(const AttachRequest& request, AttachOutcome& outcome) {
  const std::vector<ProbeSpec>& probes = request.program.probes;
  if (int error = request.hook.session->start(probes.front().kind, request.program_fd); error != 0) {
    for (const ProbeSpec& probe : probes) outcome.fail(probe, error);
    return;
  }
  outcome.probes += probes.size();
  if (probes.front().kind == ProbeKind::kKretprobe) return;  // the entry, which comes next, holds the link
  Attachment attachment;
  attachment.link = request.hook.session->take_link();
  attachment.dispatcher = request.hook.session->take_dispatcher();
  outcome.add(std::move(attachment));
}

}  // namespace hawk
