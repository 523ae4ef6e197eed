// The report of --info: what this machine is, and what hawk can trace on it.
#pragma once

#include <string>

namespace hawk {

[[nodiscard]] std::string machine_report(const char* version);

}  // namespace hawk
