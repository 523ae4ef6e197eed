// check_privileges(): whether this process may trace at all, before anything is tried.
#include <fmt/format.h>
#include <linux/capability.h>

#include <charconv>
#include <cstdint>
#include <sstream>
#include <vector>

#include "runtime/privileges.h"
#include "runtime/read_file.h"
#include "runtime/session.h"

namespace hawk {

namespace {

// From Linux 5.8; older headers lack them.
constexpr int kCapPerfmon = 38;
constexpr int kCapBpf = 39;

bool has(std::uint64_t set, int capability) { return (set >> capability & 1) != 0; }

}  // namespace

std::uint64_t effective_capabilities(std::string_view status) {
  constexpr std::string_view kLead = "CapEff:";
  for (std::string_view line : lines_of(status)) {
    if (!line.starts_with(kLead)) continue;
    line.remove_prefix(std::min(line.find_first_of("0123456789abcdef", kLead.size()), line.size()));
    std::uint64_t set = 0;
    std::from_chars(line.data(), line.data() + line.size(), set, 16);
    return set;
  }
  return 0;
}

std::vector<std::string> missing_capabilities(std::uint64_t effective) {
  if (has(effective, CAP_SYS_ADMIN)) return {};
  std::vector<std::string> missing;
  if (!has(effective, kCapBpf)) missing.emplace_back("CAP_BPF");
  if (!has(effective, kCapPerfmon)) missing.emplace_back("CAP_PERFMON");
  return missing;
}

// In a user namespace of its own a process has every capability, over nothing of the kernel.
bool in_initial_user_namespace() {
  std::string map = read_file("/proc/self/uid_map").value_or("");
  std::istringstream words(map);
  std::uint64_t inside = 0;
  std::uint64_t outside = 0;
  std::uint64_t count = 0;
  constexpr std::uint64_t kAll = UINT32_MAX;
  return !(words >> inside >> outside >> count) || (inside == 0 && outside == 0 && count == kAll);
}

Result<> check_privileges() {
  if (!in_initial_user_namespace()) {
    return Error{.message =
                     "no permission to trace: hawk runs in a user namespace, where root has no rights over the "
                     "kernel",
                 .help =
                     "run it outside: on the machine itself, or in a container without user namespace "
                     "(--userns=host --privileged)"};
  }
  std::uint64_t effective = effective_capabilities(read_file("/proc/self/status").value_or(""));
  std::vector<std::string> missing = missing_capabilities(effective);
  if (missing.empty()) return Ok{};
  std::string names = missing.size() == 2 ? missing[0] + " and " + missing[1] : missing[0];
  return Error{
      .message = fmt::format("no permission to trace: {} {} missing", names, missing.size() == 2 ? "are" : "is"),
      .help =
          "run with sudo, or give the binary the rights: "
          "sudo setcap cap_bpf,cap_perfmon,cap_dac_read_search=ep $(which hawk)"};
}

}  // namespace hawk
