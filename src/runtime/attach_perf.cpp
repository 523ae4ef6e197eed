// Probes that are perf events by nature: timers (profile, interval) and counters (software, hardware);
// watchpoints.
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <sys/ioctl.h>

#include <cerrno>

#include "runtime/attach.h"
#include "runtime/perf_event.h"

namespace hawk {

namespace {

int attach_enabled(AttachOutcome& outcome, const perf_event_attr& attr, PerfScope scope, int program_fd) {
  if (int error = attach_perf_event(outcome, attr, scope, program_fd); error != 0) return error;
  if (::ioctl(outcome.attachments.back().event.get(), PERF_EVENT_IOC_ENABLE, 0) != 0) return errno;
  return 0;
}

int attach_everywhere(AttachOutcome& outcome, const perf_event_attr& attr, int program_fd) {
  for (int cpu : online_cpus()) {
    if (int error = attach_enabled(outcome, attr, {.pid = -1, .cpu = cpu}, program_fd); error != 0) return error;
  }
  return 0;
}

// The process and what it starts: every thread that it has, and every thread and process made by those.
int attach_process(AttachOutcome& outcome, perf_event_attr attr, const AttachRequest& request) {
  attr.inherit = 1;
  bool attached = false;
  for (pid_t thread : threads_of(request.pid)) {
    int error = attach_enabled(outcome, attr, {.pid = thread, .cpu = -1}, request.program_fd);
    if (error != 0 && error != ESRCH) return error;  // ESRCH: that thread has just ended
    attached = attached || error == 0;
  }
  return attached ? 0 : ESRCH;
}

int attach_scope(const perf_event_attr& attr, const AttachRequest& request, AttachOutcome& outcome) {
  return request.pid > 0 ? attach_process(outcome, attr, request)
                         : attach_everywhere(outcome, attr, request.program_fd);
}

}  // namespace

int attach_timer(const ProbeSpec& probe, const AttachRequest& request, AttachOutcome& outcome) {
  perf_event_attr attr{};
  attr.type = PERF_TYPE_SOFTWARE;
  attr.config = PERF_COUNT_SW_CPU_CLOCK;
  attr.sample_period = probe.period;  // the same place as sample_freq
  attr.freq = probe.frequency ? 1 : 0;
  attr.disabled = 1;
  if (probe.kind == ProbeKind::kInterval) {
    return attach_enabled(outcome, attr, {.pid = -1, .cpu = online_cpus().front()}, request.program_fd);
  }
  return attach_scope(attr, request, outcome);
}

int attach_watchpoint(const ProbeSpec& probe, const AttachRequest& request, AttachOutcome& outcome) {
  perf_event_attr attr{};
  attr.type = PERF_TYPE_BREAKPOINT;
  attr.bp_type = probe.mode == "x" ? HW_BREAKPOINT_X : probe.mode == "w" ? HW_BREAKPOINT_W : HW_BREAKPOINT_RW;
  attr.bp_addr = probe.address;
  attr.bp_len = probe.length;  // HW_BREAKPOINT_LEN_1 and so on are these numbers
  attr.sample_period = 1;
  attr.disabled = 1;
  std::size_t first = outcome.attachments.size();
  int error = attach_scope(attr, request, outcome);
  for (std::size_t i = first; i < outcome.attachments.size(); ++i) outcome.attachments[i].watched = probe.address;
  return error;
}

int attach_counter(const ProbeSpec& probe, const AttachRequest& request, AttachOutcome& outcome) {
  perf_event_attr attr{};
  attr.type = static_cast<std::uint32_t>(probe.perf_type);
  attr.config = probe.perf_config;
  attr.sample_period = probe.period;
  attr.disabled = 1;
  return attach_scope(attr, request, outcome);
}

}  // namespace hawk
