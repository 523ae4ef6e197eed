#include "parser/parser.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "grammar.h"
#include "lexer/disambiguate.h"
#include "lexer/lexer.h"
#include "lexer/token_maker.h"
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

namespace {

// A `#define` alone, from `first` to its end.
std::optional<ast::Program> parse_define(std::vector<Token> tokens, const SourceFile& source) {
  tokens.push_back({.kind = TokenKind::kEnd, .span = tokens.back().span});
  DiagSink ignored;
  ParseContext context(std::move(tokens), source, ignored);
  if (Parser(context).parse() != 0 || ignored.has_errors()) return std::nullopt;
  return std::move(context.build.program());
}

// Takes the bodies that are no expressions out of the tokens: what they are for is C's business.
std::vector<Token> without_c_bodies(std::vector<Token> tokens, const SourceFile& source) {
  std::vector<Token> kept;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    auto end = tokens.begin() + static_cast<std::ptrdiff_t>(i);
    bool defines = tokens[i].kind == TokenKind::kDefine;
    if (defines)
      end = std::find_if(end, tokens.end(), [](const Token& token) { return token.kind == TokenKind::kDefineEnd; });
    bool constant = !defines || end == tokens.end() ||
                    parse_define({tokens.begin() + static_cast<std::ptrdiff_t>(i), end + 1}, source);
    kept.push_back(std::move(tokens[i]));
    if (!constant) i = static_cast<std::size_t>(end - tokens.begin()) - 1;
  }
  return kept;
}

}  // namespace

ast::ExprPtr parse_constant(std::string_view text, Span span) {
  DiagSink ignored;
  auto body = lex_line(text, {0, 0, span.file}, ignored);
  if (!body || body->empty()) return nullptr;
  join_strings(*body);
  std::vector<Token> tokens = {{.kind = TokenKind::kDefine, .span = span}};
  tokens.insert(tokens.end(), std::make_move_iterator(body->begin()), std::make_move_iterator(body->end()));
  tokens.push_back({.kind = TokenKind::kDefineEnd, .span = span});
  for (Token& token : tokens) token.span = span;
  disambiguate(tokens, ignored);
  SourceFile nowhere("", std::string(span.end, ' '));
  std::optional<ast::Program> program = parse_define(std::move(tokens), nowhere);
  return program ? std::move(std::get<ast::CDefine>(program->definitions.at(0).node).value) : nullptr;
}

ast::Program parse(const Sources& sources, FileId file, const ParseOptions& options, DiagSink& diagnostics) {
  const SourceFile& source = sources.get(file);
  DiagSink lexical;
  LexedFile lexed = lex_file(source, file, lexical, {.have_btf = options.have_btf, .headers = options.headers});
  DiagSink syntactic;
  ParseContext context(without_c_bodies(std::move(lexed.tokens), source), source, syntactic);
  Parser parser(context);
  bool ok = parser.parse() == 0 && !syntactic.has_errors();
  // A syntax error before the place where the lexer gave up is the cause.
  if (!syntactic.has_errors() || !lexical.has_errors()) diagnostics.append(lexical);
  diagnostics.append(syntactic);
  ast::Program program;
  if (ok && !lexical.has_errors()) program = std::move(context.build.program());
  program.file = file;
  program.c_section = std::move(lexed.c_section);
  return program;
}

}  // namespace hawk
