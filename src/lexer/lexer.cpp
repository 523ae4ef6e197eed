#include "lexer/lexer.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "lexer/directive.h"
#include "lexer/disambiguate.h"
#include "lexer/keywords.h"
#include "lexer/scanner.h"
#include "lexer/token_maker.h"

namespace hawk {

namespace {

using Kind = TokenKind;

bool skip_comment(std::string_view text, std::size_t& at) {
  if (text.substr(at, 2) == "//") {
    at = std::min(text.find('\n', at), text.size());
    return true;
  }
  if (text.substr(at, 2) != "/*") return false;
  std::size_t end = text.find("*/", at + 2);
  at = end == std::string_view::npos ? text.size() : end + 2;
  return true;
}

// What follows blanks and comments.
std::string_view next_significant(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    if (std::isspace(static_cast<unsigned char>(text[at])) != 0) {
      ++at;
    } else if (!skip_comment(text, at)) {
      break;
    }
  }
  return text.substr(at);
}

std::string_view trimmed(std::string_view text) {
  std::size_t first = text.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view() : text.substr(first);
}

// A name or keyword.
bool is_word(const Token& token) {
  return !token.text.empty() && token.kind != Kind::kString && token.kind != Kind::kInteger;
}

class Lexer {
 public:
  Lexer(const SourceFile& file, FileId id, DiagSink& diagnostics, const LexOptions& options)
      : text_(file.text()),
        file_(id),
        diagnostics_(diagnostics),
        start_(shebang_length(text_)),
        scanner_(std::string_view(text_).substr(start_), start_),
        maker_(text_, {0, 0, id}, diagnostics),
        conditionals_(diagnostics, lex_line, c_text_) {
    c_text_.headers = options.headers;
    if (options.have_btf) define_one("BPFTRACE_HAVE_BTF");
    std::size_t slash = file.name().rfind('/');
    if (slash != std::string::npos) c_text_.section.directories.push_back(file.name().substr(0, slash + 1));
  }

  LexedFile run() {
    for (;;) {
      RawToken raw = scanner_.next(mode(), ends_in_dot(tokens_));
      if (raw.kind == kRawDirective) {
        directive(raw);
      } else {
        take(maker_.make(raw, ends_in_match(tokens_)));
      }
      if (!tokens_.empty() && tokens_.back().kind == Kind::kEnd) break;
      if (diagnostics_.has_errors()) break;
    }
    if (auto comment = scanner_.unclosed_comment()) {
      diagnostics_.report(Diag::UnclosedComment, Span{*comment, *comment + 2, file_});
    }
    if (!diagnostics_.has_errors()) conditionals_.finish();
    if (diagnostics_.has_errors()) end_invalid();
    disambiguate(tokens_, diagnostics_);
    return {.tokens = std::move(tokens_), .c_section = std::move(c_text_.section)};
  }

 private:
  enum class Section : std::uint8_t {
    kTop,          // between clauses and in lists of attach points
    kDeclaration,  // behind import, let, macro, fn, config: up to `;` or `{`
    kPredicate,
    kBody,        // inside the braces of a clause, macro, function or config block
    kDefinition,  // a C definition
  };

  static std::uint32_t shebang_length(std::string_view text) {
    if (!text.starts_with("#!")) return 0;
    return static_cast<std::uint32_t>(std::min(text.find('\n'), text.size()));
  }

  [[nodiscard]] ScanMode mode() const {
    if (!conditionals_.active()) return ScanMode::kSkip;
    return section_ == Section::kTop ? ScanMode::kTop : ScanMode::kCode;
  }

  // One Invalid token where the reported error is; nothing behind it counts.
  void end_invalid() {
    if (tokens_.empty() || (tokens_.back().kind != Kind::kInvalid)) {
      tokens_.push_back({.kind = Kind::kInvalid, .span = diagnostics_.all().back().span});
    }
    tokens_.push_back({.kind = Kind::kEnd, .span = tokens_.back().span});
  }

  // In a C definition a name that stands for words (a type, an attribute) or nothing is replaced, as a C preprocessor
  // does it; other names are values, found later.
  void take(Token token) {
    bool replaced = section_ == Section::kDefinition && token.kind == Kind::kIdentifier &&
                    c_text_.macros.find(token.text) != nullptr;
    if (!replaced) return accept(std::move(token));
    std::vector<Token> parts = c_text_.macros.expand(token);
    if (!parts.empty() && !is_word(parts.front())) return accept(std::move(token));
    for (Token& part : parts) accept(std::move(part));
  }

