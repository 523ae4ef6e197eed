// How the running kernel was built: its configuration file, and what follows from it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "support/result.h"

namespace hawk {

// /proc/config.gz, else /boot/config-RELEASE, as text; nullopt if neither can be read.
[[nodiscard]] std::optional<std::string> read_kernel_config();

// The value of an option in such a text: "y", "m", "100"; empty if it is not set or not there.
[[nodiscard]] std::string_view config_value(std::string_view config, std::string_view option);

// Why a kernel without the kprobe event source has none, by its configuration (nullopt if unknown).
[[nodiscard]] Error no_kprobes_error(const std::optional<std::string>& config);

// Ok if perf_event_open() knows kprobes here.
[[nodiscard]] Result<> check_kprobes();

// "integrity" or "confidentiality" where the kernel is locked down; "" where it is not, or does not say.
[[nodiscard]] std::string lockdown_mode();

struct KernelRelease {
  unsigned major = 0;
  unsigned minor = 0;
  auto operator<=>(const KernelRelease&) const = default;
};

// From uname(2): "6.1.0-18-amd64" is 6.1.
[[nodiscard]] KernelRelease running_kernel();

// struct thread_info is the first member of struct task_struct on x86: `flags`, since Linux 5.11 `syscall_work`, then
// `status`: where that is.
[[nodiscard]] std::uint32_t thread_status_offset();

// The release that brought a BPF helper ("bpf_loop"), of those hawk asks about; nullopt for others.
[[nodiscard]] std::optional<KernelRelease> release_of_helper(std::string_view helper);

}  // namespace hawk
