// OutputBuffer: text on its way to a file descriptor. Records are appended to text(), and commit()
// decides by the buffering mode whether they are written now. Whatever is left is written at the end
// of its life, and before anything is written to the error stream.
#pragma once

#include <string>
#include <string_view>

#include "output/printer.h"

namespace hawk {

class OutputBuffer {
 public:
  explicit OutputBuffer(const PrinterOptions& options);
  OutputBuffer(const OutputBuffer&) = delete;
  OutputBuffer& operator=(const OutputBuffer&) = delete;
  ~OutputBuffer();

  [[nodiscard]] std::string& text() { return text_; }
  void commit();
  void flush();
  [[nodiscard]] bool failed() const { return failed_; }
  // Writes to the error stream at once, behind everything that was appended before.
  void write_error(std::string_view message);

 private:
  int output_fd_;
  int error_fd_;
  bool write_records_;   // every record at once
  bool write_lines_;     // to a terminal: every line at once
  bool failed_ = false;  // the reader is gone or the disk full: said once
  std::string text_;
};

}  // namespace hawk
