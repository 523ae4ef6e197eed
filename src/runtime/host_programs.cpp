#include "runtime/host_programs.h"

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "runtime/attach_error.h"
#include "runtime/kernel_host_map.h"
#include "support/check.h"

namespace hawk {

HostPrograms::HostPrograms(Setup setup)
    : image_(setup.image), code_(std::move(setup.code)), runtime_(image_, setup.constants, std::move(setup.handlers)) {
  for (const ProgramSpec& program : image_.programs) {
    bool here = program.placement == Placement::kHost;
    programs_.push_back(here ? code_->find(program.symbol) : nullptr);
    HAWK_CHECK(!here || programs_.back() != nullptr, "the host object lacks the code of " + program.symbol);
  }
  for (std::size_t i = 0; i < image_.maps.size(); ++i) {
    const MapSchema& schema = image_.maps[i];
    if (schema.placement == Placement::kKernel)
      runtime_.set_map(i, std::make_unique<KernelHostMap>(schema, setup.kernel_maps[i]));
  }
}

std::int64_t HostPrograms::run(std::size_t index) {
  return runtime_.run(programs_[index], nullptr, static_cast<std::uint32_t>(index));
}

// --- timers ---------------------------------------------------------------------------------------

namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;  // ns
// A clause that takes longer than its period must not keep everything else from running.
constexpr std::uint64_t kMostAtOnce = 16;

// What perf_event_open takes for an interval: bit 63 of a period is reserved, and so is a frequency above 1 GHz.
bool is_possible(const ProbeSpec& probe) {
  return probe.frequency ? probe.period <= kSecond : probe.period <= std::uint64_t{INT64_MAX};
}

// Periodic, the first time after one period.
UniqueFd make_timer(std::uint64_t period_ns) {
  UniqueFd timer(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
  timespec period{.tv_sec = static_cast<time_t>(period_ns / kSecond),
                  .tv_nsec = static_cast<long>(period_ns % kSecond)};
  itimerspec times{.it_interval = period, .it_value = period};
  if (timer.valid() && ::timerfd_settime(timer.get(), 0, &times, nullptr) != 0) timer.reset();
  return timer;
}

}  // namespace

Result<ProbeList> HostPrograms::start_timers() {
  ProbeList probes;
  for (std::size_t i = 0; i < image_.programs.size(); ++i) {
    if (programs_[i] == nullptr || image_.programs[i].probes.front().kind != ProbeKind::kInterval) continue;
    for (const ProbeSpec& probe : image_.programs[i].probes) {
      if (!is_possible(probe)) return attach_error({.probe = &probe, .error = EINVAL, .reason = {}});
      probes.push_back(&probe);
      timers_.push_back({make_timer(probe.frequency ? kSecond / probe.period : probe.period), i});
      if (!timers_.back().fd.valid())
        return Error{"cannot make a timer for `" + probe.name + "`: " + std::strerror(errno)};
    }
  }
  return probes;
}

void HostPrograms::add_to(std::vector<pollfd>& sources) const {
  for (const Timer& timer : timers_) sources.push_back({.fd = timer.fd.get(), .events = POLLIN, .revents = 0});
}

bool HostPrograms::is_due() const {
  std::vector<pollfd> timers;
  add_to(timers);
  return !timers.empty() && ::poll(timers.data(), timers.size(), 0) > 0;
}

void HostPrograms::run_due(const std::function<bool()>& ended) {
  for (const Timer& timer : timers_) {
    std::uint64_t periods = 0;
    if (::read(timer.fd.get(), &periods, sizeof(periods)) != sizeof(periods)) continue;
    for (periods = std::min(periods, kMostAtOnce); periods > 0 && !ended(); --periods) run(timer.program);
  }
}

}  // namespace hawk
