#include "output/output_buffer.h"

#include <fmt/format.h>

#include <cstring>

#include "support/write_all.h"

namespace hawk {

namespace {

constexpr std::size_t kCapacity = std::size_t{64} * 1024;

}  // namespace

OutputBuffer::OutputBuffer(const PrinterOptions& options)
    : output_fd_(options.output_fd),
      error_fd_(options.error_fd),
      write_records_(options.buffering == Buffering::kNone),
      write_lines_(options.buffering == Buffering::kLine && ::isatty(options.output_fd) == 1) {
  text_.reserve(2 * kCapacity);
}

OutputBuffer::~OutputBuffer() { flush(); }

void OutputBuffer::commit() {
  bool line_done = write_lines_ && !text_.empty() && text_.back() == '\n';
  if (write_records_ || line_done || text_.size() >= kCapacity) flush();
}

void OutputBuffer::flush() {
  int error = failed_ ? 0 : write_all(output_fd_, text_);
  text_.clear();
  if (error == 0) return;
  failed_ = true;
  write_error(fmt::format("ERROR: cannot write the output: {}\n", std::strerror(error)));
}

void OutputBuffer::write_error(std::string_view message) {
  if (!text_.empty()) flush();
  static_cast<void>(write_all(error_fd_, message));
}

}  // namespace hawk
