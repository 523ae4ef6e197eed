// StringBuilder: a string in working memory that grows piece by piece, up to its bound.
#pragma once

#include "codegen/string_walk.h"

namespace hawk {

class StringBuilder {
 public:
  // `size`: bytes, NUL included; what does not fit is cut.
  StringBuilder(Lowering& l, std::uint32_t size);

  // `count` bytes, at most `most`.
  void bytes(const Source& source, llvm::Value* count, std::uint32_t most);
  void literal(const std::string& text);
  // `count` times the character, at most `most` times.
  void fill(char character, llvm::Value* count, std::uint32_t most);
  // Up to the NUL, at most `most` characters; a bad address adds nothing.
  void string(const Source& source, std::uint32_t most);
  // Ends the string and writes it.
  void finish(const Characters& to);

  [[nodiscard]] std::uint32_t size() const { return size_; }
  [[nodiscard]] llvm::Value* length() const { return end_.get(0); }

 private:
  [[nodiscard]] llvm::Value* end_position() const;

  Lowering& l_;
  std::uint32_t size_;
  Place out_;  // twice the size: a piece may begin at the last byte
  Tally end_;
};

}  // namespace hawk
