#include "runtime/attach.h"

#include <cerrno>

#include "runtime/perf_event.h"
#include "runtime/syscall_events.h"
#include "support/check.h"

namespace hawk {

bool is_attachable(ProbeKind kind) {
  switch (kind) {
    case ProbeKind::kBegin:
    case ProbeKind::kEnd:
    case ProbeKind::kSelf:
    case ProbeKind::kTest:
    case ProbeKind::kBench: return false;
    case ProbeKind::kKprobe:
    case ProbeKind::kKretprobe:
    case ProbeKind::kFentry:
    case ProbeKind::kFexit:
    case ProbeKind::kTracepoint:
    case ProbeKind::kRawTracepoint:
    case ProbeKind::kUprobe:
    case ProbeKind::kUretprobe:
    case ProbeKind::kUsdt:
    case ProbeKind::kProfile:
    case ProbeKind::kInterval:
    case ProbeKind::kSoftware:
    case ProbeKind::kHardware:
    case ProbeKind::kWatchpoint:
    case ProbeKind::kIter: return true;
  }
  HAWK_UNREACHABLE("probe kind");
}

bool fires_newest_first(ProbeKind kind) {
  switch (kind) {
    case ProbeKind::kKprobe:
    case ProbeKind::kFentry:
    case ProbeKind::kFexit:
    case ProbeKind::kUprobe:
    case ProbeKind::kUretprobe:
    case ProbeKind::kUsdt: return true;
    case ProbeKind::kBegin:
    case ProbeKind::kEnd:
    case ProbeKind::kSelf:
    case ProbeKind::kTest:
    case ProbeKind::kBench:
    case ProbeKind::kKretprobe:
    case ProbeKind::kTracepoint:
    case ProbeKind::kRawTracepoint:
    case ProbeKind::kProfile:
    case ProbeKind::kInterval:
    case ProbeKind::kSoftware:
    case ProbeKind::kHardware:
    case ProbeKind::kWatchpoint:
    case ProbeKind::kIter: return false;
  }
  HAWK_UNREACHABLE("probe kind");
}

AttachOutcome Attacher::attach(const AttachRequest& request) {
  AttachOutcome outcome;
  switch (request.hook.mode) {
    case AttachMode::kKprobeMulti: attach_kprobe_multi(request, outcome); break;
    case AttachMode::kKprobeSession: attach_kprobe_session(request, outcome); break;
    case AttachMode::kRawSyscalls: attach_raw_syscalls(request, outcome); break;
    case AttachMode::kUprobeMulti: attach_uprobe_multi(request, outcome); break;
    case AttachMode::kOneByOne:
      for (std::size_t i = 0; i < request.program.probes.size(); ++i) {
        outcome.cookie = i;
        attach_one(request.program.probes[i], request, outcome);
      }
      break;
  }
  return outcome;
}

void Attacher::attach_one(const ProbeSpec& probe, const AttachRequest& request, AttachOutcome& outcome) {
  int error = EOPNOTSUPP;
  switch (probe.kind) {
    case ProbeKind::kTracepoint: return attach_tracepoint(probe, request.program_fd, outcome);
    case ProbeKind::kRawTracepoint: error = attach_raw_tracepoint(probe, request.program_fd, outcome); break;
    case ProbeKind::kFentry:
    case ProbeKind::kFexit: error = attach_typed_function(request.program_fd, outcome); break;
    case ProbeKind::kKprobe:
    case ProbeKind::kKretprobe: error = attach_kprobe(probe, request.program_fd, outcome); break;
    case ProbeKind::kUprobe:
    case ProbeKind::kUretprobe:
    case ProbeKind::kUsdt: error = attach_uprobe(probe, request, outcome); break;
    case ProbeKind::kProfile:
    case ProbeKind::kInterval: error = attach_timer(probe, request, outcome); break;
    case ProbeKind::kSoftware:
    case ProbeKind::kHardware: error = attach_counter(probe, request, outcome); break;
    case ProbeKind::kBegin:
    case ProbeKind::kEnd:
    case ProbeKind::kSelf:
    case ProbeKind::kTest:
    case ProbeKind::kBench: return;
    case ProbeKind::kWatchpoint: error = attach_watchpoint(probe, request, outcome); break;
    case ProbeKind::kIter: error = attach_iterator(probe, request.program_fd, outcome); break;
  }
  if (error != 0) return outcome.fail(probe, error);
  ++outcome.probes;
}

void Attacher::attach_tracepoint(const ProbeSpec& probe, int program_fd, AttachOutcome& outcome) {
  if (!tracefs_) {
    Result<Tracefs> opened = Tracefs::open();
    if (!opened) return outcome.fail(probe, EACCES, opened.error().message);
    tracefs_ = std::move(opened).value();
  }
  if (probe.target == kSyscallEvents && find_syscall_event(probe.function) && why_all_syscalls(*tracefs_) != nullptr) {
    int error = syscalls_.add(*tracefs_, probe.function, program_fd, outcome);
    if (error != 0) return outcome.fail(probe, error);
    ++outcome.probes;
    return;
  }
  Result<int> id = tracefs_->event_id(probe.target, probe.function);
  if (!id) return outcome.fail(probe, ENOENT, id.error().message);
  if (int error = attach_tracepoint_event(outcome, id.value(), program_fd); error != 0)
    return outcome.fail(probe, error);
  ++outcome.probes;
}

}  // namespace hawk
