#include "runtime/mapping_journal.h"

#include <algorithm>

namespace hawk {

void MappingJournal::mapped(std::uint32_t pid, Mapping mapping) { processes_[pid].add(std::move(mapping)); }

void MappingJournal::forked(std::uint32_t pid, std::uint32_t parent) {
  auto known = processes_.find(parent);
  ProcessMaps maps = known != processes_.end() ? known->second : ProcessMaps::read(parent);
  if (known == processes_.end()) processes_[parent] = maps;
  processes_[pid] = std::move(maps);
  std::erase(dead_, pid);  // the number is in use again
}

void MappingJournal::executed(std::uint32_t pid) { processes_[pid] = {}; }

void MappingJournal::ended(std::uint32_t pid) {
  dead_.push_back(pid);
  if (dead_.size() <= dead_limit_) return;
  processes_.erase(dead_.front());
  dead_.pop_front();
}

const ProcessMaps* MappingJournal::find(std::uint32_t pid) const {
  auto found = processes_.find(pid);
  return found == processes_.end() ? nullptr : &found->second;
}

}  // namespace hawk
