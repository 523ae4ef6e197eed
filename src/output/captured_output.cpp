#include "output/captured_output.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace hawk {

Result<CapturedOutput> CapturedOutput::open(PrinterOptions options, const FormatContext& context) {
  UniqueFd file(::memfd_create("hawk", MFD_CLOEXEC));
  if (!file.valid()) return Error{std::string("no memory for what a clause prints: ") + std::strerror(errno)};
  options.format = OutputFormat::kText;
  options.buffering = Buffering::kFull;
  options.output_fd = options.error_fd = file.get();
  std::unique_ptr<Printer> printer = make_printer(options, context);
  return CapturedOutput(std::move(file), std::move(printer));
}

std::string CapturedOutput::take() {
  printer_->flush();
  std::string text;
  off_t size = ::lseek(file_.get(), 0, SEEK_END);
  if (size > 0) text.resize(static_cast<std::size_t>(size));
  ssize_t got = ::pread(file_.get(), text.data(), text.size(), 0);
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  if (::ftruncate(file_.get(), 0) == 0) ::lseek(file_.get(), 0, SEEK_SET);
  return text;
}

}  // namespace hawk
