// What hawk can do on this machine: one list, which --info prints and `hawk doctor` explains.
#pragma once

#include <string>
#include <vector>

#include "runtime/target.h"

namespace hawk {

enum class Verdict { kYes, kPartly, kNo };

struct Finding {
  const char* section;  // "Probe types"
  std::string name;     // "kprobe"
  Verdict verdict = Verdict::kYes;
  std::string what = {};    // what was found, or why not; "" if the verdict says it all
  std::string remedy = {};  // how to have it: an option, a mount, a capability; or what to use instead
};

// Looks, and loads programs of two instructions to see what the kernel lets this user load; changes nothing.
[[nodiscard]] std::vector<Finding> examine_machine(Target& target);

}  // namespace hawk
