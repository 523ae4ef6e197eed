// What to write instead of what other languages have: found in the tokens around a syntax error.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lexer/token.h"

namespace hawk {

// Tokens and the one that does not fit.
struct SyntaxErrorPlace {
  const std::vector<Token>& tokens;
  std::size_t at;
  std::string_view source;
};

struct SyntaxHint {
  std::string help;
  std::size_t at;             // the token that is wrong, where it is another than the one that does not fit
  const char* expected = "";  // what belongs there; empty if what the grammar expects says it
};

[[nodiscard]] std::optional<SyntaxHint> find_syntax_hint(const SyntaxErrorPlace& place);

// The innermost bracket still open before token `position`, or null.
[[nodiscard]] const Token* unclosed_bracket(const std::vector<Token>& tokens, std::size_t position);
// Whether `close` is the bracket for `open`.
[[nodiscard]] bool closes(TokenKind open, TokenKind close);

}  // namespace hawk
