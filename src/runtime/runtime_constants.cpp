#include "runtime/runtime_constants.h"

#include <bpf/libbpf.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "runtime/clocks.h"

namespace hawk {

namespace {
// Inode of the initial PID namespace: PROC_PID_INIT_INO in the kernel's include/linux/proc_ns.h.
constexpr std::uint64_t kInitialPidNamespace = 0xEFFFFFFC;
}  // namespace

RuntimeConstants runtime_constants(pid_t child, pid_t target) {
  RuntimeConstants constants;
  constants.hawk_pid = static_cast<std::uint64_t>(::getpid());
  constants.child_pid = static_cast<std::uint64_t>(child);
  constants.target_pid = static_cast<std::uint64_t>(target);
  constants.start_boot_ns = static_cast<std::uint64_t>(clock_ns(CLOCK_BOOTTIME));
  constants.cpu_count = static_cast<std::uint64_t>(std::max(libbpf_num_possible_cpus(), 1));
  struct stat own{};
  if (::stat("/proc/self/ns/pid", &own) == 0 && own.st_ino != kInitialPidNamespace) {
    constants.pid_ns_device = own.st_dev;
    constants.pid_ns_inode = own.st_ino;
  }
  constants.tai_offset_ns = static_cast<std::uint64_t>(clock_ns(CLOCK_TAI) - clock_ns(CLOCK_BOOTTIME));
  return constants;
}

}  // namespace hawk
