// Which words are keywords depends on where they stand.
#pragma once

#include <string_view>

#include "lexer/token.h"

namespace hawk {

// At the beginning of a clause: the section the word opens, or AttachPoint.
[[nodiscard]] TokenKind section_keyword(std::string_view word);
// In statements and expressions: the keyword, or Identifier.
[[nodiscard]] TokenKind code_keyword(std::string_view word);
// In C definitions: the keyword, type word or qualifier, or Identifier.
[[nodiscard]] TokenKind c_keyword(std::string_view word);
// Whether C knows `#word`.
[[nodiscard]] bool is_directive_word(std::string_view word);

}  // namespace hawk
