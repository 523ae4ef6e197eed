#include "runtime/map_calls.h"

#include <bpf/bpf.h>
#include <sched.h>

#include <cerrno>

#include "runtime/kernel_config.h"

namespace hawk {

namespace {

// Of the calling thread. Without the privilege (CAP_SYS_NICE) nothing changes.
class Undisturbed {
 public:
  Undisturbed() {
    static const bool preempts = running_kernel() >= KernelRelease{7, 0};
    if (!preempts) return;
    policy_ = ::sched_getscheduler(0);
    sched_param wanted{.sched_priority = 1};
    raised_ = (policy_ == SCHED_OTHER || policy_ == SCHED_BATCH) &&
              ::sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &wanted) == 0;
  }
  ~Undisturbed() {
    if (!raised_) return;
    int error = errno;
    sched_param usual{.sched_priority = 0};
    ::sched_setscheduler(0, policy_, &usual);
    errno = error;
  }
  Undisturbed(const Undisturbed&) = delete;
  Undisturbed& operator=(const Undisturbed&) = delete;

 private:
  int policy_ = 0;
  bool raised_ = false;
};

}  // namespace

int map_lookup(int fd, const void* key, void* value) {
  Undisturbed scope;
  return bpf_map_lookup_elem(fd, key, value);
}

int map_update(int fd, const void* key, const void* value, std::uint64_t flags) {
  Undisturbed scope;
  return bpf_map_update_elem(fd, key, value, flags);
}

int map_delete(int fd, const void* key) {
  Undisturbed scope;
  return bpf_map_delete_elem(fd, key);
}

int map_lookup_batch(int fd, void* before, void* after, void* keys, void* values, std::uint32_t* count) {
  Undisturbed scope;
  return bpf_map_lookup_batch(fd, before, after, keys, values, count, nullptr);
}

}  // namespace hawk
