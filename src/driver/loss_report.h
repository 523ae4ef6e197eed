// What is said at the end of events, hits and updates that do not show in the results.
#pragma once

#include <string>
#include <vector>

#include "image/program_image.h"
#include "output/printer.h"
#include "runtime/session.h"

namespace hawk {

class LossReport {
 public:
  // On the error stream where `warns`, and as records.
  void add(const std::vector<ClauseAccount>& accounts, const ProgramImage& image, bool warns, Printer& printer);
  void add(const std::vector<MapRefusals>& refusals, const ProgramImage& image, bool warns, Printer& printer);

  [[nodiscard]] bool empty() const { return empty_; }

 private:
  bool empty_ = true;
};

// For -v: a line for each clause in the kernel, with how often its probes fired and what came of that.
[[nodiscard]] std::string account_table(const std::vector<ClauseAccount>& accounts, const ProgramImage& image);

}  // namespace hawk
