// Scanner: the generated flex automaton behind a plain interface. It knows how characters group in each mode, not
// which mode is right; lexer.cpp decides that.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace hawk {

enum class ScanMode : std::uint8_t {
  kTop,   // attach points: text up to a blank, `{`, `,` or a `/` that is not part of a path
  kCode,  // statements, expressions, C definitions
  kSkip,  // the untaken branch of `#if`: only directives are seen
};

// What the scanner returns: a TokenKind that needs no further reading, or one of these.
inline constexpr int kRawDirective = 256;  // a whole `#...` line, continuation lines included
inline constexpr int kRawNumber = 257;
inline constexpr int kRawFloat = 258;
inline constexpr int kRawString = 259;
inline constexpr int kRawCharacter = 260;
inline constexpr int kRawUnterminatedString = 261;
inline constexpr int kRawStray = 262;  // a byte that begins nothing
inline constexpr int kRawWord = 263;

struct RawToken {
  int kind = 0;
  std::uint32_t begin = 0;  // bytes from the beginning of the scanned text, plus `base`
  std::uint32_t end = 0;
};

struct ScanState {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool after_dot = false;
  std::optional<std::uint32_t> unclosed = {};  // where a comment begins that is never closed
};

class Scanner {
 public:
  Scanner(std::string_view text, std::uint32_t base);
  Scanner(const Scanner&) = delete;
  Scanner& operator=(const Scanner&) = delete;
  ~Scanner();

  // `after_dot`: the last token was `.` or `->`, so that `0.1` is two tuple indices and not a number.
  [[nodiscard]] RawToken next(ScanMode mode, bool after_dot);
  // The comment that runs to the end of the text because nothing closes it; known once End has been read.
  [[nodiscard]] std::optional<std::uint32_t> unclosed_comment() const { return state_.unclosed; }

 private:
  ScanState state_;
  void* flex_ = nullptr;
};

// Length of the attach point at the beginning of `text` (which holds no blank, `{` or `,` outside quotes):
// up to a `/` that cannot be part of a path.
[[nodiscard]] std::size_t attach_point_length(std::string_view text);

}  // namespace hawk
