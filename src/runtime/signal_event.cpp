#include "runtime/signal_event.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "support/check.h"

namespace hawk {

namespace {

constexpr std::size_t kSignals = 32;  // the standard ones are below

// The eventfd of each signal, one more than it, so that 0 is none: a signal handler reaches nothing else than a global.
std::array<volatile sig_atomic_t, kSignals> signal_events{};

void on_signal(int signal) {
  int saved = errno;
  std::uint64_t one = 1;
  [[maybe_unused]] ssize_t written = ::write(signal_events[static_cast<std::size_t>(signal)] - 1, &one, sizeof(one));
  errno = saved;
}

}  // namespace

SignalEvent::SignalEvent(std::initializer_list<int> signals) : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  for (int signal : signals) {
    volatile sig_atomic_t& event = signal_events.at(static_cast<std::size_t>(signal));
    HAWK_CHECK(event == 0, "the signal is already taken");
    event = event_.get() + 1;
    struct sigaction action{};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    taken_.push_back({.signal = signal});
    ::sigaction(signal, &action, &taken_.back().former);
  }
}

SignalEvent::~SignalEvent() {
  for (const Taken& each : taken_) {
    ::sigaction(each.signal, &each.former, nullptr);
    signal_events.at(static_cast<std::size_t>(each.signal)) = 0;
  }
}

std::uint64_t SignalEvent::take() {
  std::uint64_t count = 0;
  return ::read(event_.get(), &count, sizeof(count)) == sizeof(count) ? count : 0;
}

bool SignalEvent::received() const {
  pollfd wait{.fd = event_.get(), .events = POLLIN, .revents = 0};
  return ::poll(&wait, 1, 0) > 0;
}

}  // namespace hawk