  void accept(Token token) {
    if (token.kind == Kind::kIdentifier && !ends_in_dot(tokens_)) {
      token.kind = section_ == Section::kDefinition ? c_keyword(token.text) : code_keyword(token.text);
    }
    token.in_c = section_ == Section::kDefinition;
    switch (section_) {
      case Section::kTop: follow_top(token); break;
      case Section::kDeclaration: follow_declaration(token); break;
      case Section::kPredicate: follow_predicate(token); break;
      case Section::kBody: follow_body(token); break;
      case Section::kDefinition: follow_definition(token); break;
    }
    tokens_.push_back(std::move(token));
  }

  void enter(Section section, std::size_t braces) {
    section_ = section;
    braces_ = braces;
    brackets_ = 0;
    body_closed_ = false;
    clause_start_ = section == Section::kTop;
  }

  void follow_top(Token& token) {
    if (token.kind == Kind::kOpenBrace) return enter(Section::kBody, 1);
    if (token.kind == Kind::kSlash) {
      token.kind = Kind::kPredicateBegin;
      return enter(Section::kPredicate, 0);
    }
    bool first = std::exchange(clause_start_, false);
    if (token.kind != Kind::kAttachPoint || !first) return;
    token.kind = section_keyword(token.text);
    if (token.kind == Kind::kAttachPoint) return;
    bool definition = c_keyword(token.text) != Kind::kIdentifier;
    enter(definition ? Section::kDefinition : Section::kDeclaration, 0);
    token.in_c = definition;
    is_typedef_ = token.kind == Kind::kTypedef;
  }

  void follow_declaration(const Token& token) {
    if (token.kind == Kind::kOpenBrace) return enter(Section::kBody, 1);
    if (token.kind == Kind::kSemicolon) enter(Section::kTop, 0);
  }

  void follow_body(const Token& token) {
    if (token.kind == Kind::kOpenBrace) ++braces_;
    if (token.kind == Kind::kCloseBrace && --braces_ == 0) enter(Section::kTop, 0);
  }

  void follow_predicate(Token& token) {
    count_brackets(token);
    if (token.kind != Kind::kSlash || brackets_ != 0 || braces_ != 0) return;
    if (!next_significant(text_, token.span.end).starts_with('{')) return;
    token.kind = Kind::kPredicateEnd;
    enter(Section::kTop, 0);
    clause_start_ = false;
  }

  void follow_definition(const Token& token) {
    count_brackets(token);
    if (braces_ != 0 || brackets_ != 0) return;
    if (token.kind == Kind::kSemicolon) return enter(Section::kTop, 0);
    if (token.kind == Kind::kCloseBrace) body_closed_ = true;
    if (is_typedef_ || !body_closed_ || token.kind == Kind::kAttribute) return;
    std::string_view next = next_significant(text_, token.span.end);
    if (!next.starts_with(';') && !next.starts_with("__attribute")) enter(Section::kTop, 0);
  }

  void count_brackets(const Token& token) {
    if (token.kind == Kind::kOpenBrace) ++braces_;
    if (token.kind == Kind::kCloseBrace && braces_ > 0) --braces_;
    if (token.kind == Kind::kOpenParen || token.kind == Kind::kOpenBracket) ++brackets_;
    if ((token.kind == Kind::kCloseParen || token.kind == Kind::kCloseBracket) && brackets_ > 0) --brackets_;
  }

  void directive(const RawToken& raw) {
    Directive directive = split_directive(maker_.text(raw), raw.begin, file_);
    if (conditionals_.follow(directive) || !conditionals_.active()) return;
    if (directive.name == "error") {
      diagnostics_.report(Diag::ErrorDirective, directive.arguments_span, directive.arguments);
    } else if (directive.name == "warning") {
      diagnostics_.report(Diag::WarningDirective, directive.arguments_span, directive.arguments);
    } else if (directive.name == "pragma" && directive.arguments == "once") {
      return;  // every script is read once
    } else if (section_ != Section::kTop && section_ != Section::kDefinition) {
      refuse_directive(Diag::MisplacedDirective, directive);
    } else if (directive.name == "define" || directive.name == "undef") {
      define(directive);
    } else if (directive.name == "include") {
      include(directive);
    } else {
      refuse_directive(Diag::UnknownDirective, directive);
    }
  }

  // `# text` and `#text` are comments elsewhere.
  void refuse_directive(Diag id, const Directive& directive) {
    auto& report = diagnostics_.report(id, directive.name_span, directive.name);
    if (!is_directive_word(directive.name)) report.help = "comments begin with `//`";
  }

