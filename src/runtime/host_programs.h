// The programs of an image that run inside hawk: their code, their maps, and the timers of interval clauses.
#pragma once

#include <poll.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "host/host_runtime.h"
#include "image/host_interface.h"
#include "image/program_image.h"
#include "support/result.h"
#include "support/unique_fd.h"

namespace hawk {

class HostPrograms {
 public:
  struct Setup {
    const ProgramImage& image;
    std::shared_ptr<HostCode> code;
    RuntimeConstants constants;
    const std::vector<int>& kernel_maps;  // descriptors, by map; -1 for one that is not in the kernel; may change
    HostRuntime::Handlers handlers;
  };
  explicit HostPrograms(Setup setup);

  // Runs the clause once and gives what it returns. `index` is that of ProgramImage::programs.
  std::int64_t run(std::size_t index);

  // One timer for each probe of the interval clauses; these. The error: the kernel gives no timer.
  [[nodiscard]] Result<ProbeList> start_timers();
  void stop_timers() { timers_.clear(); }
  [[nodiscard]] bool has_timers() const { return !timers_.empty(); }
  void add_to(std::vector<pollfd>& sources) const;
  [[nodiscard]] bool is_due() const;
  // Runs the clauses whose time has come, once for each period that has passed but not many times, until `ended`.
  void run_due(const std::function<bool()>& ended);

  // A map that lives here (MapSchema::placement).
  [[nodiscard]] HostMap& map(std::size_t index) { return runtime_.map(index); }
  // What clauses see instead of the map, until forget_aside() or until the clause ends.
  void set_aside(std::size_t index, const MapSnapshot& snapshot) { runtime_.set_aside(index, snapshot); }
  void forget_aside(std::size_t index) { runtime_.forget_aside(index); }
  void hold_texts(bool hold) { runtime_.hold_texts(hold); }
  [[nodiscard]] std::string_view text(std::uint64_t id) const { return runtime_.text(id); }

 private:
  struct Timer {
    UniqueFd fd;
    std::size_t program = 0;
  };

  const ProgramImage& image_;
  std::shared_ptr<HostCode> code_;
  std::vector<HostProgram> programs_;  // by program; null for those in the kernel
  HostRuntime runtime_;
  std::vector<Timer> timers_;
};

}  // namespace hawk
