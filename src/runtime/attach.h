// Attaching: from a loaded program and its ProbeSpecs to Attachments, one function a probe family.
#pragma once

#include "image/program_image.h"
#include "runtime/attachment.h"
#include "runtime/hooks.h"
#include "runtime/syscall_dispatch.h"
#include "runtime/tracefs.h"

namespace hawk {

// Whether this kernel attaches many kernel functions (5.18, CONFIG_FPROBE) or many user functions (6.6) at once.
[[nodiscard]] bool has_kprobe_multi();
[[nodiscard]] bool has_uprobe_multi();

// Whether the probes run by themselves at a moment that hawk chooses (begin, end) instead of being attached.
[[nodiscard]] bool is_attachable(ProbeKind kind);
// Clauses on one event fire in the order of attachment for some kinds, in the opposite order for others.
[[nodiscard]] bool fires_newest_first(ProbeKind kind);

struct AttachRequest {
  const ProgramSpec& program;
  int program_fd = -1;
  const HookChoice& hook;
  pid_t pid = 0;  // -p or the child of -c: kinds that can, watch this process only; 0 for all
};

// Attaches programs; keeps what is found out about the machine on the way.
class Attacher {
 public:
  // Probes that cannot be attached are in the outcome's `failures`; the others are attached.
  [[nodiscard]] AttachOutcome attach(const AttachRequest& request);

 private:
  void attach_one(const ProbeSpec& probe, const AttachRequest& request, AttachOutcome& outcome);
  void attach_tracepoint(const ProbeSpec& probe, int program_fd, AttachOutcome& outcome);

  std::optional<Tracefs> tracefs_;
  SyscallDispatch syscalls_;
};

// The families; each adds to `outcome` and returns 0 or an errno.
[[nodiscard]] int attach_raw_tracepoint(const ProbeSpec& probe, int program_fd, AttachOutcome& outcome);
// The link can be iterated over, or has a name in bpffs: see ProbeSpec::pin.
[[nodiscard]] int attach_iterator(const ProbeSpec& probe, int program_fd, AttachOutcome& outcome);
// The program was loaded for its function.
[[nodiscard]] int attach_typed_function(int program_fd, AttachOutcome& outcome);
[[nodiscard]] int attach_kprobe(const ProbeSpec& probe, int program_fd, AttachOutcome& outcome);
[[nodiscard]] int attach_uprobe(const ProbeSpec& probe, const AttachRequest& request, AttachOutcome& outcome);
[[nodiscard]] int attach_timer(const ProbeSpec& probe, const AttachRequest& request, AttachOutcome& outcome);
[[nodiscard]] int attach_watchpoint(const ProbeSpec& probe, const AttachRequest& request, AttachOutcome& outcome);
[[nodiscard]] int attach_counter(const ProbeSpec& probe, const AttachRequest& request, AttachOutcome& outcome);

// All probes of a program by few links. A function that the kernel refuses fails alone.
void attach_kprobe_multi(const AttachRequest& request, AttachOutcome& outcome);
void attach_uprobe_multi(const AttachRequest& request, AttachOutcome& outcome);
// One link for all the system calls; the program knows which are meant.
void attach_raw_syscalls(const AttachRequest& request, AttachOutcome& outcome);
// One end of a session that is there already.
void attach_kprobe_session(const AttachRequest& request, AttachOutcome& outcome);

}  // namespace hawk