  void define_one(const char* name) {
    c_text_.macros.define(name, {.body = {{.kind = Kind::kInteger, .span = {0, 0, file_}, .text = "1", .integer = 1}}});
  }

  void define(const Directive& directive) {
    std::string_view rest = directive.arguments;
    std::size_t length = 0;
    while (length < rest.size() && (std::isalnum(static_cast<unsigned char>(rest[length])) != 0 || rest[length] == '_'))
      ++length;
    if (length == 0 || std::isdigit(static_cast<unsigned char>(rest[0])) != 0) {
      diagnostics_.report(Diag::MalformedDirective, directive.name_span, directive.name, "a name");
      return;
    }
    std::string name(rest.substr(0, length));
    Span name_span = directive.arguments_span;
    name_span.end = name_span.begin + static_cast<std::uint32_t>(length);
    c_text_.section.lines.push_back({name_span, fmt::format("#{} {}", directive.name, rest)});
    if (directive.name == "undef") {
      c_text_.macros.undefine(name);
      return add_define(name_span, std::move(name), {}, {});
    }
    CMacros::Macro macro{.has_parameters = length < rest.size() && rest[length] == '('};
    DiagSink ignored;  // a body that is nothing to hawk matters only where it is used
    Span body_span{name_span.end, directive.arguments_span.end, file_};
    if (!macro.has_parameters)
      macro.body = lex_line(rest.substr(length), body_span, ignored).value_or(std::vector<Token>{});
    join_strings(macro.body);
    add_define(name_span, name, macro, trimmed(rest.substr(length)));
    c_text_.macros.define(std::move(name), std::move(macro));
  }

  // Define, the body, DefineEnd; no body and no `written` text takes the name away.
  void add_define(Span span, std::string name, const CMacros::Macro& macro, std::string_view written) {
    Span end = {span.end, span.end, file_};
    if (!macro.body.empty()) end.begin = end.end = macro.body.back().span.end;
    tokens_.push_back(
        {.kind = Kind::kDefine, .span = span, .text = std::move(name), .integer = macro.has_parameters ? 1U : 0U});
    tokens_.insert(tokens_.end(), macro.body.begin(), macro.body.end());
    tokens_.push_back({.kind = Kind::kDefineEnd, .span = end, .text = std::string(written)});
  }

  void include(const Directive& directive) {
    std::string_view rest = directive.arguments;
    bool angled = rest.starts_with('<');
    std::size_t end = rest.find(angled ? '>' : '"', 1);
    if ((!angled && !rest.starts_with('"')) || end == std::string_view::npos || end == 1) {
      diagnostics_.report(Diag::MalformedDirective, directive.name_span, directive.name, "<file> or \"file\"");
      return;
    }
    c_text_.section.lines.push_back({directive.arguments_span, fmt::format("#include {}", rest)});
    c_text_.section.includes = true;
    tokens_.push_back({.kind = Kind::kInclude,
                       .span = directive.arguments_span,
                       .text = std::string(rest.substr(1, end - 1)),
                       .integer = angled ? 1U : 0U});
  }

  const std::string& text_;
  FileId file_;
  DiagSink& diagnostics_;
  std::uint32_t start_;
  Scanner scanner_;
  TokenMaker maker_;
  CText c_text_;
  Conditionals conditionals_;
  std::vector<Token> tokens_;
  Section section_ = Section::kTop;
  bool clause_start_ = true;
  bool is_typedef_ = false;
  bool body_closed_ = false;  // C definition: its braces are closed, attributes and `;` may follow
  std::size_t braces_ = 0;
  std::size_t brackets_ = 0;
};

}  // namespace

LexedFile lex_file(const SourceFile& file, FileId id, DiagSink& diagnostics, const LexOptions& options) {
  DiagSink own;
  LexedFile lexed = Lexer(file, id, own, options).run();
  diagnostics.append(own);
  return lexed;
}

std::vector<Token> lex(const SourceFile& file, FileId id, DiagSink& diagnostics, const LexOptions& options) {
  return lex_file(file, id, diagnostics, options).tokens;
}

std::string dump_tokens(const std::vector<Token>& tokens, const SourceFile& file) {
  std::string out;
  for (const Token& token : tokens) {
    std::string_view text = std::string_view(file.text()).substr(token.span.begin, token.span.end - token.span.begin);
    out += fmt::format("{} {}-{}{}{}\n", token_name(token.kind), token.span.begin, token.span.end,
                       text.empty() ? "" : " ", text);
  }
  return out;
}

}  // namespace hawk
