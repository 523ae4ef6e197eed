// What is said at the end of events, hits and updates that do not show in the results.
#pragma once

#include <vector>

#include "image/program_image.h"
#include "output/printer.h"
#include "runtime/session.h"

namespace hawk {

class LossReport {
 public:
  // On the error stream where `warns`, and as records.
  void add(const std::vector<ProgramLosses>& losses, const ProgramImage& image, bool warns, Printer& printer);
  void add(const std::vector<MapRefusals>& refusals, const ProgramImage& image, bool warns, Printer& printer);

  [[nodiscard]] bool empty() const { return empty_; }

 private:
  bool empty_ = true;
};

}  // namespace hawk
