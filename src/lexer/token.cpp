#include "lexer/token.h"

#include <iterator>

#include "support/check.h"

namespace hawk {

namespace {

struct Row {
  const char* name;
  const char* spelling;
};

constexpr Row kTokenRows[] = {
#define TOKEN(id, name, spelling) {name, spelling},
#include "lexer/tokens.def"
#undef TOKEN
};

const Row& row(TokenKind kind) {
  auto index = static_cast<std::size_t>(kind);
  HAWK_CHECK(index < std::size(kTokenRows), "unknown token kind");
  return kTokenRows[index];
}

}  // namespace

const char* token_name(TokenKind kind) { return row(kind).name; }
const char* token_spelling(TokenKind kind) { return row(kind).spelling; }

}  // namespace hawk
