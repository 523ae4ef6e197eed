// Which probes of a clause share a program in the kernel. One program for many is compiled, loaded and attached once;
// what differs between its probes it has to find out while it runs.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "semantics/check.h"
#include "semantics/checker.h"

namespace hawk {

class ProgramSharing {
 public:
  ProgramSharing(const ast::Clause& clause, TargetInfo& target, const CheckOptions& options);

  // The program of the clause that the probe can share; null if it needs one of its own, which the caller adds to the
  // end of `programs`.
  [[nodiscard]] ClauseState* find(const ProbeSpec& probe, std::vector<ClauseState>& programs);

 private:
  [[nodiscard]] bool is_alone(const ProbeSpec& probe) const;
  [[nodiscard]] std::string describe_group(const ProbeSpec& probe) const;

  TargetInfo& target_;
  bool separate_ = false;         // every probe
  bool names_probe_ = false;      // `probe`, `func`
  bool reads_record_ = false;     // `args`
  bool reads_arguments_ = false;  // arg0, arg1, ...
  struct Group {
    std::string description;
    std::size_t program = 0;       // index in `programs`
    std::set<std::string> places;  // of its probes: one that is written twice fires twice
  };
  std::vector<Group> groups_;
};

}  // namespace hawk
