// Signals as something to wait for. A handler and an eventfd are used instead of a blocked mask with a signalfd,
// because commands run by system() would inherit the mask.
#pragma once

#include <signal.h>

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "support/unique_fd.h"

namespace hawk {

// Takes the signals from the process; their former actions return with the destructor. A signal has one at a time.
class SignalEvent {
 public:
  explicit SignalEvent(std::initializer_list<int> signals);
  ~SignalEvent();
  SignalEvent(const SignalEvent&) = delete;
  SignalEvent& operator=(const SignalEvent&) = delete;

  // Readable from the first signal on, until take().
  [[nodiscard]] int fd() const { return event_.get(); }
  [[nodiscard]] bool received() const;
  // How many there have been since the last time.
  std::uint64_t take();

 private:
  struct Taken {
    int signal = 0;
    struct sigaction former{};
  };

  UniqueFd event_;
  std::vector<Taken> taken_;
};

}  // namespace hawk
