#include "runtime/libbpf_log.h"

#include <bpf/libbpf.h>

#include <cstdarg>
#include <cstdio>
#include <utility>

namespace hawk {

namespace {

// libbpf's callback takes no argument of ours.
std::string* current_log = nullptr;

int collect(libbpf_print_level level, const char* format, va_list arguments) {
  if (current_log == nullptr || level == LIBBPF_DEBUG) return 0;
  va_list again;
  va_copy(again, arguments);
  int length = std::vsnprintf(nullptr, 0, format, again);
  va_end(again);
  if (length <= 0) return 0;
  std::size_t end = current_log->size();
  current_log->resize(end + static_cast<std::size_t>(length) + 1);
  std::vsnprintf(current_log->data() + end, static_cast<std::size_t>(length) + 1, format, arguments);
  current_log->pop_back();  // the NUL
  return 0;
}

}  // namespace

void silence_libbpf() { libbpf_set_print(collect); }

LibbpfLog::LibbpfLog() : previous_(std::exchange(current_log, &text_)) { silence_libbpf(); }

LibbpfLog::~LibbpfLog() { current_log = previous_; }

}  // namespace hawk
