// One pass over the finished tokens that settles what a bracket or an `if` begins, so that the grammar needs only one
// token of look-ahead:
//   OpenTypeParen                    `(` of a cast, or of sizeof and its like where the contents are a type
//   OpenBraceStatement, IfStatement  `{` and `if` where a statement begins; elsewhere they are part of an expression
//   Matches, MatchesNot              `=~` and `!~`, which scripts for bpftrace may have as `$x =~$y`, assigning a
//   complement OpenBraceLiteral                 `{` of a struct literal: `(struct x){ ... }`, and `{ .member = ...`
//   inside one
// It also limits how deeply brackets nest, which keeps every later stage within its stack.
#pragma once

#include <vector>

#include "lexer/token.h"
#include "support/diagnostics.h"

namespace hawk {

inline constexpr std::size_t kMaxBracketDepth = 256;

void disambiguate(std::vector<Token>& tokens, DiagSink& diagnostics);

}  // namespace hawk
