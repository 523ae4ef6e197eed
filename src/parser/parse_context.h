// What the generated parser works on: the finished tokens and the Builder.
#pragma once

#include <string_view>
#include <vector>

#include "lexer/token.h"
#include "parser/builder.h"

namespace hawk {

class ParseContext {
 public:
  ParseContext(std::vector<Token> tokens, const SourceFile& source, DiagSink& diagnostics);

  // The next token; End after an error of the builder, so that parsing stops.
  const Token& next();
  // The grammar's number of a token's kind.
  [[nodiscard]] static int terminal(const Token& token);
  [[nodiscard]] Span start() const;
  [[nodiscard]] const std::vector<Token>& tokens() const { return tokens_; }
  // Index of the token that `next` has returned last.
  [[nodiscard]] std::size_t position() const { return next_ - 1; }

  [[nodiscard]] std::string_view source_text(Span span) const;

  // Reports that the token at `position()` does not fit; `expected` are the kinds that would.
  void report_unexpected(const std::vector<TokenKind>& expected);

  Builder build;

 private:
  std::vector<Token> tokens_;
  const SourceFile& source_;
  DiagSink& diagnostics_;
  std::size_t next_ = 0;
};

}  // namespace hawk
