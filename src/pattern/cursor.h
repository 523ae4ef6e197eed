// Cursor: where a parser of patterns stands, and how it points at what is wrong.
#pragma once

#include <optional>
#include <string_view>

#include "pattern/characters.h"
#include "pattern/pattern.h"

namespace hawk::pattern {

class Cursor {
 public:
  Cursor(const Source& source, DiagSink& diagnostics) : source_(source), diagnostics_(diagnostics) {}

  [[nodiscard]] bool at_end() const { return at_ >= source_.text.size(); }
  [[nodiscard]] std::size_t position() const { return at_; }
  void move_to(std::size_t position) { at_ = position; }
  [[nodiscard]] std::string_view rest() const { return source_.text.substr(at_); }
  [[nodiscard]] char peek() const { return at_end() ? '\0' : source_.text[at_]; }
  [[nodiscard]] bool sees(std::string_view text) const { return rest().starts_with(text); }
  // Goes past `text` if it stands here.
  [[nodiscard]] bool accept(std::string_view text) {
    if (!sees(text)) return false;
    at_ += text.size();
    return true;
  }
  [[nodiscard]] Symbol take() {
    DecodedSymbol next = decode(rest());
    at_ += next.bytes;
    return next.symbol;
  }
  [[nodiscard]] std::string_view from(std::size_t begin) const { return source_.text.substr(begin, at_ - begin); }

  // Reports what stands from `begin` to here; `arguments` are the row's.
  template <class... Args>
  Diagnostic& report(Diag id, std::size_t begin, const Args&... arguments) {
    Span span = source_.span;
    if (source_.verbatim) {
      span.begin += 1 + static_cast<std::uint32_t>(begin);
      span.end = source_.span.begin + 1 + static_cast<std::uint32_t>(at_);
    }
    return diagnostics_.report(id, span, arguments...);
  }

 private:
  const Source& source_;
  DiagSink& diagnostics_;
  std::size_t at_ = 0;
};

// How a bracket expression is written.
struct BracketStyle {
  bool glob = false;  // `!` negates too, a backslash quotes, and without `]` the `[` is an ordinary character
};

// Behind `[`: the set. nullopt after a diagnostic, and for a glob's `[` without `]`, with the cursor where it was.
struct Bracket {
  std::optional<CharacterSet> set;
  bool is_character = false;  // a glob's `[` that stands for itself
};
[[nodiscard]] Bracket parse_bracket(Cursor& cursor, BracketStyle style, bool ignore_case);

}  // namespace hawk::pattern
