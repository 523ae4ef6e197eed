// One perf event for many system calls: a small program on raw_syscalls:sys_enter or sys_exit goes on to the program of
// the system call (a tail call), if there is one.
#pragma once

#include <set>
#include <vector>

#include "runtime/attachment.h"
#include "runtime/tracefs.h"
#include "support/unique_fd.h"

namespace hawk {

class SyscallDispatch {
 public:
  // From now on the program, of a tracepoint of the category `syscalls`, runs for each such call; programs on one event
  // run in the order of these calls. Adds what holds a new perf event to the outcome. 0 or an errno; ENOENT if
  // there is no such system call.
  [[nodiscard]] int add(const Tracefs& tracefs, std::string_view event, int program_fd, AttachOutcome& outcome);

 private:
  // Each has room for one program of every system call.
  struct Layer {
    bool enters = false;
    UniqueFd programs;  // BPF_MAP_TYPE_PROG_ARRAY by number; the kernel empties it when the last descriptor goes
    std::set<int> used;
  };

  [[nodiscard]] int add_layer(const Tracefs& tracefs, bool enters, AttachOutcome& outcome);

  std::vector<Layer> layers_;
};

}  // namespace hawk
