// The kernel's clocks, and how far each is from the time of day.
#pragma once

#include <cstdint>
#include <ctime>

#include "ast/type.h"

namespace hawk {

// Nanoseconds now on a clockid_t.
[[nodiscard]] std::int64_t clock_ns(clockid_t clock);

// Offsets to UTC, measured when made. `nsecs(sw_tai)` is the boot clock plus CLOCK_TAI's lead, thus TAI.
class ClockOffsets {
 public:
  ClockOffsets();
  // Nanoseconds since 1970 (UTC) of a reading of `clock`.
  [[nodiscard]] std::int64_t wall_ns(std::uint64_t ns, Clock clock) const;

 private:
  std::int64_t monotonic_;
  std::int64_t boot_;
  std::int64_t tai_;
};

}  // namespace hawk
