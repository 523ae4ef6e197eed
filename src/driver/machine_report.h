// What hawk says of a machine: --info lists, `hawk doctor` explains.
#pragma once

#include <string>

namespace hawk {

[[nodiscard]] std::string machine_report(const char* version);

struct Diagnosis {
  std::string text;
  bool can_trace = false;
};

// What works, what hawk does without, what is missing and how to have it.
[[nodiscard]] Diagnosis diagnose_machine();

}  // namespace hawk
