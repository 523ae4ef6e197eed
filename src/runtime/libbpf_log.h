// What libbpf has to say, kept instead of printed: users see hawk's words, and the log only with -v.
#pragma once

#include <string>

namespace hawk {

// While one lives it collects everything that libbpf reports. At all other times libbpf is silent.
class LibbpfLog {
 public:
  LibbpfLog();
  ~LibbpfLog();
  LibbpfLog(const LibbpfLog&) = delete;
  LibbpfLog& operator=(const LibbpfLog&) = delete;

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::string* previous_;
};

// Makes libbpf silent for the rest of the process.
void silence_libbpf();

}  // namespace hawk
