// The parts of check_privileges() (session.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hawk {

// The capability set in the text of /proc/PID/status; 0 if it has none.
[[nodiscard]] std::uint64_t effective_capabilities(std::string_view status);

// Names of those that tracing needs and `effective` lacks. CAP_SYS_ADMIN includes the others.
[[nodiscard]] std::vector<std::string> missing_capabilities(std::uint64_t effective);

}  // namespace hawk
