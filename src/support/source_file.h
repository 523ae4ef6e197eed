// Source text and positions in it. While compiling, a position is a byte offset (`Span`);
// line and column exist only when a message is printed.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace hawk {

using FileId = std::uint32_t;

// Bytes [begin, end) of one source file.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  FileId file = 0;
  // Which expansion of a macro or function put the text there (Sources::expansion); 0: it stands where it was written.
  std::uint32_t expansion = 0;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(begin, end, file, expansion);
  }
};

// The smallest span that covers both; they must lie in the same file.
[[nodiscard]] Span join(Span first, Span last);

// 1-based; columns count bytes.
struct LineColumn {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

class SourceFile {
 public:
  SourceFile(std::string name, std::string text);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] LineColumn position(std::uint32_t offset) const;
  // The text of a 1-based line without its line end.
  [[nodiscard]] std::string_view line(std::uint32_t number) const;

 private:
  std::string name_;
  std::string text_;
  std::vector<std::uint32_t> line_starts_;
};

// What was expanded, and where it was called: that place may itself be in an expansion.
struct Expansion {
  std::string name;
  Span call;
};

// All source files of one compilation, and the expansions in it. References stay valid while files are added.
class Sources {
 public:
  FileId add(std::string name, std::string text);
  [[nodiscard]] const SourceFile& get(FileId id) const { return files_[id]; }

  // The number for Span::expansion.
  std::uint32_t add_expansion(std::string name, Span call);
  // Null for 0.
  [[nodiscard]] const Expansion* expansion(std::uint32_t number) const;

 private:
  std::deque<SourceFile> files_;
  std::deque<Expansion> expansions_;
};

}  // namespace hawk
