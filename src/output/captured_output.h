// CapturedOutput: what a clause prints, in text form, kept instead of shown: output of tests and benchmarks.
#pragma once

#include <memory>
#include <string>

#include "output/printer.h"
#include "support/result.h"
#include "support/unique_fd.h"

namespace hawk {

class CapturedOutput {
 public:
  // The error: there is no memory for a file in memory.
  [[nodiscard]] static Result<CapturedOutput> open(PrinterOptions options, const FormatContext& context);

  [[nodiscard]] Printer& printer() { return *printer_; }
  // Everything printed since the last time, output and messages as they followed each other.
  [[nodiscard]] std::string take();

 private:
  CapturedOutput(UniqueFd file, std::unique_ptr<Printer> printer)
      : file_(std::move(file)), printer_(std::move(printer)) {}

  UniqueFd file_;
  std::unique_ptr<Printer> printer_;  // writes to the file
};

}  // namespace hawk
