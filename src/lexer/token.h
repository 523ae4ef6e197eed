// Token: what the lexer makes of characters. Kinds are the rows of tokens.def.
#pragma once

#include <cstdint>
#include <string>

#include "support/source_file.h"

namespace hawk {

enum class TokenKind : std::uint8_t {
#define TOKEN(id, name, spelling) k##id,
#include "lexer/tokens.def"
#undef TOKEN
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  Span span;
  // Identifier, Variable, Map: the name without `$` or `@`. String: decoded. AttachPoint: as written.
  // Include: the path. Define: the name. Qualifier, CTypeWord: the word.
  std::string text = {};
  std::uint64_t integer = 0;  // Integer, Positional; Include: 1 if written with `<>`
  double real = 0;            // Float
  bool in_c = false;          // inside a C definition
};

// "open_paren", for `-d tokens`.
[[nodiscard]] const char* token_name(TokenKind kind);
// How a message calls a kind: "'('", "a name".
[[nodiscard]] const char* token_spelling(TokenKind kind);

}  // namespace hawk
