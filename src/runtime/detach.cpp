#include "runtime/detach.h"

#include <bpf/bpf.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <thread>

namespace hawk {

namespace {

// Calls `action` once for each attachment, on several threads where it pays.
void for_each_in_parallel(std::vector<Attachment>& attachments, const std::function<void(Attachment&)>& action) {
  constexpr std::size_t kMaxThreads = 128;
  std::atomic<std::size_t> next = 0;
  auto work = [&] {
    for (std::size_t i = next++; i < attachments.size(); i = next++) action(attachments[i]);
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < std::min(attachments.size(), kMaxThreads); ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
}

// Runs in the forked process: system calls only. `kept` is sorted; `parent_done` is at its end of file once
// this process is the only owner.
[[noreturn]] void outlive_parent(const std::vector<int>& kept, int parent_done) {
  ::prctl(PR_SET_NAME, "hawk-detach");
  int next = 0;
  for (int fd : kept) {
    if (fd > next) ::close_range(static_cast<unsigned>(next), static_cast<unsigned>(fd - 1), 0);
    next = fd + 1;
  }
  ::close_range(static_cast<unsigned>(next), ~0U, 0);
  char byte = 0;
  [[maybe_unused]] ssize_t got = ::read(parent_done, &byte, 1);
  ::_exit(0);  // closes the rest
}

}  // namespace

void stop_programs(std::vector<Attachment>& attachments) {
  // At once: a timer of some microseconds leaves no time for what follows.
  for (const Attachment& attachment : attachments) {
    if (attachment.event.valid()) ::ioctl(attachment.event.get(), PERF_EVENT_IOC_DISABLE, 0);
  }
  for_each_in_parallel(attachments, [](Attachment& attachment) {
    if (attachment.event_holds_program) attachment.event.reset();
    attachment.link.reset();
  });
}

// The kernel answers the change of a map in a map when no program can be using what was there: a grace period of RCU
// (maybe_wait_bpf_programs, Linux 5.0). membarrier(), which would do it too, is refused where CPUs run without ticks.
void wait_for_programs() {
  constexpr const char* kName = "hawk_wait";
  UniqueFd inner(bpf_map_create(BPF_MAP_TYPE_ARRAY, kName, 4, 4, 1, nullptr));
  bpf_map_create_opts options{};
  options.sz = sizeof(options);
  options.inner_map_fd = static_cast<__u32>(inner.get());
  UniqueFd outer(bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS, kName, 4, 4, 1, &options));
  std::uint32_t key = 0;
  int value = inner.get();
  if (outer.valid()) bpf_map_update_elem(outer.get(), &key, &value, BPF_ANY);
}

void abandon_events(std::vector<Attachment>& attachments) {
  std::vector<int> kept;
  for (const Attachment& attachment : attachments) {
    if (attachment.event.valid()) kept.push_back(attachment.event.get());
  }
  int ends[2];
  if (kept.empty() || ::pipe2(ends, O_CLOEXEC) != 0) return attachments.clear();
  UniqueFd done_read(ends[0]);
  UniqueFd done_write(ends[1]);
  kept.push_back(done_read.get());
  std::sort(kept.begin(), kept.end());
  // Twice forked, so that nobody has to wait for the second process.
  pid_t first = ::fork();
  if (first == 0) {
    if (::fork() == 0) outlive_parent(kept, done_read.get());
    ::_exit(0);
  }
  if (first > 0) ::waitpid(first, nullptr, 0);
  attachments.clear();
}

}  // namespace hawk
