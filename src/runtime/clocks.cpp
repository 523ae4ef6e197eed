#include "runtime/clocks.h"

#include "support/check.h"

namespace hawk {

std::int64_t clock_ns(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

namespace {

// CLOCK_REALTIME minus `clock`: the reading between two of the time of day that lie closest together.
std::int64_t offset_to_realtime(clockid_t clock) {
  std::int64_t best_gap = INT64_MAX;
  std::int64_t offset = 0;
  for (int i = 0; i < 5; ++i) {
    std::int64_t before = clock_ns(CLOCK_REALTIME);
    std::int64_t reading = clock_ns(clock);
    std::int64_t gap = clock_ns(CLOCK_REALTIME) - before;
    if (gap >= 0 && gap < best_gap) {
      best_gap = gap;
      offset = before + gap / 2 - reading;
    }
  }
  return offset;
}

// TAI and UTC differ by whole seconds.
std::int64_t whole_seconds(std::int64_t ns) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  return (ns + (ns < 0 ? -kSecond : kSecond) / 2) / kSecond * kSecond;
}

}  // namespace

ClockOffsets::ClockOffsets()
    : monotonic_(offset_to_realtime(CLOCK_MONOTONIC)),
      boot_(offset_to_realtime(CLOCK_BOOTTIME)),
      tai_(whole_seconds(offset_to_realtime(CLOCK_TAI))) {}

std::int64_t ClockOffsets::wall_ns(std::uint64_t ns, Clock clock) const {
  std::int64_t reading = static_cast<std::int64_t>(ns);
  switch (clock) {
    case Clock::kMonotonic: return reading + monotonic_;
    case Clock::kBoot: return reading + boot_;
    case Clock::kTai:
    case Clock::kSoftwareTai: return reading + tai_;
  }
  HAWK_UNREACHABLE("clock");
}

}  // namespace hawk
