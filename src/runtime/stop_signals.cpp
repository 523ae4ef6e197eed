#include "runtime/stop_signals.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "support/check.h"

namespace hawk {

namespace {

// A signal handler reaches nothing else than a global.
volatile sig_atomic_t event_fd = -1;

void on_signal(int) {
  int saved = errno;
  std::uint64_t one = 1;
  [[maybe_unused]] ssize_t written = ::write(event_fd, &one, sizeof(one));
  errno = saved;
}

}  // namespace

StopSignals::StopSignals() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  HAWK_CHECK(event_fd < 0, "stop signals are already taken");
  event_fd = event_.get();
  struct sigaction action{};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGINT, &action, &interrupt_);
  ::sigaction(SIGTERM, &action, &terminate_);
}

StopSignals::~StopSignals() {
  ::sigaction(SIGINT, &interrupt_, nullptr);
  ::sigaction(SIGTERM, &terminate_, nullptr);
  event_fd = -1;
}

void StopSignals::forget() {
  std::uint64_t count = 0;
  [[maybe_unused]] ssize_t size = ::read(event_.get(), &count, sizeof(count));
}

bool StopSignals::received() const {
  pollfd wait{.fd = event_.get(), .events = POLLIN, .revents = 0};
  return ::poll(&wait, 1, 0) > 0;
}

}  // namespace hawk
