// Operations that ask the system, and what is left: own memory, events, loops.
#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <ctime>

#include "host/operations.h"
#include "support/check.h"
#include "support/unique_fd.h"

namespace hawk::operation {

namespace {

std::uint64_t clock_now(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
}

unsigned numa_node() {
  unsigned cpu = 0;
  unsigned node = 0;
  ::getcpu(&cpu, &node);
  return node;
}

}  // namespace

std::uint64_t clock(HostContext* context, std::uint64_t clock) {
  switch (static_cast<Clock>(clock)) {
    case Clock::kMonotonic: return clock_now(CLOCK_MONOTONIC);
    case Clock::kBoot: return clock_now(CLOCK_BOOTTIME);
    case Clock::kTai: return clock_now(CLOCK_TAI);
    case Clock::kSoftwareTai: return clock_now(CLOCK_BOOTTIME) + runtime_of(context).constants().tai_offset_ns;
  }
  HAWK_UNREACHABLE("clock");
}

std::uint64_t random(HostContext* context) { return runtime_of(context).random(); }

std::uint64_t identity(HostContext* /*context*/, std::uint64_t what) {
  switch (static_cast<HostIdentity>(what)) {
    case HostIdentity::kProcess: return static_cast<std::uint64_t>(::getpid());
    case HostIdentity::kThread: return static_cast<std::uint64_t>(::gettid());
    case HostIdentity::kUser: return ::getuid();
    case HostIdentity::kGroup: return ::getgid();
    case HostIdentity::kCpu: return static_cast<std::uint64_t>(::sched_getcpu());
    case HostIdentity::kNumaNode: return numa_node();
  }
  HAWK_UNREACHABLE("identity");
}

void command_name(HostContext* /*context*/, void* destination) {
  constexpr std::size_t kSize = 16;  // TASK_COMM_LEN
  char name[kSize] = {};
  ::prctl(PR_GET_NAME, name);
  std::memset(destination, 0, kSize);
  std::memcpy(destination, name, ::strnlen(name, kSize));
}

std::uint64_t command_name_of(HostContext* /*context*/, std::int64_t process, void* destination, std::uint64_t bytes) {
  constexpr std::size_t kLongest = 64;  // proc_task_name(), fs/proc/array.c
  char name[kLongest + 1] = {};
  // The numbers of threads are directories too.
  UniqueFd file(::open(fmt::format("/proc/{}/comm", process).c_str(), O_RDONLY | O_CLOEXEC));
  ssize_t length = file.valid() ? ::read(file.get(), name, kLongest) : -1;
  if (process <= 0 || length <= 0) return 0;
  if (name[length - 1] == '\n') --length;
  std::memcpy(destination, name, std::min<std::size_t>(static_cast<std::size_t>(length), bytes - 1));
  return 1;
}

std::int64_t copy_string(HostContext* /*context*/, void* destination, std::uint64_t bytes, const void* source) {
  if (bytes == 0) return 0;
  std::size_t length = ::strnlen(static_cast<const char*>(source), bytes - 1);
  std::memmove(destination, source, length);
  static_cast<char*>(destination)[length] = '\0';
  return static_cast<std::int64_t>(length + 1);
}

void* reserve_event(HostContext* context, std::uint64_t bytes) { return runtime_of(context).reserve_event(bytes); }

void submit_event(HostContext* context, void* record) { runtime_of(context).submit_event(record); }

std::uint64_t take_breath(HostContext* context, std::uint64_t may_forget) {
  return runtime_of(context).take_breath(may_forget != 0) ? 1 : 0;
}

}  // namespace hawk::operation
