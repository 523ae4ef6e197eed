// Probes in user programs: one perf event each, or many by one uprobe_multi link.
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <map>
#include <span>

#include "runtime/attach.h"
#include "runtime/perf_event.h"
#include "runtime/probe_program.h"

namespace hawk {

namespace {

// enum bpf_attach_type and flags of Linux 6.6, which the headers of Debian 12 do not have.
constexpr std::uint32_t kAttachUprobeMulti = 48;
constexpr std::uint32_t kUprobeMultiReturn = 1;

// The part of union bpf_attr that BPF_LINK_CREATE reads for uprobe_multi.
struct UprobeMultiLink {
  std::uint32_t program_fd = 0;
  std::uint32_t target_fd = 0;
  std::uint32_t attach_type = kAttachUprobeMulti;
  std::uint32_t link_flags = 0;
  std::uint64_t path = 0;
  std::uint64_t offsets = 0;
  std::uint64_t reference_counters = 0;
  std::uint64_t cookies = 0;
  std::uint32_t count = 0;
  std::uint32_t flags = 0;
  std::uint32_t pid = 0;
  std::uint32_t reserved = 0;
};

std::uint64_t address_number(const void* pointer) { return reinterpret_cast<std::uint64_t>(pointer); }

UniqueFd create_link(const UprobeMultiLink& link) {
  return UniqueFd(static_cast<int>(::syscall(SYS_bpf, BPF_LINK_CREATE, &link, sizeof(link))));
}

using Probes = std::vector<const ProbeSpec*>;

// One link over probes of the same file; 0 or an errno.
int link_uprobes(const AttachRequest& request, std::span<const ProbeSpec* const> probes, AttachOutcome& outcome) {
  std::vector<std::uint64_t> offsets;
  std::vector<std::uint64_t> semaphores;
  std::vector<std::uint64_t> cookies;
  for (const ProbeSpec* probe : probes) offsets.push_back(probe->offset);
  for (const ProbeSpec* probe : probes) semaphores.push_back(probe->semaphore);
  for (const ProbeSpec* probe : probes)
    cookies.push_back(static_cast<std::uint64_t>(probe - request.program.probes.data()));
  UprobeMultiLink link;
  link.program_fd = static_cast<std::uint32_t>(request.program_fd);
  link.path = address_number(probes.front()->target.c_str());
  link.offsets = address_number(offsets.data());
  link.reference_counters = address_number(semaphores.data());  // 0 is none
  link.cookies = address_number(cookies.data());
  link.count = static_cast<std::uint32_t>(offsets.size());
  link.flags = probes.front()->kind == ProbeKind::kUretprobe ? kUprobeMultiReturn : 0;
  link.pid = static_cast<std::uint32_t>(request.pid);
  Attachment attachment;
  attachment.link = create_link(link);
  if (!attachment.link.valid()) return errno;
  outcome.add(std::move(attachment));
  outcome.probes += probes.size();
  return 0;
}

// A refused list is halved until the bad ones are found.
void link_what_works(const AttachRequest& request, std::span<const ProbeSpec* const> probes, AttachOutcome& outcome) {
  int error = link_uprobes(request, probes, outcome);
  if (error == 0) return;
  if (probes.size() == 1) return outcome.fail(*probes.front(), error);
  std::size_t half = probes.size() / 2;
  link_what_works(request, probes.first(half), outcome);
  link_what_works(request, probes.subspan(half), outcome);
}

}  // namespace

int attach_uprobe(const ProbeSpec& probe, const AttachRequest& request, AttachOutcome& outcome) {
  std::optional<std::uint32_t> type = pmu_type("uprobe");
  if (!type) return ENODEV;
  perf_event_attr attr{};
  attr.type = *type;
  if (probe.kind == ProbeKind::kUretprobe) attr.config = pmu_return_bit("uprobe");
  if (probe.semaphore != 0) {
    std::optional<int> shift = pmu_field("uprobe", "ref_ctr_offset");
    if (!shift) return EOPNOTSUPP;  // before Linux 4.20
    attr.config |= probe.semaphore << *shift;
  }
  attr.uprobe_path = address_number(probe.target.c_str());
  attr.probe_offset = probe.offset;
  attr.disabled = 1;
  PerfScope scope = request.pid > 0 ? PerfScope{.pid = request.pid, .cpu = -1} : PerfScope{.pid = -1, .cpu = 0};
  return attach_perf_event(outcome, attr, scope, request.program_fd);
}

namespace {

bool try_uprobe_multi() {
  UniqueFd program =
      load_probe_program({.type = BPF_PROG_TYPE_KPROBE, .attach_type = static_cast<int>(kAttachUprobeMulti)});
  if (!program.valid()) return false;
  // A kernel that knows the link type gets as far as finding that `/` is no regular file (EBADF, Linux 6.6).
  std::uint64_t offset = 0;
  UprobeMultiLink link;
  link.program_fd = static_cast<std::uint32_t>(program.get());
  link.path = address_number("/");
  link.offsets = address_number(&offset);
  link.count = 1;
  return !create_link(link).valid() && errno == EBADF;
}

}  // namespace

bool has_uprobe_multi() {
  static const bool has = try_uprobe_multi();  // asked once for each program
  return has;
}

void attach_uprobe_multi(const AttachRequest& request, AttachOutcome& outcome) {
  std::map<std::string, Probes> by_file;
  for (const ProbeSpec& probe : request.program.probes) by_file[probe.target].push_back(&probe);
  for (const auto& [file, probes] : by_file) link_what_works(request, probes, outcome);
}

}  // namespace hawk
