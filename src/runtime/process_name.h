// The name under which hawk traces.
#pragma once

#include <array>

namespace hawk {

// Scripts written for bpftrace leave the tracer itself out with `comm != "bpftrace"`, so that is what this
// thread is called while one lives.
class TracerName {
 public:
  TracerName();
  ~TracerName();
  TracerName(const TracerName&) = delete;
  TracerName& operator=(const TracerName&) = delete;

 private:
  std::array<char, 16> previous_{};
};

}  // namespace hawk
