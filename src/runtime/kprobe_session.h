// One link for both ends of kernel functions: BPF_TRACE_KPROBE_SESSION, Linux 6.10. A return is only seen where the
// entry was. The kernel runs one program at both ends, so it gets a small one that asks which end it is at and
// continues as the program for that end (a tail call). While there is none for the entry, it wants no return either.
#pragma once

#include <memory>
#include <span>
#include <utility>

#include "ast/probe.h"
#include "support/result.h"
#include "support/unique_fd.h"

namespace hawk {

// enum bpf_attach_type BPF_TRACE_KPROBE_SESSION; the headers of Debian 12 do not have it.
inline constexpr int kKprobeSessionType = 56;

// Whether this kernel has it: Linux 6.10 with CONFIG_FPROBE.
[[nodiscard]] bool has_kprobe_session();

class KprobeSession {
 public:
  // Of functions without module, offset or address. Nothing runs before the programs are there.
  [[nodiscard]] static Result<std::shared_ptr<KprobeSession>> open(std::span<const ProbeSpec> functions);

  // From now on the program, loaded for kKprobeSessionType, runs at entry or at return; that of the return comes first.
  // 0 or an errno.
  [[nodiscard]] int start(ProbeKind end, int program_fd);
  // Nothing runs any more when it is closed.
  [[nodiscard]] UniqueFd take_link() { return std::move(link_); }
  // The program that the kernel runs, and counts the misses of.
  [[nodiscard]] UniqueFd take_dispatcher() { return std::move(dispatcher_); }

 private:
  UniqueFd programs_;  // BPF_MAP_TYPE_PROG_ARRAY by end; the kernel empties it when the last descriptor goes
  UniqueFd dispatcher_;
  UniqueFd link_;
};

}  // namespace hawk
