// LineReader: files and the output of commands, line by line. A source is opened by the first line that is asked for.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "image/host_interface.h"

namespace hawk {

struct LineRead {
  enum class Outcome { kLine, kEnd, kFailed };
  Outcome outcome = Outcome::kEnd;
  std::string_view line = {};  // without its newline, any bytes; valid until the next call
  std::string reason = {};     // of kFailed: why the source cannot be opened or read
};

class LineReader {
 public:
  // `should_stop` is asked about ten times a second while a source has nothing to read yet: true ends the wait.
  explicit LineReader(std::function<bool()> should_stop);
  LineReader(const LineReader&) = delete;
  LineReader& operator=(const LineReader&) = delete;
  // Closes the pipes of commands, but waits for none.
  ~LineReader();

  // kFailed comes once for each opening, then kEnd. A last line without newline counts. kEnd also when the wait was
  // ended: what has been read of the line is not lost.
  // A command is run by /bin/sh with hawk's standard input and standard error.
  [[nodiscard]] LineRead read(LineSource kind, std::string_view name);

  // The next read begins again. For a command, waits until it has ended. False if the source was not open.
  bool close(LineSource kind, std::string_view name);

 private:
  class Source;
  using Sources = std::map<std::string, std::unique_ptr<Source>, std::less<>>;

  [[nodiscard]] Sources& sources(LineSource kind) { return kind == LineSource::kFile ? files_ : commands_; }
  [[nodiscard]] Source& open(LineSource kind, std::string_view name);

  std::function<bool()> should_stop_;
  Sources files_;
  Sources commands_;
};

}  // namespace hawk
