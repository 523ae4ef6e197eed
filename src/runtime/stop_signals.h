// SIGINT and SIGTERM while tracing: they end the run, not the process. A handler and an eventfd are used
// instead of a blocked mask with a signalfd, because commands run by system() would inherit the mask.
#pragma once

#include <signal.h>

#include "support/unique_fd.h"

namespace hawk {

// One at a time. The former actions return with the destructor.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  // Readable from the first signal on, until forget().
  [[nodiscard]] int fd() const { return event_.get(); }
  [[nodiscard]] bool received() const;
  void forget();

 private:
  UniqueFd event_;
  struct sigaction interrupt_{};
  struct sigaction terminate_{};
};

}  // namespace hawk
