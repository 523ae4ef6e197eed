// Perf events as carriers of BPF programs: perf_event_open(2) and the two ways to hang a program on one.
#pragma once

#include <linux/perf_event.h>
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/attachment.h"

namespace hawk {

// Where an event counts: `pid` -1 is every process, `cpu` -1 every CPU; not both.
struct PerfScope {
  pid_t pid = -1;
  int cpu = -1;
};

// Invalid with errno set on failure. Sets attr.size; the event does not survive exec.
[[nodiscard]] UniqueFd open_perf_event(perf_event_attr attr, PerfScope scope);

// Hangs a program on `event`: a BPF link with `cookie`, or before Linux 5.15 an ioctl. 0 or an errno.
[[nodiscard]] int attach_perf_event(Attachment& attachment, UniqueFd event, int program_fd, std::uint64_t cookie);

// Opens and attaches; 0 or an errno.
[[nodiscard]] int attach_perf_event(AttachOutcome& outcome, const perf_event_attr& attr, PerfScope scope,
                                    int program_fd);

// To a tracepoint, by its number in tracefs (Tracefs::event_id).
[[nodiscard]] int attach_tracepoint_event(AttachOutcome& outcome, int id, int program_fd);

// perf_event_attr.type of a dynamic PMU ("kprobe", "uprobe"); nullopt if this kernel has none.
[[nodiscard]] std::optional<std::uint32_t> pmu_type(const std::string& pmu);
// The lowest bit of perf_event_attr.config that belongs to a field of a dynamic PMU; nullopt if this kernel has none.
[[nodiscard]] std::optional<int> pmu_field(const std::string& pmu, const std::string& field);
// The bit of perf_event_attr.config that asks for the function's return instead of its entry.
[[nodiscard]] std::uint64_t pmu_return_bit(const std::string& pmu);

// The CPUs that are online now; at least {0}.
[[nodiscard]] std::vector<int> online_cpus();
// The numbers in a kernel CPU list: "0-2,5" is {0, 1, 2, 5}.
[[nodiscard]] std::vector<int> parse_cpu_list(std::string_view text);
// The threads of a process; empty if it is gone.
[[nodiscard]] std::vector<pid_t> threads_of(pid_t pid);

}  // namespace hawk
