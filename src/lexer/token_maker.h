// From what the scanner found to tokens: names, decoded strings, values of numbers.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "lexer/scanner.h"
#include "lexer/token.h"
#include "support/diagnostics.h"

namespace hawk {

class TokenMaker {
 public:
  // `text` is what the scanner reads, `base` the offset in the file of its first byte.
  TokenMaker(std::string_view text, Span base, DiagSink& diagnostics);

  [[nodiscard]] std::string_view text(const RawToken& raw) const;
  // Words become Identifiers; whoever knows where they stand turns them into keywords. What is wrong with a token
  // is reported, and the token is Invalid. `is_pattern`: as ends_in_match() says.
  [[nodiscard]] Token make(const RawToken& raw, bool is_pattern = false);

 private:
  Token stray(const RawToken& raw);
  Token with_attach_point(Token token, std::string_view written);
  static Token with_integer(Span span, std::optional<std::uint64_t> value);
  Token with_float(Token token, std::string_view written);
  Token with_string(Token token, std::string_view written, bool is_pattern);
  Token with_position(Token token, std::string_view digits);

  std::string_view text_;
  Span base_;
  DiagSink& diagnostics_;
};

// The tokens of a `#define` body or an `#if` condition, without End; nullopt after reporting an error.
[[nodiscard]] std::optional<std::vector<Token>> lex_line(std::string_view text, Span span, DiagSink& diagnostics);

// A string here is the pattern of `=~` or `!~`.
[[nodiscard]] bool ends_in_match(const std::vector<Token>& tokens);

// Strings behind each other are one, as in C.
void join_strings(std::vector<Token>& tokens);

// `0.1` behind `.` or `->` is two tuple indices.
[[nodiscard]] bool ends_in_dot(const std::vector<Token>& tokens);

}  // namespace hawk
