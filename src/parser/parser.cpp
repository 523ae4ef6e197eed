#include "parser/parser.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "grammar.h"
#include "lexer/lexer.h"
#include "parser/parse_context.h"
#include "support/check.h"

namespace hawk {

namespace {

using grammar::Parser;

namespace symbol {
using enum Parser::symbol_kind::symbol_kind_type;
constexpr auto S_End = S_YYEOF;
}  // namespace symbol

constexpr Parser::symbol_kind_type kSymbols[] = {
#define TOKEN(id, name, spelling) symbol::S_##id,
#include "lexer/tokens.def"
#undef TOKEN
};

}  // namespace

ParseContext::ParseContext(std::vector<Token> tokens, const SourceFile& source, DiagSink& diagnostics)
    : build(diagnostics), tokens_(std::move(tokens)), source_(source), diagnostics_(diagnostics) {}

const Token& ParseContext::next() {
  if (build.failed() || next_ >= tokens_.size()) next_ = tokens_.size() - 1;
  return tokens_[next_++];
}

int ParseContext::terminal(const Token& token) {
  return static_cast<int>(kSymbols[static_cast<std::size_t>(token.kind)]);
}

Span ParseContext::start() const {
  Span span = tokens_.front().span;
  return {span.begin, span.begin, span.file};
}

std::string_view ParseContext::source_text(Span span) const {
  return std::string_view(source_.text()).substr(span.begin, span.end - span.begin);
}

void grammar::Parser::report_syntax_error(const context& state) const {
  symbol_kind_type symbols[std::size(kSymbols)];
  int count = state.expected_tokens(symbols, static_cast<int>(std::size(kSymbols)));
  std::vector<TokenKind> expected;
  for (std::size_t i = 0; i < std::size(kSymbols); ++i) {
    if (std::find(symbols, symbols + count, kSymbols[i]) != symbols + count)
      expected.push_back(static_cast<TokenKind>(i));
  }
  source.report_unexpected(expected);
}

// Only for failures of the generated parser itself (its stack is a vector: there are none).
void grammar::Parser::error(const Span& span, const std::string& message) {
  report_bug("grammar.yy", static_cast<int>(span.begin), "no parser failure", message);
}

ast::Program parse(const Sources& sources, FileId file, const ParseOptions& options, DiagSink& diagnostics) {
  const SourceFile& source = sources.get(file);
  DiagSink lexical;
  std::vector<Token> tokens = lex(source, file, lexical, {.have_btf = options.have_btf});
  DiagSink syntactic;
  ParseContext context(std::move(tokens), source, syntactic);
  Parser parser(context);
  bool ok = parser.parse() == 0 && !syntactic.has_errors();
  // A syntax error before the place where the lexer gave up is the cause.
  diagnostics.append(syntactic.has_errors() ? syntactic : lexical);
  ast::Program program;
  if (ok && !lexical.has_errors()) program = std::move(context.build.program());
  program.file = file;
  return program;
}

}  // namespace hawk
