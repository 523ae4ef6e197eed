// Tracefs: the kernel's tracing file system, as one directory handle. Where nobody has mounted it, hawk
// makes a mount that only this process can see; the machine is not altered.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"
#include "support/unique_fd.h"

namespace hawk {

class Tracefs {
 public:
  // /sys/kernel/tracing, else /sys/kernel/debug/tracing, else a detached private mount (needs Linux 5.2
  // and CAP_SYS_ADMIN). The Error says which of these failed and what to do.
  [[nodiscard]] static Result<Tracefs> open();

  // For openat(); belongs to this object.
  [[nodiscard]] int directory() const { return directory_.get(); }

  // The whole of a file, by its path inside tracefs ("events/sched/sched_switch/format").
  [[nodiscard]] Result<std::string> read(const std::string& path) const;

  // The number that perf_event_attr.config takes for a tracepoint (events/CATEGORY/EVENT/id).
  [[nodiscard]] Result<int> event_id(std::string_view category, std::string_view event) const;

  // Where the kernel has no events for single system calls, has_event(), events() and format() answer as though it had:
  // see syscall_events.h.
  [[nodiscard]] bool has_event(std::string_view category, std::string_view event) const;
  // Not these.
  [[nodiscard]] bool has_own_event(std::string_view category, std::string_view event) const;

  // "CATEGORY:EVENT" of every event that can be attached, sorted (available_events leaves out those of
  // ftrace itself, which cannot).
  [[nodiscard]] Result<std::vector<std::string>> events() const;

  // The text of events/CATEGORY/EVENT/format.
  [[nodiscard]] Result<std::string> format(std::string_view category, std::string_view event) const;

 private:
  explicit Tracefs(UniqueFd directory) : directory_(std::move(directory)) {}

  UniqueFd directory_;
};

}  // namespace hawk
