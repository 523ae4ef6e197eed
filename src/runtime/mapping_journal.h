// MappingJournal: which files every process has mapped, those included that have ended since. The symbols
// of a short-lived process can be looked up only with what was known while it lived.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>

#include "runtime/process_maps.h"

namespace hawk {

class MappingJournal {
 public:
  explicit MappingJournal(std::size_t dead_limit = 4096) : dead_limit_(dead_limit) {}

  void mapped(std::uint32_t pid, Mapping mapping);
  // A process begins with what its parent has mapped.
  void forked(std::uint32_t pid, std::uint32_t parent);
  // A process begins anew.
  void executed(std::uint32_t pid);
  // The mappings are kept, but those of the processes that ended first are forgotten beyond the limit.
  void ended(std::uint32_t pid);

  // Null if nothing is known.
  [[nodiscard]] const ProcessMaps* find(std::uint32_t pid) const;

 private:
  std::size_t dead_limit_;
  std::unordered_map<std::uint32_t, ProcessMaps> processes_;
  std::deque<std::uint32_t> dead_;
};

}  // namespace hawk
