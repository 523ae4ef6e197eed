// The programs and libraries that run now: what processes have mapped executable.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hawk {

// Paths of the files that process `pid` runs, or with 0 all processes: sorted, each file once. What lies in another
// mount namespace is reached through /proc/PID/root.
[[nodiscard]] std::vector<std::string> mapped_files(std::uint32_t pid);

}  // namespace hawk
